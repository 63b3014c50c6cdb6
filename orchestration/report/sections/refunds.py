"""How fast refunds were, and which were late, missing or of another amount."""

from __future__ import annotations

from orchestration.report.document import (
    Block,
    Identifier,
    Paragraph,
    Piece,
    Section,
    Sentence,
    Table,
)
from orchestration.report.scope import Scope
from orchestration.report.sections.common import measure_trend, section
from orchestration.report.sections.todo import AUDITS, missing_refunds

REFUND_FAULTS = "kpi_refund_faults_by_marketplace_month"
_SHOWN_AUDITS = 10


def refunds(scope: Scope) -> Section:
    """Return how fast refunds were, and which were late or wrong."""
    missing = missing_refunds(scope, None)
    blocks: list[Block | None] = [
        Paragraph(missing) if missing else None,
        measure_trend(scope, "refunds_on_time_share", [0, 1]),
        scope.measure_table(
            "measures",
            (
                "refunds_on_time_share", "refunds_late_share", "refunds_missing_share",
                "refunds_before_receipt_share", "partial_refunds_share",
                "double_refunds_share", "receipt_to_refund_median_days",
                "receipt_to_refund_p90_days", "request_to_refund_median_days",
                "automatic_refunds_share", "refund_faults_open",
            ),
        ),
        _faults(scope),
        _open_faults(scope),
    ]  # fmt: skip
    marts = ("kpi_refund_speed_by_marketplace_month", REFUND_FAULTS)
    return section(scope, "refunds", blocks, marts)


def _faults(scope: Scope) -> Table | None:
    rows = scope.published.rows(
        REFUND_FAULTS,
        "fault_class, marketplace_code, channel",
        seller_id=scope.seller_id,
        month_start_date=scope.month,
    )
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("fault_class", row["fault_class"]),
            scope.place(row),
            row.figure("fault_count", "count"),
            row.figure("checked_count", "count"),
            row.figure("unexplained_count", "count"),
            row.figure("amazon_fault_count", "count"),
            row.figure("at_stake_amount", "amount"),
            row.figure("open_amount", "amount"),
        ]
        for row in rows
        if row["fault_count"]
    ]
    heads = ("fault", "place", "cases", "checked", "unexplained", "by_amazon",
             "at_stake", "open_amount")  # fmt: skip
    return scope.table("faults", heads, cells) if cells else None


def _open_faults(scope: Scope) -> Table | None:
    rows = [
        row
        for row in scope.published.rows(
            AUDITS,
            "open_amount desc nulls last",
            seller_id=scope.seller_id,
            is_fault=True,
        )
        if row["open_amount"]
    ][:_SHOWN_AUDITS]
    orders = {
        row["return_key"]: row["amazon_order_id"]
        for row in scope.published.rows(
            "fct_returns", return_key=[row["return_key"] for row in rows] or [""]
        )
    }
    cells: list[list[Piece | Sentence]] = [
        [
            row.figure("month_start_date", "month"),
            Identifier(orders.get(row["return_key"]) or "–"),
            Identifier(row["sku"] or "–"),
            scope.tell.code("fault_class", row["fault_class"]),
            row.figure("open_amount", "amount"),
        ]
        for row in rows
    ]
    heads = ("month", "order", "sku", "fault", "open_amount")
    note = scope.tell.say("open_faults_note", as_of=scope.as_of)
    return scope.table("open_faults", heads, cells, note) if cells else None
