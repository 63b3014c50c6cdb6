from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.landing.large import (
    MB,
    cost_of,
    write_json,
    write_json_lines,
    write_xml,
)

MEGABYTES = 20


@pytest.mark.parametrize(
    ("write", "suffix", "rows_a_mb"),
    [(write_xml, ".xml", 800), (write_json, ".json", 5_000),
     (write_json_lines, ".json", 5_000)],
)  # fmt: skip
def test_a_large_document_is_never_in_memory(
    tmp_path: Path, write: Callable[[Path, int], None], suffix: str, rows_a_mb: int
) -> None:
    cost = cost_of(write, suffix, MEGABYTES, tmp_path)
    assert cost.size >= MEGABYTES * MB
    assert cost.rows > MEGABYTES * rows_a_mb
    # Less than the text alone, which would be several times as much as objects; a
    # block or two of a megabyte is what reading needs. 500 MB take no more.
    assert cost.reading < MEGABYTES
    assert cost.peak < 500
