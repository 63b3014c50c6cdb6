"""What came back, what can still be claimed, what puts the account at risk."""

from __future__ import annotations

from typing import Any

from orchestration.report.charts import bars
from orchestration.report.document import (
    Block,
    Chart,
    Figure,
    Identifier,
    Paragraph,
    Piece,
    Section,
    Sentence,
    Table,
)
from orchestration.report.reading import Row
from orchestration.report.scope import Scope
from orchestration.report.sections.common import says, section
from orchestration.report.sections.todo import (
    ACCOUNT,
    CLAIMS,
    QUEUE,
    claims_to_file,
)

_OUTCOMES = (
    "restocked", "resold", "liquidated", "removed", "donated", "disposed",
    "reimbursed", "kept_by_buyer", "lost", "open",
)  # fmt: skip
_SHOWN_PARCELS = 8
_SHOWN_CLAIMS = 25


def recovery(scope: Scope) -> Section:
    """Return where units end, what value comes back, what waits for inspection."""
    blocks: list[Block | None] = [
        _outcomes(scope),
        scope.measure_table(
            "measures",
            (
                "recovered_value", "recovered_value_per_cost", "written_off",
                "forgone_value", "return_costs", "return_cost_per_unit", "net_loss",
                "net_loss_per_unit", "units_sold_again_share", "units_destroyed_share",
                "receipt_to_sellable_mean_days",
            ),
        ),
        _queue(scope),
    ]  # fmt: skip
    marts = (
        "kpi_return_balance_by_marketplace_month", "kpi_recovery_by_marketplace_month",
        "kpi_return_costs_by_marketplace_month", QUEUE,
    )  # fmt: skip
    return section(scope, "recovery", blocks, marts)


def _outcomes(scope: Scope) -> Chart | None:
    drawn: list[dict[str, Any]] = []
    cells: list[list[Piece | Sentence]] = []
    for outcome in _OUTCOMES:
        row = scope.measure(f"units_{outcome}_share")
        if row is None or row["measure_value"] is None:
            continue
        share, before = scope.value(row), scope.value(row, "previous_month_value")
        name = scope.tell.code("units_end", outcome)
        drawn.append(
            {
                "name": name,
                "value": share.number,
                "before": before.number if before.known else None,
                "label": scope.tell.figure(share),
            }
        )
        units = row.figure("numerator_value", "count")
        cells.append(
            [name, units, row.figure("denominator_value", "count"), share, before]
        )
    if not drawn:
        return None
    heads = ("outcome", "units", "of_units", "this_month", "last_month")
    table = scope.table("outcomes", heads, cells, scope.tell.say("outcomes_note"))
    alt = scope.tell.say("outcomes_alt", rows=[[row[0], row[3]] for row in cells[:3]])
    return Chart(table.title, alt, bars(drawn), table)


def _queue(scope: Scope) -> Table | None:
    rows = scope.published.rows(
        QUEUE, "queue_rank", limit=_SHOWN_PARCELS, seller_id=scope.seller_id
    )
    cells: list[list[Piece | Sentence]] = [
        [
            row.figure("queue_rank", "count"),
            scope.place(row),
            Identifier(row["sku"]),
            Identifier(row["amazon_order_id"]),
            scope.tell.code("next_step_code", row["next_step_code"]),
            scope.tell.code("priority_reason_code", row["priority_reason_code"]),
            row.figure("waiting_days", "count"),
            row.figure("goods_amount", "amount"),
            row.figure("priority_amount", "amount"),
        ]
        for row in rows
    ]
    heads = ("rank", "place", "sku", "order", "next_step", "priority",
             "waiting_days", "goods_amount", "priority_amount")  # fmt: skip
    note = scope.tell.say("queue_note", as_of=scope.as_of)
    return scope.table("queue", heads, cells, note) if cells else None


