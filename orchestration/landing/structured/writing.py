"""Rows of records as lines of the work file that the careful reading takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from orchestration.landing.cleaning import BLANKS, Cleaned
from orchestration.landing.privacy import is_personal_name
from orchestration.landing.records import LONGEST_LINE
from orchestration.landing.specs import ReportSpec
from orchestration.landing.structured.flattening import ODD_NAME, OTHERS, plain_number
from orchestration.landing.structured.limits import MOST_NAMES, too_deep
from orchestration.landing.structured.records import (
    LINE,
    UNKNOWN,
    BrokenRecordError,
    Family,
    Record,
    Row,
)

LONGEST_CODE = 64
NAME = re.compile(r"[a-z0-9_.]{1,80}(@[a-z0-9_]{1,40})?")
AWAY = BLANKS | {ord("\r"): " ", 0: " "}


@dataclass
class Writer:
    """Writes rows, each after the number of its line and its own.

    Attributes:
        spec: The report.
        cleaned: The work files and what is in them.
        unknown: Names of unknown fields, in the order in which they come.
        personal: Names of fields that do not land because they tell of a person.
        has_own_lines: Whether every row so far begins on a line below the one before.
    """

    spec: ReportSpec
    cleaned: Cleaned
    unknown: dict[str, None] = field(default_factory=dict)
    personal: dict[str, None] = field(default_factory=dict)
    has_own_lines: bool = True
    _last_line: int = 0
    _columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._columns = tuple(column.name for column in self.spec.columns)

    def write(self, records: Iterable[Record], family: Family) -> None:
        """Write the rows of all records.

        Raises:
            Refusal: A reader or a limit refuses the document.
        """
        with (
            _opened(self.cleaned.lines) as lines,
            _opened(self.cleaned.rejects) as rejects,
        ):
            try:
                for record in records:
                    for row in _rows(record, family):
                        self._write(row, record.line, lines, rejects)
            except RecursionError as error:
                raise too_deep() from error

    def _write(
        self, row: Row | BrokenRecordError, line: int, lines: TextIO, rejects: TextIO
    ) -> None:
        self.cleaned.rows += 1
        try:
            if isinstance(row, BrokenRecordError):
                raise row
            line = row.get(LINE) or line
            text = self._text(row)
        except BrokenRecordError as error:
            rejects.write(f"{line}\t{self.cleaned.rows}\t{error}\n")
        else:
            lines.write(f"{line}\t{self.cleaned.rows}\t{text}\n")
            self.cleaned.kept += 1
        self.has_own_lines = self.has_own_lines and line > self._last_line
        self._last_line = line

    def _text(self, row: Row) -> str:
        """Return the fields of a row; unknown ones as an object after the others."""
        get = row.get
        fields = [
            ""
            if (value := get(name)) is None
            else value
            if type(value) is str
            else _plain(name, value)
            for name in self._columns
        ]
        fields.append(self._unknown(row[UNKNOWN]) if UNKNOWN in row else "")
        text = "\t".join(fields)
        if (
            text.count("\t") > len(self._columns)
            or "\n" in text
            or "\r" in text
            or "\0" in text
        ):
            text = "\t".join([item.translate(AWAY) for item in fields])
        if _is_too_long(text):
            raise BrokenRecordError("the row is longer than 1 MiB")
        return text

    def _unknown(self, values: dict[str, str]) -> str:
        kept = {}
        for name, value in values.items():
            if name not in self.unknown and name not in self.personal:
                name = self._noted(name)
            if name in self.unknown and value:
                # No code is longer, and what is none does not land.
                kept[name] = value if len(value) <= LONGEST_CODE else "(text)"
        return json.dumps(kept, ensure_ascii=False) if kept else ""

    def _noted(self, name: str) -> str:
        """Note an unknown field's name, or why it has none; return what is noted."""
        is_personal = self._is_personal(name)
        if name != OTHERS and not NAME.fullmatch(name):
            # Such a name may itself be somebody's, such as an address.
            name, is_personal = ODD_NAME, True
        names = self.personal if is_personal else self.unknown
        if name not in names and len(names) >= MOST_NAMES:
            name = OTHERS
        if name == OTHERS:
            names = self.personal
        names[name] = None
        return name

    def _is_personal(self, name: str) -> bool:
        """Say whether a field, or what it stands in, is or smells of a person's."""
        outer = name.partition(".")[0]
        return outer in self.spec.personal_columns or is_personal_name(
            name.replace(".", "_")
        )


def _opened(path: Path) -> TextIO:
    # Half of a surrogate pair, which JSON can name, is no text: a question mark.
    return path.open("w", encoding="utf-8", errors="replace", newline="\n")


def _rows(record: Record, family: Family) -> Iterator[Row | BrokenRecordError]:
    if isinstance(record.value, BrokenRecordError):
        yield record.value
    else:
        yield from family.rows(record)


def _is_too_long(text: str) -> bool:
    return (
        len(text) > LONGEST_LINE // 4
        and len(text.encode("utf-8", "replace")) > LONGEST_LINE
    )


def _plain(column: str, value: Any) -> str:
    """Return a number or a truth value as the text of one field."""
    if isinstance(value, dict | list):
        raise BrokenRecordError(f"{column} has several values where one belongs")
    if isinstance(value, Decimal):
        return plain_number(str(value))
    return json.dumps(value) if isinstance(value, bool) else str(value)
