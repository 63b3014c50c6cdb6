"""Why the month went as it did: parts, bottleneck, volume, what clearly changed."""

from __future__ import annotations

from typing import Any

from orchestration.report.document import Piece, Sentence
from orchestration.report.reading import Row
from orchestration.report.scope import Scope

# The measure that each part of the score is a curve of.
PARTS = {
    "handling_time": "handled_within_target_share",
    "reason_attribution": "reason_attribution_share",
    "refund_speed": "refunds_on_time_share",
    "buyer_satisfaction": "buyer_satisfaction_share",
}
CHANGES = "kpi_score_changes_by_marketplace_month"
BOTTLENECK = "kpi_handling_bottleneck_by_marketplace_month"
_NAMED_CHANGES = 4


def why(
    scope: Scope, everything: dict[str, Any], parts: dict[str, Row]
) -> list[Sentence]:
    """Return the sentences of the first page that say why."""
    found = [_changed_parts(scope, everything), _against_targets(scope, parts)]
    found += [slowest(scope), _volume(scope)]
    for status in ("worse", "better"):
        found.append(_clear_changes(scope, status))
    return [sentence for sentence in found if sentence] or [scope.tell.say("no_why")]


def _changed_parts(scope: Scope, everything: dict[str, Any]) -> Sentence:
    rows = scope.published.rows(CHANGES, "points_changed desc", **everything)
    told = [
        [
            scope.tell.code("part_code", row["part_code"]),
            row.figure("points_changed", "points"),
        ]
        for row in rows
        if row["points_changed"]
    ]
    return scope.tell.say("changed_parts", parts=told) if told else ()


def _against_targets(scope: Scope, parts: dict[str, Row]) -> Sentence:
    told: dict[str, list[list[Piece]]] = {"reached": [], "missed": [], "open": []}
    for code in PARTS:
        status = target_status(parts[code]) if code in parts else None
        if status is not None:
            told[status].append(
                [
                    scope.tell.code("part_code", code),
                    parts[code].figure("part_share", "share"),
                    parts[code].figure("target_share", "share"),
                ]
            )
    if not any(told.values()):
        return ()
    return scope.tell.say("against_targets", **told)


def slowest(scope: Scope) -> Sentence:
    """Say which stretch of the way costs most days."""
    row = next(
        iter(
            scope.published.rows(
                BOTTLENECK,
                "stage_total_days desc",
                limit=1,
                seller_id=scope.seller_id,
                month_start_date=scope.month,
                cohort_code="completed",
                is_bottleneck=True,
            )
        ),
        None,
    )
    if row is None:
        return ()
    return scope.tell.say(
        "bottleneck",
        stage=scope.tell.code("stretch_code", row["stage_code"]),
        place=scope.place(row),
        days=row.figure("mean_days", "days"),
        whole=row.figure("end_to_end_mean_days", "days"),
        count=row.figure("case_count", "count"),
    )


def _volume(scope: Scope) -> Sentence:
    row = scope.measure("returns")
    if row is None:
        return ()
    return scope.tell.say(
        "volume",
        count=scope.value(row),
        before=scope.value(row, "previous_month_value"),
        year=scope.value(row, "last_year_value"),
    )


def _clear_changes(scope: Scope, status: str) -> Sentence:
    scores = {"score", *(f"{code}_score" for code in PARTS)}
    told = [
        [scope.measure_name(code), scope.value(row),
         scope.value(row, "previous_month_value")]
        for code in scope.published.distinct(
            "dim_measures", "measure_code", is_judged=True
        )
        for row in scope.measures(code)
        if row["previous_month_status"] == status and code not in scores
    ]  # fmt: skip
    if not told:
        return ()
    return scope.tell.say(f"clearly_{status}", measures=told[:_NAMED_CHANGES])


def target_status(part: Row) -> str | None:
    """Return whether a part's share, allowing for chance, is on its target."""
    if part["part_score"] is None:
        return None
    low, high = part["shrunk_share_low"], part["shrunk_share_high"]
    target = part["target_share"]
    if low is not None and low >= target:
        return "reached"
    if high is not None and high < target:
        return "missed"
    return "open"
