"""Rows of text: where fields may be quoted, one row may cover several lines."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from orchestration.landing.encoding import Decoder, UnreadableBytesError

LONGEST_LINE = 1 << 20
# A quotation mark that has not closed by then never will: it is a stray one, and the
# rows after it must not be taken for its text.
MOST_LINES = 1000
Line = tuple[int, bytes | None]


class BrokenLineError(Exception):
    """A line that is no row; the message is the reason kept in the quarantine."""


def is_blank(line: bytes) -> bool:
    """Say whether a line holds nothing; one of tabs is a row, though a bad one."""
    return not line.strip(b" \r")


def decoded(line: bytes | None, decoder: Decoder) -> str:
    """Return a line's text; a carriage return inside it is a blank.

    Raises:
        BrokenLineError: It is no text, or too long to be a row.
    """
    if line is None:
        raise BrokenLineError("the line is longer than 1 MiB")
    if b"\0" in line:
        raise BrokenLineError("the line holds a NUL byte")
    try:
        return decoder.line(line.rstrip(b"\r")).replace("\r", " ")
    except UnreadableBytesError as error:
        raise BrokenLineError(
            f"the line is neither UTF-8 nor {decoder.fallback}"
        ) from error


def split(text: str, delimiter: str, quotes: Literal["data", "csv"]) -> list[str]:
    """Return the fields of one line, as a header is; [] if its quotes do not close."""
    if quotes == "data":
        return text.split(delimiter)
    try:
        return next(_parser(iter([text]), delimiter), [])
    except csv.Error:
        return []


def _parser(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    # The module's own limit is an eighth of the longest line that may be a row.
    csv.field_size_limit(LONGEST_LINE)
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


@dataclass
class QuotedRows:
    """The rows of a document with quoted fields, each with its first line's number.

    A row whose quotation marks do not close costs its first line alone: reading goes
    on with the line after it.
    """

    lines: Iterator[Line]
    delimiter: str
    decoder: Decoder
    _again: deque[Line] = field(default_factory=deque)

    def __iter__(self) -> Iterator[tuple[int, list[str] | BrokenLineError]]:
        """Yield every row's fields, or what is wrong with it."""
        while item := self._next():
            number, line = item
            if line is None or not is_blank(line):
                yield number, self._row(item)

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self.lines, None)

    def _row(self, first: Line) -> list[str] | BrokenLineError:
        taken = [first]
        try:
            return next(_parser(self._texts(taken), self.delimiter))
        except BrokenLineError as error:
            if len(taken) == 1:
                return error
        except csv.Error:
            pass
        self._again.extendleft(reversed(taken[1:]))
        return BrokenLineError("the line's quotation marks do not close")

    def _texts(self, taken: list[Line]) -> Iterator[str]:
        """Yield the first line's text, and of more lines as long as it is asked."""
        size = 0
        for line in self._wanted(taken):
            size += len(line or b"")
            if size > LONGEST_LINE:
                raise BrokenLineError("the row is longer than 1 MiB")
            yield decoded(line, self.decoder) + "\n"

    def _wanted(self, taken: list[Line]) -> Iterator[bytes | None]:
        yield taken[0][1]
        while len(taken) < MOST_LINES and (item := self._next()):
            taken.append(item)
            yield item[1]
