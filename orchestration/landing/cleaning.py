"""The careful reading: line by line, for documents that need it.

It turns a document into a work file in which every line has the same number of fields,
UTF-8 text and its own line number in front; what cannot be such a line is listed with
the reason, never with its text, for a broken line may show personal data anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.encoding import Decoder
from orchestration.landing.layout import Layout
from orchestration.landing.records import (
    LONGEST_LINE,
    BrokenLineError,
    Line,
    QuotedRows,
    decoded,
    is_blank,
    split,
)
from orchestration.landing.scan import BLOCK, Scan

# What would end a field or a line of the work file is a blank in it.
BLANKS = str.maketrans("\t\n", "  ")


@dataclass
class Cleaned:
    """What the careful reading made of a document.

    Attributes:
        lines: Work file: line number, then the fields.
        rejects: Work file: line number and reason of every broken line.
        rows: Rows in the document: lines below the header that are not blank.
        kept: Those of them in ``lines``.
    """

    lines: Path
    rejects: Path
    rows: int = 0
    kept: int = 0


def clean(scan: Scan, layout: Layout, decoder: Decoder, scratch: Path) -> Cleaned:
    """Read a document line by line into work files under ``scratch``."""
    result = Cleaned(scratch / "lines.tsv", scratch / "broken.tsv")
    with (
        result.lines.open("wb") as lines,
        result.rejects.open("w", encoding="utf-8", newline="\n") as rejects,
    ):
        for number, row in _rows(scan, layout, decoder):
            result.rows += 1
            if isinstance(row, BrokenLineError):
                rejects.write(f"{number}\t{row}\n")
            else:
                lines.write(f"{number}\t{row}\n".encode())
                result.kept += 1
    return result


def _rows(
    scan: Scan, layout: Layout, decoder: Decoder
) -> Iterator[tuple[int, str | BrokenLineError]]:
    """Yield every row of a document as a line of the work file, or what is wrong."""
    lines = (
        item
        for item in enumerate(_lines(scan), start=1)
        if item[0] > layout.header_line
    )
    if layout.spec.quotes == "csv":
        yield from _quoted(lines, layout, decoder)
        return
    for number, line in lines:
        if line is None or not is_blank(line):
            yield number, _plain(line, layout, decoder)


def _quoted(
    lines: Iterator[Line], layout: Layout, decoder: Decoder
) -> Iterator[tuple[int, str | BrokenLineError]]:
    header = [x.strip() for x in split(layout.header, layout.delimiter, "csv")]
    for number, row in QuotedRows(lines, layout.delimiter, decoder):
        if isinstance(row, BrokenLineError):
            yield number, row
        elif _repeats(row, header):
            yield number, BrokenLineError("the line repeats the header")
        else:
            yield number, _joined(_without_breaks(row), layout)


def _repeats(row: list[str], header: list[str]) -> bool:
    return (
        row[0].strip("\ufeff ") == header[0]
        and [field.strip("\ufeff ") for field in row] == header
    )


def _without_breaks(row: list[str]) -> list[str]:
    # Most rows have none; looking at one text costs less than looking at each field.
    text = "\n".join(row)
    if "\t" not in text and text.count("\n") == len(row) - 1:
        return row
    return [field.translate(BLANKS) for field in row]


def _plain(
    line: bytes | None, layout: Layout, decoder: Decoder
) -> str | BrokenLineError:
    try:
        text = decoded(line, decoder)
    except BrokenLineError as error:
        return error
    if text.strip("\ufeff \t") == layout.header.strip(" \t"):
        return BrokenLineError("the line repeats the header")
    if text.count("\t") == layout.width - 1:
        return text
    return _joined(text.split("\t"), layout)


def _joined(fields: list[str], layout: Layout) -> str | BrokenLineError:
    while len(fields) > layout.width and not fields[-1].strip():
        fields.pop()
    if len(fields) != layout.width:
        return BrokenLineError(
            f"the line has {len(fields)} fields where the header has {layout.width}"
        )
    return "\t".join(fields)


def _lines(scan: Scan) -> Iterator[bytes | None]:
    """Yield every line without its end; ``None`` stands for one too long to be a row.

    Memory stays bounded: of an endless line only its first part is looked at.
    """
    with scan.source.open("rb") as file:
        rest, too_long = b"", False
        while block := file.read(BLOCK):
            first, *others = block.split(scan.separator)
            if not too_long:
                rest += first
            for line in others:
                yield None if too_long or len(rest) > LONGEST_LINE else rest
                rest, too_long = line, False
            if len(rest) > LONGEST_LINE:
                rest, too_long = b"", True
        if too_long:
            yield None
        elif rest:
            yield rest
