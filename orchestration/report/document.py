"""What a report is made of: sections of sentences, tables, charts and quotes.

Every number is a ``Figure`` that knows the mart, the column and the row it stands in;
HTML and PDF are made from the same document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Value = int | float | Decimal | date | datetime | None


@dataclass(frozen=True)
class Source:
    """Where a number stands: a column, or an aggregate of it, of the rows of a key."""

    mart: str
    column: str
    key: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Figure:
    """One number or date of a mart, and how it is told (``share``, ``amount``, …)."""

    value: Value
    kind: str
    source: Source
    currency: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is data."""
        return self.value is not None

    @property
    def number(self) -> float:
        """The value to compare and draw with; 0 where there is none."""
        if isinstance(self.value, int | float | Decimal):
            return float(self.value)
        return 0.0

    @property
    def rising(self) -> bool:
        """Whether it is more than nothing."""
        return self.number > 0

    @property
    def none(self) -> bool:
        """Whether it is known to be nothing."""
        return self.known and self.number == 0


@dataclass(frozen=True)
class Identifier:
    """A name of the source's own that is written as it is: a SKU, an order."""

    text: str


@dataclass(frozen=True)
class Given:
    """A text out of the published tables, in the language it has there."""

    text: str
    language: str | None = None


@dataclass(frozen=True)
class Link:
    """A place in the report itself, or a page beside it."""

    text: str
    target: str


Piece = str | Figure | Identifier | Given | Link
Sentence = tuple[Piece, ...]


@dataclass(frozen=True)
class Paragraph:
    """One or a few sentences; ``lead`` is what a reader in a hurry reads."""

    sentence: Sentence
    style: str = "plain"


@dataclass(frozen=True)
class Points:
    """A list of sentences; ``numbered`` where the first matters most."""

    sentences: tuple[Sentence, ...]
    numbered: bool = False
    title: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows under heads. A column whose code is in ``numbers`` is set to the right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    numbers: frozenset[int]
    note: Sentence = ()


@dataclass(frozen=True)
class Chart:
    """A picture of a table: the Vega-Lite spec, its text for those who cannot see it.

    ``table`` holds the same numbers.
    """

    title: str
    alt: Sentence
    spec: dict[str, Any]
    table: Table
    legend: str = ""


@dataclass(frozen=True)
class Quote:
    """What a buyer or an inspector wrote, masked when it landed."""

    text: str
    about: Sentence


Block = Paragraph | Points | Table | Chart | Quote


@dataclass(frozen=True)
class Section:
    """One question of the reader and what answers it."""

    code: str
    title: str
    question: str
    blocks: tuple[Block, ...]
    marts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """What a mart says, in the words of its definition."""

    mart: str
    title: str
    text: str


@dataclass(frozen=True)
class Report:
    """One month of one seller in one language; the first section is the first page."""

    language: str
    seller_id: str
    month: date
    title: str
    facts: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...]
    words: dict[str, str]


def figures(report: Report) -> Iterator[Figure]:
    """Yield every figure of a report, in the order it is read."""
    for fact in report.facts:
        yield from _of(fact)
    for section in report.sections:
        for block in section.blocks:
            for sentence in sentences(block):
                yield from _of(sentence)


def sentences(block: Block) -> Iterator[Sentence]:
    """Yield the sentences, cells and texts of a block."""
    if isinstance(block, Paragraph):
        yield block.sentence
    elif isinstance(block, Points):
        yield from block.sentences
    elif isinstance(block, Quote):
        yield block.about
    elif isinstance(block, Chart):
        yield block.alt
        yield from sentences(block.table)
    else:
        for row in block.rows:
            yield from row
        yield block.note


def _of(sentence: Sentence) -> Iterator[Figure]:
    for piece in sentence:
        if isinstance(piece, Figure):
            yield piece
