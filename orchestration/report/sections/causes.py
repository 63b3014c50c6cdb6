"""Why goods come back: reasons, causes with evidence, what buyers write, judgements."""

from __future__ import annotations

from collections import Counter
from typing import Any

from orchestration.report.charts import bars
from orchestration.report.document import (
    Block,
    Chart,
    Identifier,
    Piece,
    Quote,
    Section,
    Sentence,
    Table,
)
from orchestration.report.reading import Row, earlier
from orchestration.report.scope import MEASURES, Scope
from orchestration.report.sections.common import says, section
from orchestration.report.sections.todo import REPEATED

REASONS = "kpi_return_reasons_by_marketplace_month"
SIGNALS = "kpi_cause_signals_by_segment_month"
RETURNS = "fct_returns"
MISJUDGED = "kpi_misjudged_money_by_marketplace_month"
CONFUSION = "kpi_reason_confusion_by_marketplace_month"
_SHOWN_QUOTES = 3
_SHOWN_SIGNALS = 8
_QUOTE_MONTHS = 3


def causes(scope: Scope) -> Section:
    """Return what causes returns."""
    signals = scope.published.rows(
        SIGNALS,
        "observed_ratio desc",
        limit=_SHOWN_SIGNALS,
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        is_signal=True,
    )
    blocks: list[Block | None] = [
        _families(scope),
        _signals(scope, signals),
        *_quotes(scope, signals),
        _followed(scope),
        scope.measure_table(
            "measures",
            ("returns", "returned_units", "controllable_returns_share", "return_rate",
             "projected_return_rate"),
        ),
    ]  # fmt: skip
    return section(scope, "causes", blocks, (REASONS, SIGNALS, REPEATED))


def _families(scope: Scope) -> Chart | None:
    key: dict[str, Any] = {
        "seller_id": scope.seller_id,
        "month_start_date": scope.month,
    }
    before = {**key, "month_start_date": earlier(scope.month, 1)}
    drawn: list[dict[str, Any]] = []
    cells: list[list[Piece | Sentence]] = []
    for family in scope.published.distinct(REASONS, "return_reason_family", **key):
        count, last = (
            scope.published.total(
                REASONS, "sum(return_count)", "count",
                **where, return_reason_family=family,
            )
            for where in (key, before)
        )  # fmt: skip
        cells.append(
            [
                scope.tell.code("return_reason_family", family),
                count,
                last,
            ]
        )
        drawn.append(
            {
                "name": scope.tell.code("return_reason_family", family),
                "value": count.number,
                "before": last.number if last.known else None,
                "label": scope.tell.figure(count),
            }
        )
    if not drawn:
        return None
    order = sorted(range(len(drawn)), key=lambda place: -float(drawn[place]["value"]))
    cells = [cells[place] for place in order]
    table = scope.table("families", ("family", "this_month", "last_month"), cells)
    alt = scope.tell.say("families_alt", rows=[[r[0], r[1]] for r in cells[:3]])
    return Chart(table.title, alt, bars([drawn[place] for place in order]), table)


def _signals(scope: Scope, signals: list[Row]) -> Block:
    if not signals:
        return says(scope, "no_signal")
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("cut_code", row["cut_code"]),
            Identifier(row["segment_code"]),
            scope.tell.code("return_reason_family", row["return_reason_family"]),
            row.figure("case_count", "count"),
            row.figure("base_count", "count"),
            row.figure("case_rate", "share"),
            row.figure("rest_case_rate", "share"),
            row.figure("observed_ratio", "ratio"),
            row.figure("signal_month_count", "count"),
            _state(scope, row),
        ]
        for row in signals
    ]
    heads = ("cut", "segment", "family", "cases", "of_units", "rate", "rest_rate",
             "ratio", "signal_months", "state")  # fmt: skip
    return scope.table("signals", heads, cells, scope.tell.say("signals_note"))


def _state(scope: Scope, row: Row) -> str:
    if row["is_new"]:
        return scope.tell.word("new")
    return scope.tell.word("growing" if row["is_growing"] else "lasting")


