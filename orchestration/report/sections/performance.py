"""Score, handling time, refunds, satisfaction: the four parts with their evidence."""

from __future__ import annotations

from typing import Any

from orchestration.report.charts import stacked
from orchestration.report.document import (
    Block,
    Chart,
    Identifier,
    Paragraph,
    Piece,
    Quote,
    Section,
    Sentence,
    Table,
)
from orchestration.report.scope import MEASURES, Scope
from orchestration.report.sections.common import says, section
from orchestration.report.sections.summary import BANDS, SCORE_PARTS, score_row
from orchestration.report.sections.why import BOTTLENECK, CHANGES, slowest

FEEDBACK = "fct_feedback"
_SHOWN_QUOTES = 4


def score(scope: Scope) -> Section:
    """Return the score: its year, its risks, its marketplaces, what changed it."""
    row = score_row(scope)
    blocks: list[Block | None] = []
    if row is not None and row["score"] is not None:
        blocks.append(_distances(scope))
    blocks += [_changes(scope), _places(scope)]
    return section(scope, "score", blocks, (BANDS, SCORE_PARTS, CHANGES))


def _distances(scope: Scope) -> Block | None:
    row = score_row(scope)
    if row is None:
        return None
    risks = [
        [
            scope.tell.code("risk_code", risk["risk_code"]),
            row.figure(f"points_above_{risk['risk_code']}", "points"),
        ]
        for risk in scope.published.rows("dim_score_risks", "risk_order")
        if row[f"points_above_{risk['risk_code']}"] is not None
    ]
    return says(
        scope,
        "distances",
        higher=row.figure("points_to_higher_band", "score"),
        risks=risks,
        low=row.figure("sensitivity_score_low", "score"),
        high=row.figure("sensitivity_score_high", "score"),
    )


def _changes(scope: Scope) -> Table | None:
    rows = scope.published.rows(
        CHANGES,
        "points_changed desc",
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        marketplace_code="all",
        channel="all",
    )
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("part_code", row["part_code"]),
            row.figure("part_score", "score"),
            row.figure("previous_part_score", "score"),
            row.figure("used_weight_share", "share"),
            row.figure("points_from_part", "points"),
            row.figure("points_from_weight", "points"),
            row.figure("points_changed", "points"),
        ]
        for row in rows
    ]
    heads = ("part", "points", "last_month", "weight", "from_part", "from_weight",
             "changed")  # fmt: skip
    return scope.table("changes", heads, cells) if cells else None


def _places(scope: Scope) -> Table | None:
    rows = scope.published.rows(
        BANDS,
        "score",
        seller_id=scope.seller_id,
        month_start_date=scope.month,
    )
    cells: list[list[Piece | Sentence]] = [
        [
            scope.place(row),
            row.figure("score", "score"),
            row.figure("score_low", "score"),
            row.figure("score_high", "score"),
            scope.tell.code("band_code", row["band_code"]),
            row.figure("previous_month_score", "score"),
            row.figure("coverage_share", "share"),
        ]
        for row in rows
        if row["marketplace_code"] != "all" and row["channel"] != "all"
    ]
    heads = ("place", "score", "low", "high", "band", "last_month", "weight_with_data")
    return (
        scope.table("places", heads, cells, scope.tell.say("places_note"))
        if (cells)
        else None
    )


def handling(scope: Scope) -> Section:
    """Return where the time goes."""
    sentence = slowest(scope)
    blocks: list[Block | None] = [
        Paragraph(sentence) if sentence else None,
        _stretches(scope),
        scope.measure_table(
            "measures",
            (
                "handling_median_days", "handling_p90_days",
                "handled_within_target_share", "received_within_target_share",
                "refunded_within_target_share", "handling_open_share",
                "handling_backlog", "handling_backlog_over_target_share",
                "conforming_returns_share", "reworked_returns_share",
            ),
        ),
    ]  # fmt: skip
    return section(scope, "handling", blocks, (BOTTLENECK, MEASURES))


def _stretches(scope: Scope) -> Chart | None:
    rows = scope.published.rows(
        BOTTLENECK,
        "marketplace_code, channel, stage_total_days desc",
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        cohort_code="completed",
    )
    drawn: list[dict[str, Any]] = []
    cells: list[list[Piece | Sentence]] = []
    for row in rows:
        days = row.figure("mean_days", "days")
        stage = scope.tell.code("stretch_code", row["stage_code"])
        if not row["passed_count"]:
            continue
        drawn.append({"name": scope.place(row), "part": stage, "value": days.number})
        cells.append(
            [
                scope.place(row),
                stage,
                days,
                row.figure("previous_mean_days", "days"),
                row.figure("passed_count", "count"),
                row.figure("case_count", "count"),
                scope.tell.word("yes") if row["is_bottleneck"] else "–",
            ]
        )
    if not drawn:
        return None
    heads = ("place", "stage", "mean_days", "last_month", "passed", "base", "slowest")
    table = scope.table("stretches", heads, cells)
    slow = [[row[0], row[1], row[2]] for row in cells if row[6] != "–"]
    alt = scope.tell.say("stretches_alt", rows=slow)
    return Chart(table.title, alt, stacked(drawn, scope.tell.head("mean_days")), table)


def satisfaction(scope: Scope) -> Section:
    """Return what buyers say of it, and how soon they are answered."""
    blocks: list[Block | None] = [
        scope.measure_table(
            "measures",
            (
                "buyer_satisfaction_share", "negative_return_feedback_share",
                "negative_feedback_share", "feedback_answered_share",
                "contacts_answered_in_24_hours_share",
                "contacts_answered_in_48_hours_share", "contacts_open_share",
                "first_response_median_hours", "resolution_median_hours",
                "return_dissatisfaction_share", "late_response_share",
                "invalid_rejection_share",
            ),
        ),
        *_feedback(scope),
    ]  # fmt: skip
    marts = (
        "kpi_buyer_satisfaction_by_marketplace_month",
        "kpi_contact_response_by_marketplace_month",
        "kpi_return_dissatisfaction_by_marketplace_month",
    )
    return section(scope, "satisfaction", blocks, marts)


def _feedback(scope: Scope) -> list[Quote]:
    rows = [
        row
        for row in scope.published.rows(
            FEEDBACK,
            "rating, feedback_date desc",
            seller_id=scope.seller_id,
            feedback_class="negative",
            is_return_linked=True,
        )
        if row["comment_text"] and row["feedback_date"].replace(day=1) == scope.month
    ]
    return [
        Quote(
            row["comment_text"],
            scope.tell.say(
                "feedback_about",
                rating=row.figure("rating", "count"),
                order=Identifier(row["amazon_order_id"] or "–"),
                date=row.figure("feedback_date", "date"),
                answered=bool(row["has_response"]),
            ),
        )
        for row in rows[:_SHOWN_QUOTES]
    ]
