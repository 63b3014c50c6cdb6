from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.demo.errors import DemoError
from orchestration.demo.generator import generate

PEAK = """
import resource, sys
from pathlib import Path
from orchestration.demo.generator import generate
generate(Path(sys.argv[1]), int(sys.argv[2]), 1, chunk_lines=4_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def digests(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file()
    }


def test_same_seed_gives_same_bytes_however_the_work_is_cut(tmp_path: Path) -> None:
    generate(tmp_path / "whole", 4_000, 3)
    generate(tmp_path / "cut", 4_000, 3, chunk_lines=1_504)
    assert digests(tmp_path / "whole") == digests(tmp_path / "cut")


def test_another_seed_gives_another_business(tmp_path: Path) -> None:
    generate(tmp_path / "three", 500, 3)
    generate(tmp_path / "four", 500, 4)
    three, four = digests(tmp_path / "three"), digests(tmp_path / "four")
    same = {name for name, digest in three.items() if four.get(name) == digest}
    # Both sellers pulled the same reports, and some hold a header only.
    assert three.keys() == four.keys()
    assert not [name for name in same if "settlements" in name]
    assert "truth/order_lines.parquet" not in same


def test_generating_again_replaces_the_earlier_generation(tmp_path: Path) -> None:
    generate(tmp_path, 100, 1)
    (tmp_path / "inbox" / "stray.txt").write_text("left over")
    summary = generate(tmp_path, 200, 1)
    assert not (tmp_path / "inbox" / "stray.txt").exists()
    found = json.loads((tmp_path / "truth" / "expectations.json").read_text())
    assert found["counts"]["order_lines"] == 200
    files = [path for path in (tmp_path / "inbox").rglob("*") if path.is_file()]
    assert summary.files == len(files)
    assert {path.name for path in tmp_path.iterdir()} == {"inbox", "truth"}


def test_one_order_line_is_enough(tmp_path: Path) -> None:
    generate(tmp_path, 1, 1)
    found = json.loads((tmp_path / "truth" / "expectations.json").read_text())
    assert found["counts"]["order_lines"] == 1


def test_progress_is_told_in_words(tmp_path: Path) -> None:
    heard: list[str] = []
    generate(tmp_path, 1_000, 1, heard.append, chunk_lines=500)
    assert "504 of 1,000 lines" in heard or "496 of 1,000 lines" in heard
    assert "1,000 of 1,000 lines" in heard


def test_a_folder_that_is_not_generated_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "mine.txt").write_text("a seller's own file")
    with pytest.raises(DemoError, match="is not generated data"):
        generate(tmp_path, 100, 1)
    assert (tmp_path / "inbox" / "mine.txt").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"inbox"}


def test_no_order_lines_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="At least one order line"):
        generate(tmp_path, 0, 1)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DemoError, match="cannot be written to"):
        generate(tmp_path / "file" / "demo", 100, 1)


def test_memory_does_not_grow_with_the_volume(tmp_path: Path) -> None:
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", PEAK, str(tmp_path / str(lines)), str(lines)],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for lines in (8_000, 32_000)
    ]
    assert peaks[1] < peaks[0] * 1.35