def _quotes(scope: Scope, signals: list[Row]) -> list[Quote]:
    """Return what buyers write of the goods in the signals, else of the month."""
    skus = {row["segment_code"] for row in signals if row["cut_code"] == "sku"}
    months = [earlier(scope.month, back) for back in range(_QUOTE_MONTHS)]
    rows = [
        row
        for row in scope.published.rows(
            RETURNS, "requested_date desc nulls last", seller_id=scope.seller_id
        )
        if row["comment_text"]
        and (day := row["received_date"] or row["requested_date"]) is not None
        and day.replace(day=1) in months
    ]
    about = [row for row in rows if row["sku"] in skus]
    told = Counter(row["comment_text"] for row in rows)
    picked: dict[str, Row] = {}
    for row in [*about, *sorted(rows, key=lambda row: -told[row["comment_text"]])]:
        picked.setdefault(row["comment_text"], row)
    return [_quote(scope, row) for row in list(picked.values())[:_SHOWN_QUOTES]]


def _quote(scope: Scope, row: Row) -> Quote:
    column = "received_date" if row["received_date"] else "requested_date"
    return Quote(
        row["comment_text"],
        scope.tell.say(
            "comment_about",
            sku=Identifier(row["sku"]),
            order=Identifier(row["amazon_order_id"]),
            reason=scope.tell.code("return_reason_family", row["return_reason_family"]),
            date=row.figure(column, "date"),
            place=scope.place(row),
        ),
    )


def _followed(scope: Scope) -> Table | None:
    rows = [
        row
        for row in scope.published.rows(
            REPEATED,
            "observed_ratio desc",
            seller_id=scope.seller_id,
            month_start_date=scope.month,
        )
        if row["is_unanswered"] or row["is_repeated"]
    ]
    cells: list[list[Piece | Sentence]] = [
        [
            Identifier(row["sku"]),
            scope.tell.code("return_reason_family", row["return_reason_family"]),
            row.figure("case_count", "count"),
            row.figure("action_count", "count"),
            row.figure("last_action_date", "date"),
            row.figure("since_case_count", "count"),
            row.figure("since_expected_cases", "number"),
            scope.tell.word("repeated" if row["is_repeated"] else "unanswered"),
        ]
        for row in rows
    ]
    heads = ("sku", "family", "cases", "actions", "last_action", "cases_since",
             "expected_since", "state")  # fmt: skip
    return scope.table("followed", heads, cells) if cells else None


def judgements(scope: Scope) -> Section:
    """Return how often the stated reason holds, and what misjudging costs."""
    blocks: list[Block | None] = [
        scope.measure_table(
            "measures",
            ("reason_attribution_share", "judged_returns_share",
             "misjudged_returns_share", "misjudged_money", "misjudged_money_lost"),
        ),
        _misjudged(scope),
        _confused(scope),
    ]  # fmt: skip
    marts = (
        "kpi_reason_attribution_by_marketplace_month", MISJUDGED, CONFUSION, MEASURES,
    )  # fmt: skip
    return section(scope, "judgements", blocks, marts)


def _misjudged(scope: Scope) -> Table | None:
    rows = scope.published.rows(
        MISJUDGED,
        "misjudged_amount desc nulls last, misjudged_count desc",
        seller_id=scope.seller_id,
        month_start_date=scope.month,
    )
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("misjudgement_class", row["misjudgement_class"]),
            scope.place(row),
            row.figure("misjudged_count", "count"),
            row.figure("checked_count", "count"),
            row.figure("misjudged_share", "share"),
            row.figure("misjudged_amount", "amount"),
            row.figure("recovered_amount", "amount"),
            row.figure("lost_amount", "amount"),
        ]
        for row in rows
        if row["misjudged_count"]
    ]
    heads = ("misjudgement", "place", "cases", "checked", "rate", "misjudged_amount",
             "recovered_amount", "lost_amount")  # fmt: skip
    return scope.table("misjudged", heads, cells) if cells else None


def _confused(scope: Scope) -> Table | None:
    """Return which party was blamed and which it was, where they differ."""
    key = {"seller_id": scope.seller_id, "month_start_date": scope.month}
    cells: list[list[Piece | Sentence]] = []
    for stated in scope.published.distinct(CONFUSION, "stated_fault_party", **key):
        found = {**key, "stated_fault_party": stated}
        for party in scope.published.distinct(
            CONFUSION, "evidenced_fault_party", **found
        ):
            if party == stated or "unassigned" in (party, stated):
                continue
            count = scope.published.total(
                CONFUSION, "sum(return_count)", "count",
                **found, evidenced_fault_party=party,
            )  # fmt: skip
            cells.append(
                [
                    scope.tell.code("fault_party", stated),
                    scope.tell.code("fault_party", party),
                    count,
                ]
            )
    heads = ("stated_party", "evidenced_party", "returns")
    return scope.table("confused", heads, cells) if cells else None
