"""The words of a page file: what a page, a card and a chart are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orchestration.errors import ReturnsError

LANGUAGES = ("en", "zh")
DIMENSIONS = ("marketplace_code", "channel", "category_name")
STATES = ("good", "warn", "bad", "none")
PERIODS = ("month", "months", "current")
FORMATS = (
    "share", "rate", "count", "days", "hours", "minutes", "amount", "score", "number",
    "points", "date", "month", "flag", "code", "text",
)  # fmt: skip
KINDS = {
    "tiles": {"tiles"},
    "line": {"y"},
    "bar": {"x", "y"},
    "stacked": {"x", "y", "color"},
    "heatmap": {"x", "y", "value"},
    "interval": {"x", "y", "low", "high"},
    "bullet": {"x", "y", "target"},
    "waterfall": {"x", "y"},
    "funnel": {"x", "y"},
    "table": set(),
    "list": set(),
}  # fmt: skip
# What a chart may name besides: columns first, then what is not a column.
CHART_COLUMNS = {
    "x", "y", "color", "low", "high", "target", "value", "from", "to", "by", "link_by",
}  # fmt: skip
CHART_WORDS = {
    "kind", "tiles", "format", "sort", "share", "text", "texts", "link", "links",
    "ordered",
}  # fmt: skip
TILE_WORDS = {
    "field", "format", "low", "high", "change", "target", "n", "status", "label", "big",
}  # fmt: skip


class DashboardError(ReturnsError):
    """A page file or the published version cannot make a dashboard."""


@dataclass(frozen=True)
class Card:
    """One question and what answers it; ``chart`` is as the page file says it."""

    name: str
    title: dict[str, str]
    question: dict[str, str]
    marts: tuple[str, ...]
    sql: str
    period: str
    chart: dict[str, Any]
    month: str = "month_start_date"
    cut_by: dict[str, str] = field(default_factory=dict)
    sums: tuple[str, ...] = ()
    ratios: dict[str, list[str]] = field(default_factory=dict)
    currency: str | None = None
    denominator: str | None = None
    coverage: Any = None
    columns: tuple[dict[str, str], ...] = ()
    formats: dict[str, str] = field(default_factory=dict)
    sort: tuple[str, ...] = ()
    top: int | None = None
    wide: bool = False
    note: dict[str, str] | None = None
    empty: dict[str, str] | None = None

    def worked_out(self) -> set[str]:
        """Return the columns that the page works out itself: ratios and their ends."""
        ends = ("", "_low", "_high")
        return {f"{ratio}{end}" for ratio in self.ratios for end in ends}

    def fields(self) -> set[str]:
        """Return every column that the card names anywhere."""
        named = {*self.sums, *self.cut_by, *self.ratios, *self.formats}
        named |= {column for parts in self.ratios.values() for column in parts}
        named |= {column["field"] for column in self.columns}
        named |= {word.lstrip("-") for word in self.sort}
        named |= {how[1:] for how in self.formats.values() if how.startswith("@")}
        named |= {self.currency, self.denominator} - {None}  # type: ignore[arg-type]
        if isinstance(self.coverage, str):
            named.add(self.coverage)
        elif isinstance(self.coverage, list):
            named |= set(self.coverage)
        for tile in self.chart.get("tiles", []):
            named |= {tile[w] for w in tile if w not in ("format", "label", "big")}
        for word in CHART_COLUMNS & set(self.chart):
            said = self.chart[word]
            named |= set(said) if isinstance(said, list) else {said}
        return named


@dataclass(frozen=True)
class Page:
    """One page of the dashboard, in both languages."""

    name: str
    title: dict[str, str]
    intro: dict[str, str]
    labels: dict[str, dict[str, str]]
    cards: tuple[Card, ...]
    label_tables: tuple[dict[str, str], ...] = ()
