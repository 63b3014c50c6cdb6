"""Blocks that several sections have."""

from __future__ import annotations

from typing import Any

from orchestration.report.charts import trend
from orchestration.report.document import (
    Block,
    Chart,
    Paragraph,
    Piece,
    Section,
    Sentence,
)
from orchestration.report.reading import Row
from orchestration.report.scope import MEASURES, Scope


def section(
    scope: Scope, code: str, blocks: list[Block | None], marts: tuple[str, ...]
) -> Section:
    """Return a section with title and question from the texts; empty ones say so."""
    title, question = scope.tell.texts["sections"][code]
    kept: list[Block] = [block for block in blocks if block is not None]
    if not kept:
        kept = [Paragraph(scope.tell.say("nothing_here"), style="note")]
    return Section(code, title, question, tuple(kept), marts)


def says(scope: Scope, name: str, /, **pieces: Any) -> Paragraph:
    """Return a paragraph of one sentence of the texts."""
    return Paragraph(scope.tell.say(name, **pieces))


def measure_trend(
    scope: Scope,
    code: str,
    domain: list[float],
    lines: list[dict[str, Any]] | None = None,
) -> Chart | None:
    """Return a measure over the last year as a picture; None without two months."""
    rows = {
        row["month_start_date"]: row
        for row in scope.published.rows(
            MEASURES,
            seller_id=scope.seller_id,
            measure_code=code,
            marketplace_code="all",
            channel="all",
            month_start_date=scope.months(),
        )
    }
    if sum(row["measure_value"] is not None for row in rows.values()) < 2:
        return None
    name, tell = scope.measure_name(code), scope.tell
    drawn, cells = [], []
    percent = next(iter(rows.values()))["unit_name"] == "share"
    for month in (month for month in scope.months() if month in rows):
        row = rows[month]
        point, line = _point(scope, row)
        drawn.append(point)
        cells.append(line)
    known = [row for row in cells if row[1].known]  # type: ignore[union-attr]
    return Chart(
        name.text,
        tell.say("trend_alt", name=name, first=known[0][:2], last=known[-1][:2]),
        trend(drawn, domain=domain, axis=name.text, percent=percent, lines=lines),
        scope.table("trend", ("month", "value", "low", "high"), cells),
    )


def _point(scope: Scope, row: Row) -> tuple[dict[str, Any], list[Piece | Sentence]]:
    """Return a month as it is drawn and as it is told."""
    value = scope.value(row)
    low, high = (scope.value(row, f"measure_value_{end}") for end in ("low", "high"))
    ends = (("value", value), ("low", low), ("high", high))
    drawn: dict[str, Any] = {
        name: figure.number if figure.known else None for name, figure in ends
    }
    drawn["month"] = f"{row['month_start_date']:%y-%m}"
    return drawn, [row.figure("month_start_date", "month"), value, low, high]
