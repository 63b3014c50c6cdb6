"""What was tried and whether it worked, pitfalls, and how far to trust the numbers."""

from __future__ import annotations

from orchestration.report.document import (
    Block,
    Given,
    Identifier,
    Paragraph,
    Piece,
    Points,
    Section,
    Sentence,
    Table,
)
from orchestration.report.reading import Row
from orchestration.report.scope import Scope
from orchestration.report.sections.common import says, section
from orchestration.report.sections.todo import EFFECTS, TRUST, latest_effects

PITFALLS = "kpi_pitfalls_by_marketplace_month"
COVERAGE = "kpi_data_coverage_by_seller_month"
CHECKS = "publication_checks"


def actions(scope: Scope) -> Section:
    """Return each action of the log with its verdict, and the lessons to share."""
    rows = latest_effects(scope)
    blocks: list[Block | None] = []
    if rows:
        blocks += [_effects(scope, rows), _lessons(scope, rows)]
    return section(scope, "actions", blocks, (EFFECTS,))


def _effects(scope: Scope, rows: list[Row]) -> Table:
    cells: list[list[Piece | Sentence]] = [
        [
            Identifier(row["action_id"]),
            Given(row["action_text"] or "–"),
            row.figure("started_date", "date"),
            scope.tell.code("effect_measure", row["measure_code"]),
            row.figure("before_rate", "share"),
            row.figure("after_rate", "share"),
            row.figure("after_comparison_rate", "share"),
            row.figure("effect_difference", "change"),
            scope.tell.code("verdict_status", row["verdict_status"]),
        ]
        for row in rows
    ]
    heads = ("action", "what", "since", "measure", "before", "after", "comparison",
             "effect", "verdict")  # fmt: skip
    return scope.table("effects", heads, cells, scope.tell.say("effects_note"))


def _lessons(scope: Scope, rows: list[Row]) -> Points | None:
    column = {"en": "lesson_text", "zh": "lesson_zh_text"}[scope.tell.language]
    told = tuple(
        scope.tell.say(
            "lesson",
            action=Identifier(row["action_id"]),
            verdict=scope.tell.code("verdict_status", row["verdict_status"]),
            lesson=Given(row[column], scope.tell.language),
        )
        for row in rows
        if row[column]
    )
    return Points(told, title=scope.tell.head("lessons")) if told else None


def pitfalls(scope: Scope) -> Section:
    """Return which of the known pitfalls the month shows."""
    names = {
        (row["pitfall_code"], row["stage_code"]): row
        for row in scope.published.rows("dim_pitfalls", "pitfall_order")
    }
    column = {"en": "pitfall_name", "zh": "pitfall_name_zh"}[scope.tell.language]
    rows = [
        row
        for row in scope.published.rows(
            PITFALLS,
            "marketplace_code, channel",
            seller_id=scope.seller_id,
            month_start_date=scope.month,
        )
        if row["pitfall_status"] in ("flagged", "suspected")
        and row["channel"] != "all"
        and row["marketplace_code"] != "all"
    ]
    cells: list[list[Piece | Sentence]] = []
    for row in rows:
        name = names.get((row["pitfall_code"], row["stage_code"]))
        title = name[column] if name else row["pitfall_code"]
        cells.append(
            [
                Given(title, scope.tell.language),
                scope.place(row),
                scope.tell.code("pitfall_status", row["pitfall_status"]),
                row.figure("evidence_count", "count"),
                row.figure("case_count", "count"),
                row.figure("evidence_share", "share"),
                row.figure("evidence_amount", "amount"),
            ]
        )
    heads = ("pitfall", "place", "state", "cases", "of_cases", "rate", "amount")
    table = scope.table("pitfalls", heads, cells) if cells else None
    return section(scope, "pitfalls", [table or says(scope, "no_pitfall")], (PITFALLS,))


def trust(scope: Scope) -> Section:
    """Return which sources are late or short, what is covered, what the gate warns."""
    blocks: list[Block | None] = [
        _sources(scope),
        scope.measure_table(
            "measures",
            ("trusted_returns_share", "matched_returns_share",
             "second_precise_returns_share", "judged_returns_share"),
        ),
        _coverage(scope),
        *_warnings(scope),
    ]  # fmt: skip
    marts = (TRUST, COVERAGE, "kpi_number_trust_by_marketplace_month")
    return section(scope, "trust", blocks, marts)


def _sources(scope: Scope) -> Block:
    rows = [
        row
        for row in scope.published.rows(
            TRUST, seller_id=scope.seller_id, month_start_date=scope.month
        )
        if row["source_status"] != "whole" or row["quarantined_row_count"]
    ]
    if not rows:
        return says(scope, "sources_whole")
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("source_code", row["source_code"]),
            scope.tell.code("source_status", row["source_status"]),
            row.figure("newest_data_date", "date"),
            row.figure("covered_days", "count"),
            row.figure("month_days", "count"),
            row.figure("row_count", "count"),
            row.figure("expected_rows", "count"),
            row.figure("quarantined_row_count", "count"),
        ]
        for row in rows
    ]
    heads = ("source", "state", "newest", "covered_days", "of_days", "rows",
             "usual_rows", "quarantined")  # fmt: skip
    return scope.table("sources", heads, cells, scope.tell.say("sources_note"))


def _coverage(scope: Scope) -> Table | None:
    rows = [
        row
        for row in scope.published.rows(
            COVERAGE,
            "coverage_share",
            seller_id=scope.seller_id,
            month_start_date=scope.month,
        )
        if scope.tell.knows("coverage_measure", row["coverage_measure"])
    ]
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("coverage_measure", row["coverage_measure"]),
            row.figure("covered_count", "count"),
            row.figure("total_count", "count"),
            row.figure("coverage_share", "share"),
        ]
        for row in rows
    ]
    heads = ("covered_what", "covered", "of", "coverage")
    return scope.table("coverage", heads, cells) if cells else None


def _warnings(scope: Scope) -> list[Paragraph | Points]:
    rows = scope.published.rows(CHECKS, status="failed")
    if not rows:
        return [says(scope, "no_warnings")]
    told = tuple(
        scope.tell.say(
            "warning",
            table=Identifier(row["table_name"]),
            text=Given(row["description"], "en"),
            observed=Given(row["observed_text"] or "", "en"),
        )
        for row in rows
    )
    return [Points(told, title=scope.tell.head("warnings"))]
