"""One generated inbox for all tests that only read, and plain readers of its files."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.demo.generator import DemoSummary, generate

ORDER_LINES = 10_000
SEED = 20_261
Row = dict[str, str]


@dataclass(frozen=True)
class Demo:
    """A generated folder and plain ways to read it."""

    out: Path
    summary: DemoSummary

    @property
    def inbox(self) -> Path:
        return self.out / "inbox"

    @property
    def expectations(self) -> dict[str, Any]:
        text = (self.out / "truth" / "expectations.json").read_text("utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def truth(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of a query over the truth tables, named after their files."""
        with duckdb.connect() as connection:
            for path in (self.out / "truth").glob("*.parquet"):
                connection.execute(f"create view {path.stem} as from '{path}'")
            return connection.execute(query).fetchall()

    def lines(self, label: str) -> list[str]:
        """Return the lines of a document, whatever separates its fields."""
        path = self.inbox / label
        if path.suffix in {".csv", ".xml"}:
            return path.read_text("utf-8").split("\n")
        return dict(self.documents())[label].split("\n")

    def table(self, path: str) -> list[Row]:
        """Return the well-formed rows of a comma-separated document."""
        bad = set(self.truth("select file_name, line_number from rejects"))
        names, *rows = read_csv(self.inbox / path)
        return [
            dict(zip(names, row, strict=True))
            for number, row in enumerate(rows, start=2)
            if (path, number) not in bad
        ]

    def documents(self, *needed: str) -> Iterator[tuple[str, str]]:
        """Yield label and text of each delimited document that has these columns.

        The compressed copy is left out: it is the same document.
        """
        for label, content in sorted(self._contents()):
            header = content.split("\n", 1)[0].split("\t")
            if set(needed) <= {name.strip() for name in header}:
                yield label, content

    def rows(self, *needed: str) -> Iterator[tuple[str, int, Row]]:
        """Yield label, line number and fields of every well-formed row."""
        bad = set(self.truth("select file_name, line_number from rejects"))
        for label, content in self.documents(*needed):
            lines = content.removesuffix("\n").split("\n")
            names = lines[0].split("\t")
            for number, line in enumerate(lines[1:], start=2):
                if (label, number) not in bad:
                    fields = line.split("\t")
                    assert len(fields) == len(names), (label, number)
                    yield label, number, dict(zip(names, fields, strict=True))

    def _contents(self) -> Iterator[tuple[str, str]]:
        for path in self.inbox.rglob("*"):
            label = path.relative_to(self.inbox).as_posix()
            if path.suffix in {".txt", ".tsv"}:
                yield label, decode(path.read_bytes(), label)
            elif path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        content = decode(archive.read(name), label)
                        yield f"{label}!{name}", content


def decode(data: bytes, label: str) -> str:
    """Read a document line by line as landing's ladder says, without landing."""
    other = "cp932" if "/JP/" in label else "cp1252"
    lines = []
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode(other))
    return "\n".join(lines).replace("\r\n", "\n")


def read_gzip(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo")
    return Demo(out, generate(out, ORDER_LINES, SEED))
