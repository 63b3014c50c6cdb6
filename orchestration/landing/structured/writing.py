"""Rows of records as lines of the work file that the careful reading takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TextIO

from orchestration.landing.cleaning import BLANKS, Cleaned
from orchestration.landing.privacy import is_personal_name
from orchestration.landing.records import LONGEST_LINE
from orchestration.landing.specs import ReportSpec
from orchestration.landing.structured.flattening import plain_number
from orchestration.landing.structured.limits import MOST_NAMES, too_deep
from orchestration.landing.structured.records import (
    LINE,
    UNKNOWN,
    BrokenRecordError,
    Family,
    Record,
    Row,
)

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

    def write(self, records: Iterable[Record], family: Family) -> None:
        """Write the rows of all records.

        Raises:
            Refusal: A reader or a limit refuses the document.
        """
        with (
            self.cleaned.lines.open("w", encoding="utf-8", newline="\n") as lines,
            self.cleaned.rejects.open("w", encoding="utf-8", newline="\n") as rejects,
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
        cleaned = self.cleaned
        cleaned.rows += 1
        if isinstance(row, BrokenRecordError):
            text, why = None, str(row)
        else:
            line = row.get(LINE) or line
            text, why = self._text(row), "the row is longer than 1 MiB"
        self.has_own_lines = self.has_own_lines and line > self._last_line
        self._last_line = line
        if text is None or _is_too_long(text):
            rejects.write(f"{line}\t{cleaned.rows}\t{why.translate(AWAY)}\n")
        else:
            lines.write(f"{line}\t{cleaned.rows}\t{text}\n")
            cleaned.kept += 1

    def _text(self, row: Row) -> str:
        """Return the fields of a row; unknown ones as an object after the others."""
        fields = [_plain(row.get(column.name)) for column in self.spec.columns]
        fields.append(self._unknown(row[UNKNOWN]) if UNKNOWN in row else "")
        text = "\t".join(fields)
        is_clean = text.count("\t") == len(fields) - 1 and text.isascii()
        if not is_clean or "\n" in text or "\r" in text or "\0" in text:
            text = "\t".join([item.translate(AWAY) for item in fields])
            text = text.encode("utf-8", "replace").decode()
        return text

    def _unknown(self, values: dict[str, str]) -> str:
        kept = {}
        for name, value in values.items():
            if name not in self.unknown and name not in self.personal:
                names = self.personal if self._is_personal(name) else self.unknown
                if len(names) >= MOST_NAMES:
                    continue
                names[name] = None
            if name in self.unknown and value:
                kept[name] = value
        return json.dumps(kept, ensure_ascii=False) if kept else ""

    def _is_personal(self, name: str) -> bool:
        """Say whether a field, or what it stands in, is or smells of a person's."""
        outer = name.partition(".")[0]
        return outer in self.spec.personal_columns or is_personal_name(
            name.replace(".", "_")
        )


def _rows(record: Record, family: Family) -> Iterator[Row | BrokenRecordError]:
    if isinstance(record.value, BrokenRecordError):
        yield record.value
    else:
        yield from family.rows(record)


def _is_too_long(text: str) -> bool:
    return len(text) > LONGEST_LINE // 4 and len(text.encode()) > LONGEST_LINE


def _plain(value: Any) -> str:
    """Return a value as the text of one field."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_number(str(value))
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
