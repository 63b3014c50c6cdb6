"""What every section needs: the month, the tables, the texts, the measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from orchestration.report.document import (
    Figure,
    Given,
    Identifier,
    Piece,
    Sentence,
    Source,
    Table,
)
from orchestration.report.reading import ONE_YEAR, Published, Row, earlier
from orchestration.report.telling import Teller

MEASURES = "kpi_measures_by_marketplace_month"
# How the units of the seed `measures` are told.
KINDS = {
    "share": "share",
    "points": "score",
    "money": "amount",
    "units": "count",
    "count": "count",
    "days": "days",
    "hours": "hours",
    "per return": "number",
    "ratio": "number",
}
_VALUES = ("measure_value", "previous_month_value", "last_year_value")
MEASURE_HEADS = (
    "measure", "this_month", "last_month", "against_last_month", "last_year",
    "against_last_year", "base", "coverage",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """One seller, one month, one language."""

    published: Published
    tell: Teller
    seller_id: str
    month: date

    @cached_property
    def seller(self) -> Row:
        """The seller, with the last day that the data covers."""
        found = self.published.row("dim_sellers", seller_id=self.seller_id)
        if found is None:
            raise LookupError(self.seller_id)
        return found

    @cached_property
    def as_of(self) -> Figure:
        """The day on which open things are as they are told."""
        return self.seller.figure("data_as_of_date", "date")

    @cached_property
    def month_figure(self) -> Figure:
        """The month itself."""
        return self.measured_month(self.month)

    @cached_property
    def is_latest(self) -> bool:
        """Whether the data ends in this month or soon after."""
        ended = self.seller["data_as_of_date"]
        return bool(earlier(ended.replace(day=1), 1) <= self.month)

    def measured_month(self, month: date) -> Figure:
        """Return a month as a day of the calendar: it may be before all data."""
        return Figure(month, "month", Source("dim_dates", "date", {"date": month}))

    @cached_property
    def _measures(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.published.rows(
            MEASURES,
            seller_id=self.seller_id,
            month_start_date=self.month,
            marketplace_code="all",
            channel="all",
        ):
            found.setdefault(row["measure_code"], []).append(row)
        return found

    def measures(self, code: str) -> list[Row]:
        """Return a measure over all marketplaces and channels, a row a currency."""
        return self._measures.get(code, [])

    def measure(self, code: str) -> Row | None:
        """Return a measure that has no currency."""
        return next(iter(self.measures(code)), None)

    @cached_property
    def _named(self) -> dict[str, Row]:
        return {r["measure_code"]: r for r in self.published.rows("dim_measures")}

    def measure_name(self, code: str) -> Given:
        """Return what people call a measure."""
        column = {"en": "measure_name", "zh": "measure_name_zh"}[self.tell.language]
        return Given(self._named[code][column], self.tell.language)

    def value(self, row: Row, column: str = "measure_value") -> Figure:
        """Return the number of a row of measures, or a column beside it."""
        return row.figure(column, KINDS[row["unit_name"]])

    def change(self, row: Row, column: str) -> Figure:
        """Return how much a measure has changed."""
        kind = {"share": "change", "points": "points"}.get(
            row["unit_name"], KINDS[row["unit_name"]]
        )
        return row.figure(column, kind)

    def months(self) -> list[date]:
        """Return this month and the year before it, the oldest first."""
        return [earlier(self.month, back) for back in range(ONE_YEAR, -1, -1)]

    def place(self, row: Row) -> str:
        """Return marketplace and channel of a row in one text."""
        marketplace = self.tell.code("marketplace_code", row["marketplace_code"])
        return f"{marketplace} · {self.tell.code('channel', row['channel'])}"

    def seeded(self, group: str, code: str | None, english: str | None) -> Piece:
        """Return a text that the tables hold in English, in this language."""
        told = self.tell.texts.get(group, {}).get(code)
        return told or (Given(english, "en") if english else "")

    def table(
        self, name: str, heads: tuple[str, ...], rows: list[list[Piece | Sentence]],
        note: Sentence = (),
    ) -> Table:  # fmt: skip
        """Return a table whose title and heads are looked up in the texts."""
        cells = tuple(tuple(_cell(cell) for cell in row) for row in rows)
        numbers = frozenset(
            place
            for place in range(len(heads))
            if cells and all(_is_number(row[place]) for row in cells)
        )
        told = tuple(self.tell.head(head) for head in heads)
        return Table(self.tell.head(name), told, cells, numbers, note)

    def measure_table(self, name: str, codes: tuple[str, ...]) -> Table | None:
        """Return measures beside the month and the year before; None without any."""
        rows: list[list[Piece | Sentence]] = [
            self._measure_cells(row)
            for code in codes
            for row in self.measures(code)
            if any(row[column] is not None for column in _VALUES)
        ]
        return self.table(name, MEASURE_HEADS, rows) if rows else None

    def _measure_cells(self, row: Row) -> list[Piece | Sentence]:
        base = row.figure("denominator_value", "count")
        name: Sentence = (self.measure_name(row["measure_code"]),)
        if row["currency_code"] != "none" and row["unit_name"] != "money":
            name = (*name, " · ", Identifier(row["currency_code"]))
        return [
            name,
            self.value(row),
            self.value(row, "previous_month_value"),
            self.tell.code("change_status", row["previous_month_status"]),
            self.value(row, "last_year_value"),
            self.tell.code("change_status", row["last_year_status"]),
            base if row["unit_name"] == "share" else "–",
            row.figure("coverage_share", "share"),
        ]


def _cell(cell: Piece | Sentence) -> Sentence:
    return cell if isinstance(cell, tuple) else (cell,)


def _is_number(cell: Sentence) -> bool:
    """Return whether a cell is set to the right: a number, or its place left empty."""
    if len(cell) != 1:
        return False
    (piece,) = cell
    if isinstance(piece, Figure):
        return piece.kind not in ("date", "month", "instant")
    return piece in ("–", "")
