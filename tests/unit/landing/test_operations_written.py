"""However an export is written, its rows land alike, and bad ones beside them too."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.settings import Home
from tests.unit.landing.test_operations import (
    KEY,
    NAMES,
    example,
    expected,
    table_of,
    values,
)
from tests.unit.landing.trial import Trial


def written(name: str, delimiter: str = ",", end: str = "\n") -> str:
    """An example as another program would write it."""
    text = example(name).read_text(encoding="utf-8")
    used = ";" if name == "exchange_rates" else ","
    rows = csv.reader(io.StringIO(text), delimiter=used)
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue()


WAYS: dict[str, Callable[[str], bytes]] = {
    "semicolons": lambda n: codecs.BOM_UTF8 + written(n, ";", "\r\n").encode(),
    "tabs": lambda n: written(n, "\t").encode(),
    "utf16": lambda n: written(n, ";").encode("utf-16"),
    "broken": lambda n: written(n).encode() + b'one,two\n"open,\n',
    "blank": lambda n: b"\n" + written(n).encode() + b"\r\n\r\n",
}


@pytest.fixture(scope="module")
def landed(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Every example in every way of writing it, landed in one run."""
    folder = tmp_path_factory.mktemp("written")
    shutil.copytree(empty_home, folder / "home")
    trial = Trial(folder / "inbox", Home(folder / "home"))
    for name in NAMES:
        for way, write in WAYS.items():
            trial.put(f"{name}-{way}/data.csv", write(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETURNS_PSEUDONYM_KEY", KEY.hex())
        trial.land()
    return trial


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_the_rows_are_those_of_the_example(landed: Trial, name: str, way: str) -> None:
    seller = f"{name}-{way}"
    rows = [r for r in landed.rows(table_of(name)) if r["_seller_id"] == seller]
    assert [values(row) for row in rows] == expected(name)
    (entry,) = [e for e in landed.ledger() if e["seller_id"] == seller]
    assert entry["rows_quarantined"] == (2 if way == "broken" else 0)
