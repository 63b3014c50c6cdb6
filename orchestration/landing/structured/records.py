"""What readers of XML and JSON hand on, and how it becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str | None, ...]
Block = dict[str, Any]
# A lake column's value, under ``UNKNOWN`` the values of unknown fields by name, under
# ``LINE`` the line where it is not the record's.
Row = dict[str, Any]
UNKNOWN = "_unknown"
LINE = "_line"


class Element(Block):
    """An XML element with elements in it; knows on which line it begins."""

    __slots__ = ("line",)

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line


class BrokenRecordError(Exception):
    """A record that is none; the message is the reason kept in the quarantine."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a document: a return, an event, a block of metrics.

    Attributes:
        value: What it holds: texts, lists and objects; an error where it is broken.
        path: Names of what it stands in, below the page's top; ``None`` is a list.
        line: Line of the document on which it begins.
        number: Which one of this path it is in the document, from 1.
        page: What the page says outside its records.
    """

    value: Any
    path: Path
    line: int
    number: int
    page: Block


@dataclass(frozen=True)
class Family:
    """Documents of one shape.

    Attributes:
        name: What finds it again; the lake table's name where there is one shape.
        table: Lake table of its rows.
        format: ``xml`` or ``json``.
        rows: Makes rows of a record.
        signs: Top-level keys or elements by which its documents are known.
        needs_signs: Whether a document has all of them or ``any``.
        records: JSON: paths of its records below the page's top, ``*`` being any key;
            empty where the page itself is the record.
        is_record: XML: says whether the element at a path of names is a record.
        needs_page: JSON: whether a row needs what the page says of itself.
    """

    name: str
    table: str
    format: Literal["xml", "json"]
    rows: Callable[[Record], Iterator[Row]]
    signs: frozenset[str]
    records: tuple[Path, ...] = ()
    is_record: Callable[[list[str]], bool] | None = None
    needs_page: bool = False
    needs_signs: Literal["any", "all"] = "any"

    def is_known_by(self, keys: Collection[str]) -> bool:
        """Say whether a page with these keys is one of this family."""
        found = self.signs.intersection(keys)
        return bool(found) if self.needs_signs == "any" else found == self.signs
