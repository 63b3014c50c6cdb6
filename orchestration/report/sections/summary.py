"""The first page: how the month went, why, and what to do."""

from __future__ import annotations

from typing import Any

from orchestration.report.charts import bars
from orchestration.report.document import (
    Block,
    Chart,
    Figure,
    Paragraph,
    Piece,
    Points,
    Section,
    Sentence,
    Table,
)
from orchestration.report.reading import Row, earlier
from orchestration.report.scope import Scope
from orchestration.report.sections.common import measure_trend
from orchestration.report.sections.todo import to_do
from orchestration.report.sections.why import PARTS, target_status, why

BANDS = "kpi_score_bands_by_marketplace_month"
SCORE_PARTS = "kpi_score_parts_by_marketplace_month"


def summary(scope: Scope) -> Section:
    """Return the first page."""
    everything: dict[str, Any] = {
        "seller_id": scope.seller_id,
        "month_start_date": scope.month,
        "marketplace_code": "all",
        "channel": "all",
    }
    parts = {
        row["part_code"]: row for row in scope.published.rows(SCORE_PARTS, **everything)
    }
    blocks: list[Block] = [*_lead(scope, everything)]
    if parts:
        blocks += [_parts(scope, parts), _picture(scope, parts)]
    score_year = measure_trend(scope, "score", [0, 100], _risk_lines(scope))
    if score_year is not None:
        blocks.append(score_year)
    tell = scope.tell
    blocks.append(Points(tuple(why(scope, everything, parts)), title=tell.head("why")))
    todo = tuple(to_do(scope)) or (tell.say("nothing_to_do"),)
    blocks.append(Points(todo, numbered=True, title=tell.head("to_do")))
    if not scope.is_latest:
        blocks.append(
            Paragraph(tell.say("earlier_month", as_of=scope.as_of), style="note")
        )
    return Section("summary", tell.texts["sections"]["summary"][0], "", tuple(blocks))


def score_row(scope: Scope) -> Row | None:
    """Return the score over all marketplaces and channels."""
    return scope.published.row(
        BANDS,
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        marketplace_code="all",
        channel="all",
    )


def _lead(scope: Scope, everything: dict[str, Any]) -> list[Block]:
    tell = scope.tell
    row, measure = score_row(scope), scope.measure("score")
    blocks: list[Block] = []
    if row is None or row["score"] is None or measure is None:
        return [Paragraph(tell.say("no_score"), style="lead")]
    best = scope.published.total("dim_score_bands", "max(upper_score)", "count")
    lead = tell.say(
        "score_lead",
        score=row.figure("score", "score"),
        best=best,
        band=tell.code("band_code", row["band_code"]) if row["band_code"] else "",
        meaning=_band_text(scope, row["band_code"]),
        share=row.figure("coverage_share", "share"),
        is_partial=bool(row["is_partial"]),
    )
    blocks.append(Paragraph(lead, style="lead"))
    blocks.append(
        Paragraph(
            tell.say(
                "score_change",
                change=scope.change(measure, "previous_month_change"),
                last_month=scope.measured_month(earlier(scope.month, 1)),
                status=tell.code("change_status", measure["previous_month_status"]),
                year_change=scope.change(measure, "last_year_change"),
                last_year=scope.measured_month(earlier(scope.month, 12)),
                year_status=tell.code("change_status", measure["last_year_status"]),
                low=row.figure("score_low", "score"),
                high=row.figure("score_high", "score"),
            )
        )
    )
    return blocks


def _band_text(scope: Scope, band_code: str | None) -> Piece:
    row = scope.published.row("dim_score_bands", band_code=band_code)
    return scope.seeded("band_text", band_code, row["band_text"] if row else None)


def _risk_lines(scope: Scope) -> list[dict[str, Any]]:
    return [
        {
            "value": float(risk["threshold_score"]),
            "label": scope.tell.code("risk_code", risk["risk_code"]),
        }
        for risk in scope.published.rows("dim_score_risks", "risk_order")
    ]


def _parts(scope: Scope, parts: dict[str, Row]) -> Table:
    rows: list[list[Piece | Sentence]] = []
    for code, measure_code in PARTS.items():
        part, measure = parts.get(code), scope.measure(measure_code)
        if part is None:
            continue
        before = after = _missing(part)
        if measure is not None:
            before = scope.value(measure, "previous_month_value")
            after = scope.value(measure, "last_year_value")
        rows.append(
            [
                (
                    scope.tell.code("part_code", code),
                    " · ",
                    scope.measure_name(measure_code),
                ),
                part.figure("part_share", "share"),
                part.figure("case_count", "count"),
                part.figure("target_share", "share"),
                before,
                after,
                part.figure("part_score", "score"),
                scope.tell.code("target_status", target_status(part)),
            ]
        )
    heads = ("part", "this_month", "base", "target", "last_month", "last_year",
             "points", "against_target")  # fmt: skip
    return scope.table("parts", heads, rows, scope.tell.say("parts_note"))


def _missing(part: Row) -> Figure:
    figure = part.figure("part_share", "share")
    return Figure(None, "share", figure.source)


def _picture(scope: Scope, parts: dict[str, Row]) -> Chart:
    tell, rows, cells = scope.tell, [], []
    for code in PARTS:
        if code not in parts:
            continue
        score = parts[code].figure("part_score", "score")
        measure = scope.measure(f"{code}_score")
        before = scope.value(measure, "previous_month_value") if measure else None
        target = parts[code].figure("target_score", "score")
        known = before is not None and before.known
        rows.append(
            {
                "name": tell.code("part_code", code),
                "value": score.number if score.known else None,
                "before": before.number if before is not None and known else None,
                "target": target.number,
                "label": tell.figure(score),
            }
        )
        last = before if before is not None else tell.word("no_data")
        row: list[Piece | Sentence] = [
            tell.code("part_code", code),
            score,
            target,
            last,
        ]
        cells.append(row)
    table = scope.table(
        "part_points", ("part", "points", "target", "last_month"), cells
    )
    return Chart(
        table.title,
        tell.say("parts_alt", rows=[[row[0], row[1], row[2]] for row in cells]),
        bars(rows, domain=[0, 112]),
        table,
        tell.word("legend"),
    )
