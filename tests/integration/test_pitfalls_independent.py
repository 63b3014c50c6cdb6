"""Pitfalls against plain Python: each case, each unanswered cause, each mart row.

Waits are timed from messages' own instants, causes from returns and the log of actions,
thresholds from the seed's text; nothing is read from the tables under test.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import (
    close,
    local_date,
    month_of,
    seed,
    share,
    wilson,
)

Row = dict[str, Any]
RULES = {(r["pitfall_code"], r["stage_code"]): r for r in seed("pitfalls")}
PLACE = ("seller_id", "marketplace_code", "channel")


class Warehouse:
    """Rows of the demo run's tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, relation: str) -> list[Row]:
        result = self._connection.execute(f"from {relation}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Warehouse(connection)


@pytest.fixture(scope="module")
def controllable(warehouse: Warehouse) -> list[Row]:
    found = [
        row
        for row in warehouse.rows("facts.fct_returns")
        if row["is_counted"] and row["is_controllable"] and row["sku"]
    ]
    for row in found:
        row["month"] = month_of(row["requested_date"] or row["received_date"])
    return found


def months_back(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def covers(action: Row, cause: tuple[Any, ...], product: Row, days: int) -> bool:
    """Tell whether an action is about the cause and began in time."""
    _, place, sku, family, month = cause
    stated = (action["return_reason_family"] or "").lower()
    meant = {
        word["target_code"]
        for word in seed("action_words")
        if word["word_type"] == "reason_family" and word["stated_word"] == stated
    } or {action["return_reason_family"]}
    wanted = {
        "sku": sku,
        "asin": product.get("asin"),
        "category_name": (product.get("category_name") or "").lower(),
    }
    return (
        any(action[name] for name in (*wanted, "return_reason_family"))
        and (action["is_for_all_marketplaces"] or action["marketplace_code"] == place)
        and all(
            action[name] is None
            or (action[name].lower() if name == "category_name" else action[name])
            == wanted[name]
            for name in wanted
        )
        and (not stated or family in meant)
        and month - timedelta(days=days)
        <= action["started_date"]
        < months_back(month, -1)
    )


@pytest.fixture(scope="module")
def causes(warehouse: Warehouse, controllable: list[Row]) -> dict[Any, Row]:
    """Every cause of every product and month, with whether anybody answered it."""
    rule = RULES["cause_returns_unanalysed", "all"]
    counts = Counter(
        (r["seller_id"], r["marketplace_code"], r["sku"], r["return_reason_family"],
         r["month"])
        for r in controllable
    )  # fmt: skip
    products = {
        (r["seller_id"], r["sku"]): r for r in warehouse.rows("facts.dim_products")
    }
    actions: dict[str, list[Row]] = defaultdict(list)
    for action in warehouse.rows("facts.fct_actions"):
        actions[action["seller_id"]].append(action)
    found = {}
    for cause in counts:
        *key, month = cause
        window = [counts[*key, months_back(month, back)] for back in range(3)]
        product = products.get((cause[0], cause[2]), {})
        days = int(rule["action_days"])
        answers = [a for a in actions[cause[0]] if covers(a, cause, product, days)]
        repeated = (
            sum(window) >= int(rule["repeat_return_count"])
            and sum(map(bool, window)) >= int(rule["repeat_month_count"])
        )  # fmt: skip
        found[cause] = {
            "window_return_count": sum(window),
            "window_month_count": sum(map(bool, window)),
            "action_count": len({a["action_key"] for a in answers}),
            "is_repeated": repeated,
            "has_action_log": bool(actions[cause[0]]),
            "is_unanswered": repeated and bool(actions[cause[0]]) and not answers,
        }
    return found


def test_every_cause_is_found_and_answered_or_not(
    warehouse: Warehouse, causes: dict[Any, Row]
) -> None:
    table = {
        tuple(row[name] for name in (
            "seller_id", "marketplace_code", "sku", "return_reason_family",
            "month_start_date",
        )): row
        for row in warehouse.rows("facts.fct_unanswered_causes")
    }  # fmt: skip
    assert set(table) == set(causes)
    for cause, wanted in causes.items():
        found = {name: table[cause][name] for name in wanted}
        assert found == wanted, cause
    assert any(wanted["action_count"] for wanted in causes.values())
    assert max(wanted["window_month_count"] for wanted in causes.values()) > 1


@pytest.fixture(scope="module")
def cases(
    warehouse: Warehouse, controllable: list[Row], causes: dict[Any, Row]
) -> dict[Any, Row]:
    """Every case of every pitfall: where it counts and whether it is evidence."""
    found: dict[Any, Row] = {}

    def add(
        pitfall: str, key: str, row: Row, month: date, bad: bool, **more: Any
    ) -> None:
        found[pitfall, key] = {
            **{name: row[name] for name in PLACE},
            "pitfall_code": pitfall,
            "stage_code": "all",
            "sku": row.get("sku"),
            "month_start_date": month,
            "is_evidence": bad,
            "forgone_amount": None,
            "currency_code": None,
            **more,
        }

    refunds: dict[Any, list[Row]] = defaultdict(list)
    for row in warehouse.rows("facts.fct_refund_deadlines"):
        if row["is_counted"] and row["is_due"]:
            refunds[row["seller_id"], row["amazon_order_id"]].append(row)
    for row in warehouse.rows("facts.fct_conversation_segments"):
        due = refunds.get((row["seller_id"], row["amazon_order_id"]), [])
        states = {r["deadline_status"] for r in due}
        asked = row["first_buyer_message_at"]
        day = timedelta(hours=24)
        if (
            row["is_return_linked"]
            and states
            and states <= {"on_time", "before_receipt"}
            and row["observed_until_at"] - asked > day
        ):
            place = row["marketplace_code"]
            local = asked.date() if place == "unknown" else local_date(asked, place)
            answered = (
                row["replied_at"] is not None and row["replied_at"] - asked <= day
            )
            add(
                "fast_refund_poor_communication", row["segment_key"], row,
                month_of(local), not answered, sku=min(r["sku"] for r in due),
            )  # fmt: skip
    tolerated = float(RULES["goods_below_recoverable_value", "all"]["tolerated_share"])
    for row in warehouse.rows("facts.fct_return_recoveries"):
        if row["is_counted"] and row["forgone_amount"] is not None:
            forgone, price = row["forgone_amount"], row["list_price_amount"]
            add(
                "goods_below_recoverable_value", row["unit_key"], row,
                row["month_start_date"], float(forgone) > tolerated * float(price),
                forgone_amount=forgone, currency_code=row["currency_code"],
            )  # fmt: skip
    for row in controllable:
        cause = causes[
            row["seller_id"], row["marketplace_code"], row["sku"],
            row["return_reason_family"], row["month"],
        ]  # fmt: skip
        if cause["has_action_log"]:
            add(
                "cause_returns_unanalysed", row["return_key"], row, row["month"],
                cause["is_unanswered"],
            )  # fmt: skip
    for row in warehouse.rows("facts.fct_return_events"):
        stage = ("manual_work_at_volume", row["stage_code"])
        known = row["actor_kind"] in ("person", "system")
        if row["is_counted"] and known and stage in RULES:
            add(
                stage[0], row["return_event_key"], row,
                month_of(row["event_date_local"]), row["actor_kind"] == "person",
                stage_code=stage[1],
            )  # fmt: skip
    return found


def test_every_case_names_its_row(warehouse: Warehouse, cases: dict[Any, Row]) -> None:
    table = {
        (row["pitfall_code"], row["evidence_key"]): row
        for row in warehouse.rows("facts.fct_pitfall_cases")
    }
    assert set(table) == set(cases)
    for key, wanted in cases.items():
        assert {name: table[key][name] for name in wanted} == wanted, key
    evidence = Counter(r["pitfall_code"] for r in cases.values() if r["is_evidence"])
    # a business of this size repeats no cause: what is one is in the unit tests
    assert len(evidence) >= len({code for code, _ in RULES}) - 1


def test_every_pitfall_of_every_member(
    warehouse: Warehouse, cases: dict[Any, Row]
) -> None:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for case in cases.values():
        for place in (case["marketplace_code"], "all"):
            for channel in (case["channel"], "all"):
                groups[
                    case["seller_id"], place, channel, case["month_start_date"],
                    case["pitfall_code"], case["stage_code"],
                ].append(case)  # fmt: skip
    table = {
        tuple(row[name] for name in (
            "seller_id", "marketplace_code", "channel", "month_start_date",
            "pitfall_code", "stage_code",
        )): row
        for row in warehouse.rows("marts.kpi_pitfalls_by_marketplace_month")
    }  # fmt: skip
    assert set(table) == set(groups)
    for key, group in groups.items():
        row, rule = table[key], RULES[key[-2:]]
        evidence = [case for case in group if case["is_evidence"]]
        low, high = wilson(len(evidence), len(group))
        part = share(len(evidence), len(group)) or 0.0
        assert (row["case_count"], row["evidence_count"]) == (len(group), len(evidence))
        assert row["evidence_sku_count"] == len({c["sku"] for c in evidence} - {None})
        assert close(row["evidence_share"], part), key
        assert close(row["evidence_share_low"], low), key
        assert close(row["evidence_share_high"], high), key
        threshold = float(rule["flag_share"])
        if len(group) < int(rule["minimum_case_count"]):
            status = "too_few"
        elif len(evidence) < int(rule["minimum_evidence_count"]):
            status = "clear"
        elif (low or 0) >= threshold:
            status = "flagged"
        else:
            status = "suspected" if part >= threshold else "clear"
        assert row["pitfall_status"] == status, key
        assert row["is_flagged"] == (status == "flagged")
        currencies = {c["currency_code"] for c in evidence} - {None}
        amounts = [c["forgone_amount"] for c in evidence if c["forgone_amount"]]
        single = len(currencies) == 1
        assert row["evidence_amount"] == (sum(amounts) if single else None), key
    statuses = Counter(row["pitfall_status"] for row in table.values())
    assert statuses["too_few"] and statuses["clear"]
