"""The careful reading: line by line, for documents that need it.

It turns a document into a work file in which every line has the same number of fields,
UTF-8 text and its own line number in front; what cannot be such a line is listed with
the reason, never with its text, for a broken line may show personal data anywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.encoding import Decoder, UnreadableBytesError
from orchestration.landing.recognition import Layout
from orchestration.landing.scan import BLOCK, Scan

LONGEST_LINE = 1 << 20


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
        for number, line in enumerate(_lines(scan), start=1):
            if number <= layout.header_line or (line is not None and is_blank(line)):
                continue
            result.rows += 1
            try:
                row = _row(line, layout, decoder)
            except BrokenLineError as error:
                rejects.write(f"{number}\t{error}\n")
                continue
            lines.write(f"{number}\t{row}\n".encode())
            result.kept += 1
    return result


class BrokenLineError(Exception):
    """A line that is no row; the message is the reason kept in the quarantine."""


def is_blank(line: bytes) -> bool:
    """Say whether a line holds nothing; one of tabs is a row, though a bad one."""
    return not line.strip(b" \r")


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


def _row(line: bytes | None, layout: Layout, decoder: Decoder) -> str:
    if line is None:
        raise BrokenLineError("the line is longer than 1 MiB")
    if b"\0" in line:
        raise BrokenLineError("the line holds a NUL byte")
    try:
        text = decoder.line(line.rstrip(b"\r")).replace("\r", " ")
    except UnreadableBytesError as error:
        raise BrokenLineError(
            f"the line is neither UTF-8 nor {decoder.fallback}"
        ) from error
    if text.strip() == layout.header.strip():
        raise BrokenLineError("the line repeats the header")
    if layout.spec.quotes == "data" and text.count("\t") == layout.width - 1:
        return text
    fields = _split(text, layout)
    while len(fields) > layout.width and not fields[-1].strip():
        fields.pop()
    if len(fields) != layout.width:
        raise BrokenLineError(
            f"the line has {len(fields)} fields where the header has {layout.width}"
        )
    return "\t".join(fields)


def _split(text: str, layout: Layout) -> list[str]:
    if layout.spec.quotes == "data":
        return text.split("\t")
    try:
        fields = next(csv.reader([text], delimiter="\t", strict=True))
    except csv.Error as error:
        raise BrokenLineError(
            f"the line's quotation marks do not close ({error})"
        ) from (error)
    if any("\t" in field or "\n" in field for field in fields):
        raise BrokenLineError("a field holds a tab between quotation marks")
    return fields