def claims(scope: Scope) -> Section:
    """Return what can be claimed, until when, and how claims went."""
    sentence = claims_to_file(scope, None)
    blocks: list[Block | None] = [
        Paragraph(sentence) if sentence else None,
        _open_claims(scope),
        scope.measure_table(
            "measures",
            ("claims_granted_share", "claims_open", "claims_granted", "claims_expired",
             "claims_clawed_back", "claim_rights_lost_share"),
        ),
    ]  # fmt: skip
    marts = (
        "kpi_claims_by_marketplace_month", "kpi_automatic_refunds_by_marketplace_month",
    )  # fmt: skip
    return section(scope, "claims", blocks, marts)


def _open_claims(scope: Scope) -> Table | None:
    rows = scope.published.rows(
        CLAIMS,
        "deadline_date, due_amount desc nulls last",
        limit=_SHOWN_CLAIMS,
        seller_id=scope.seller_id,
        claim_status="open",
    )
    none = scope.tell.word("no_order")
    cells: list[list[Piece | Sentence]] = [
        [
            row.figure("deadline_date", "date"),
            row.figure("left_days", "count"),
            scope.tell.code("claim_type", row["claim_type"]),
            scope.place(row),
            Identifier(row["amazon_order_id"]) if row["amazon_order_id"] else none,
            Identifier(row["sku"] or "–"),
            scope.tell.code("evidence_code", row["evidence_code"]),
            row.figure("due_amount", "amount"),
        ]
        for row in rows
    ]
    heads = ("deadline", "left_days", "claim", "place", "order", "sku", "evidence",
             "due_amount")  # fmt: skip
    note = scope.tell.say("claims_note", as_of=scope.as_of)
    return scope.table("open_claims", heads, cells, note) if cells else None


def account(scope: Scope) -> Section:
    """Return how near each account metric is to Amazon's threshold."""
    order = {
        row["metric_code"]: row["metric_order"]
        for row in scope.published.rows("dim_account_metrics")
    }
    rank = {"over_threshold": 0, "warning": 1, "inside": 2}
    rows = sorted(
        (
            row
            for row in scope.published.rows(
                ACCOUNT, seller_id=scope.seller_id, month_start_date=scope.month
            )
            if row["part_of_metric_code"] is None
            and row["risk_status"] in rank
            and row["judged_rate"] is not None
        ),
        key=lambda row: (
            rank[row["risk_status"]],
            order.get(row["metric_code"], len(order)),
            row["marketplace_code"],
            row["channel"],
        ),
    )
    blocks: list[Block | None] = []
    if rows:
        blocks += [_risk_sentence(scope, rows), _risks(scope, rows)]
    return section(scope, "account", blocks, (ACCOUNT,))


def _risk_sentence(scope: Scope, rows: list[Row]) -> Block:
    key: dict[str, Any] = {
        "seller_id": scope.seller_id,
        "month_start_date": scope.month,
        "part_of_metric_code": None,
    }
    counted: dict[str, Figure] = {
        status: scope.published.total(
            ACCOUNT, "count(*)", "count", **key, risk_status=status
        )
        for status in ("over_threshold", "warning", "inside")
    }
    return says(scope, "risks", **counted)


def _risks(scope: Scope, rows: list[Row]) -> Table:
    cells: list[list[Piece | Sentence]] = [
        [
            scope.tell.code("metric_code", row["metric_code"]),
            scope.place(row),
            scope.tell.code("risk_status", row["risk_status"]),
            _rate(row, "judged_rate"),
            _rate(row, "threshold_value"),
            scope.tell.code("judged_source", row["judged_source"]),
            row.figure("headroom_count", "count"),
            scope.tell.code("trend_status", row["trend_status"]),
            scope.seeded("consequence", row["metric_code"], row["consequence_text"]),
        ]
        for row in rows
    ]
    heads = ("metric", "place", "state", "rate", "threshold", "judged", "headroom",
             "trend_status", "consequence")  # fmt: skip
    return scope.table("risks", heads, cells, scope.tell.say("risks_note"))


def _rate(row: Row, column: str) -> Figure:
    """Return a rate as one; account health rating and violations are numbers."""
    plain = row["metric_code"] in ("account_health_rating", "listing_policy_violations")
    return row.figure(column, "count" if plain else "rate")
