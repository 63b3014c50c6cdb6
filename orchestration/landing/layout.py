"""A recognised document: what it is, and which field is which column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from orchestration.landing.specs import ReportSpec


@dataclass(frozen=True)
class Layout:
    """A recognised document: its report, and which field is which column.

    Attributes:
        spec: The report it is.
        width: Number of fields a row has.
        fields: Lake column to position of its field.
        unknown: Unknown columns that are kept, with their positions.
        personal: Columns that are dropped because they hold personal data.
        header_line: Line the header stands on, 1 being the first.
        header: The header line's own text.
        delimiter: What separates its fields.
        made: Positions beyond the row's own, for fields that a mapping makes of
            others: SQL over the trimmed fields ``t…``.
        used: Positions of the fields that they are made of.
        mapping: Name of the mapping and hash of what it says, if there is one.
        family: Name of the shape of an XML or JSON document.
        unknown_field: Position of the field that holds its unknown fields, as an
            object: there is no header to know them by.
    """

    spec: ReportSpec
    width: int
    fields: dict[str, int]
    unknown: dict[str, int] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    header_line: int = 1
    header: str = ""
    delimiter: str = "\t"
    made: dict[int, str] = field(default_factory=dict)
    used: frozenset[int] = frozenset()
    mapping: tuple[str, str] | None = None
    family: str = ""
    unknown_field: int | None = None

    @property
    def positions(self) -> list[int]:
        """Positions of the row's own fields that anything is read from."""
        read = {*self.fields.values(), *self.unknown.values(), *self.used}
        if self.unknown_field is not None:
            read.add(self.unknown_field)
        return sorted(read - self.made.keys())


def normalised(header: str) -> str:
    """Return a header cell as a column name: lower case, other runs to ``_``."""
    return re.sub(r"[\W_]+", "_", header.lower()).strip("_")
