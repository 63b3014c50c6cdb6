"""What to do now, the most pressing first; each with where the evidence stands."""

from __future__ import annotations

from orchestration.report.document import Given, Identifier, Link, Sentence
from orchestration.report.reading import Row
from orchestration.report.scope import Scope

ACCOUNT = "kpi_account_risk_by_marketplace_month"
DEADLINES = "fct_refund_deadlines"
AUDITS = "fct_refund_audits"
CLAIMS = "fct_claims"
QUEUE = "kpi_inspection_queue_by_return_day"
REPEATED = "kpi_repeated_causes_by_sku_month"
EFFECTS = "kpi_action_effects_by_action_month"
TRUST = "kpi_source_trust_by_seller_month"
SHOWN = 7
_ACCOUNT_ITEMS = 2
# What Amazon names no penalty for comes after what can stop the sale.
_WITHOUT_PENALTY = ("contact_response_rate", "return_dissatisfaction_rate")


def to_do(scope: Scope) -> list[Sentence]:
    """Return the first page's list."""
    found = [
        *_account(scope),
        missing_refunds(scope, where(scope, "refunds")),
        _double_refunds(scope),
        claims_to_file(scope, where(scope, "claims")),
        _queue(scope),
        *_causes(scope),
        *_failed_actions(scope),
        _late_sources(scope),
    ]
    return [sentence for sentence in found if sentence][:SHOWN]


def where(scope: Scope, section: str) -> Link:
    """Return the reference to a section of the report."""
    return Link(scope.tell.texts["sections"][section][0], f"#{section}")


def threatening(scope: Scope) -> list[Row]:
    """Return the account metrics beyond Amazon's threshold, the gravest first."""
    rows = scope.published.rows(
        ACCOUNT,
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        risk_status="over_threshold",
    )
    order = {
        row["metric_code"]: row["metric_order"]
        for row in scope.published.rows("dim_account_metrics")
    }
    return sorted(
        (row for row in rows if row["part_of_metric_code"] is None),
        key=lambda row: (
            row["metric_code"] in _WITHOUT_PENALTY,
            order.get(row["metric_code"], len(order)),
            row["marketplace_code"],
        ),
    )


def _account(scope: Scope) -> list[Sentence]:
    return [
        scope.tell.say(
            "do_account",
            metric=scope.tell.code("metric_code", row["metric_code"]),
            place=scope.place(row),
            rate=row.figure("judged_rate", "rate"),
            threshold=row.figure("threshold_value", "rate"),
            where=where(scope, "account"),
        )
        for row in threatening(scope)[:_ACCOUNT_ITEMS]
    ]


def missing_refunds(scope: Scope, place: Link | None) -> Sentence:
    """Say how many refunds are past their deadline and not paid."""
    key = {
        "seller_id": scope.seller_id,
        "deadline_status": "missing",
        "refund_status": "open",
    }
    count = scope.published.total(DEADLINES, "count(*)", "count", **key)
    if not count.rising:
        return ()
    return scope.tell.say(
        "do_missing_refunds",
        count=count,
        oldest=scope.published.total(DEADLINES, "min(refund_due_date)", "date", **key),
        where=place,
    )


def _double_refunds(scope: Scope) -> Sentence:
    key = {"seller_id": scope.seller_id, "fault_class": "double", "is_fault": True}
    amounts = [
        amount
        for currency in scope.published.distinct(AUDITS, "currency_code", **key)
        if (
            amount := scope.published.total(
                AUDITS, "sum(open_amount)", "amount", currency,
                **key, currency_code=currency,
            )
        ).rising
    ]  # fmt: skip
    if not amounts:
        return ()
    return scope.tell.say(
        "do_double_refunds", amounts=amounts, where=where(scope, "refunds")
    )


def claims_to_file(scope: Scope, place: Link | None) -> Sentence:
    """Say what can be claimed now, and until when."""
    key = {"seller_id": scope.seller_id, "claim_status": "open"}
    count = scope.published.total(CLAIMS, "count(*)", "count", **key)
    if not count.rising:
        return ()
    amounts = [
        scope.published.total(
            CLAIMS, "sum(due_amount)", "amount", currency,
            **key, currency_code=currency,
        )
        for currency in scope.published.distinct(CLAIMS, "currency_code", **key)
    ]  # fmt: skip
    return scope.tell.say(
        "do_claims",
        count=count,
        amounts=[amount for amount in amounts if amount.known],
        first=scope.published.total(CLAIMS, "min(deadline_date)", "date", **key),
        where=place,
    )


def _queue(scope: Scope) -> Sentence:
    key = {"seller_id": scope.seller_id}
    count = scope.published.total(QUEUE, "count(*)", "count", **key)
    row = next(iter(scope.published.rows(QUEUE, "queue_rank", limit=1, **key)), None)
    if row is None:
        return ()
    return scope.tell.say(
        "do_queue",
        count=count,
        sku=Identifier(row["sku"]),
        order=Identifier(row["amazon_order_id"]),
        step=scope.tell.code("next_step_code", row["next_step_code"]),
        days=row.figure("waiting_days", "count"),
        where=where(scope, "recovery"),
    )


def _causes(scope: Scope) -> list[Sentence]:
    rows = scope.published.rows(
        REPEATED,
        "observed_ratio desc",
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        is_signal=True,
    )
    found, told = [], set()
    for row in rows:
        if row["sku"] in told or not (row["is_unanswered"] or row["is_repeated"]):
            continue
        told.add(row["sku"])
        name = "do_repeated_cause" if row["is_repeated"] else "do_unanswered_cause"
        found.append(
            scope.tell.say(
                name,
                sku=Identifier(row["sku"]),
                family=scope.tell.code(
                    "return_reason_family", row["return_reason_family"]
                ),
                ratio=row.figure("observed_ratio", "ratio"),
                months=row.figure("signal_month_count", "count"),
                where=where(scope, "causes"),
            )
        )
    return found


def latest_effects(scope: Scope) -> list[Row]:
    """Return the newest verdict on each action up to the month, its target first."""
    rows = [
        row
        for row in scope.published.rows(
            EFFECTS, "month_start_date desc, is_target desc", seller_id=scope.seller_id
        )
        if row["month_start_date"] <= scope.month
    ]
    newest: dict[str, Row] = {}
    for row in rows:
        kept = newest.get(row["action_id"])
        if kept is None or (row["is_target"] and not kept["is_target"]):
            newest[row["action_id"]] = row
    return sorted(newest.values(), key=lambda row: str(row["action_id"]))


def _failed_actions(scope: Scope) -> list[Sentence]:
    lesson = {"en": "lesson_text", "zh": "lesson_zh_text"}[scope.tell.language]
    return [
        scope.tell.say(
            "do_failed_action",
            action=Identifier(row["action_id"]),
            text=Given(row["action_text"] or ""),
            lesson=Given(row[lesson] or "", scope.tell.language),
            where=where(scope, "actions"),
        )
        for row in latest_effects(scope)
        if row["verdict_status"] == "failure"
    ]


def _late_sources(scope: Scope) -> Sentence:
    rows = scope.published.rows(
        TRUST,
        seller_id=scope.seller_id,
        month_start_date=scope.month,
        is_doubtful=True,
    )
    if not rows:
        return ()
    names = [scope.tell.code("source_code", row["source_code"]) for row in rows]
    return scope.tell.say("do_sources", sources=names, where=where(scope, "trust"))
