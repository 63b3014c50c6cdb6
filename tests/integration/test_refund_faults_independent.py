"""Refund faults, automatic refunds and refund speed by SKU against plain Python.

Deadlines and the state of each refund are proved by test_kpis_independent; here they
are given, and every question about every refund is answered again from returns,
refunds, matches and order lines. Every row of each mart is compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.judgement_reference import (
    TOLERANCE,
    Case,
    Row,
    findings_by_return,
    place_of,
)
from tests.integration.kpi_reference import close, seed, share, wilson
from tests.integration.test_judgements_independent import FACTS, PLACE, read

POLICIES = {row["resolution_type"]: row for row in seed("refund_policies")}
Fault = dict[str, Any]


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def findings(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return findings_by_return({n: read(warehouse, f"facts.{n}") for n in FACTS})


@pytest.fixture(scope="module")
def deadlines(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    receipts = {
        row["return_key"]: row["receipt_status"]
        for row in read(warehouse, "facts.fct_return_progress")
    }
    rows = read(warehouse, "facts.fct_refund_deadlines")
    return {
        row["return_key"]: row | {"receipt": receipts[row["return_key"]]}
        for row in rows
        if row["is_counted"] and row["month_start_date"]
    }


def allows(case: Case, rule: str) -> bool:
    """Tell what the seed says of the way the request ended."""
    policy = POLICIES.get(case.row["resolution_type"] or "")
    return bool(policy and policy[rule] == "true")


def time_faults(case: Case, state: Row) -> dict[str, Fault | None]:
    """Late, missing and early: null is no fault, no key is not asked."""
    faults: dict[str, Fault | None] = {}
    is_fba = case.row["channel"] == "fba"
    if state["is_due"]:
        faults["late"] = faults["missing"] = None
        if state["deadline_status"] == "late":
            faults["late"] = {"amount": case.total(), "open": Fraction(0)}
        if state["deadline_status"] == "missing":
            owed = owed_price(case)
            faults["missing"] = {"amount": owed, "open": owed}
    if state["refund_status"] == "done" and state["receipt"] in ("done", "open"):
        is_out = state["receipt"] == "open"
        faults["early"] = None
        if is_out or state["deadline_status"] == "before_receipt":
            allowed = is_fba or allows(case, "is_before_receipt_allowed")
            exposed = case.total() if is_out and not allowed else Fraction(0)
            faults["early"] = {
                "amount": case.total(),
                "open": exposed,
                "explained": allowed,
            }
    return faults


def owed_price(case: Case) -> Fraction | None:
    """Return the order line's price of the units nobody refunded."""
    line = case.line
    if not line or not line["quantity"] or line["item_amount"] is None:
        return None
    if line["currency_code"] != case.row["currency_code"]:
        return None
    units: int = case.row["returned_quantity"] - case.units
    return Fraction(line["item_amount"]) / Fraction(line["quantity"]) * units


def money_faults(case: Case, state: Row) -> dict[str, Fault | None]:
    """Partial, double and wrong."""
    faults: dict[str, Fault | None] = {}
    if case.price is not None:
        faults["partial"] = None
        short = case.price - case.goods(with_tax=True)
        if short > case.price * TOLERANCE:
            fee = case.fee()
            fits = fee is not None and round(fee[0], 2) >= round(fee[1], 2)
            allowed = case.row["channel"] == "fba" or fits
            left = Fraction(0) if allowed else short
            faults["partial"] = {"amount": short, "open": left, "explained": allowed}
    again = case.total("double")
    if state["refund_status"] == "done" or again:
        faults["double"] = {"amount": again, "open": again} if again else None
    if case.is_refunded:
        faults["wrong"] = None
        reasons = ("more_units_than_returned", "no_refund_expected", "sku_differs")
        if wrong := case.total(*reasons):
            faults["wrong"] = {"amount": wrong, "open": wrong}
        elif case.above_price:
            faults["wrong"] = {"amount": case.above_price, "open": case.above_price}
    return faults


def test_refund_faults(
    warehouse: duckdb.DuckDBPyConnection,
    findings: dict[str, Any],
    deadlines: dict[str, Row],
) -> None:
    expected: dict[Any, list[Fault | None]] = defaultdict(list)
    for key, (case, _) in findings.items():
        state = deadlines[key]
        answers = time_faults(case, state) | money_faults(case, state)
        currency = case.row["currency_code"] or "unknown"
        for name, fault in answers.items():
            expected[(*place_of(case.row), name, currency)].append(fault)
    mart = read(warehouse, "marts.kpi_refund_faults_by_marketplace_month")
    names = (*PLACE, "fault_class", "currency_code")
    assert {tuple(row[n] for n in names) for row in mart} == set(expected)
    for row in mart:
        asked = expected[tuple(row[n] for n in names)]
        faults = [fault for fault in asked if fault]
        plain = [fault for fault in faults if not fault.get("explained")]
        assert row["checked_count"] == len(asked), row
        assert row["fault_count"] == len(faults), row
        assert row["unexplained_count"] == len(plain), row
        known = [fault for fault in faults if fault["amount"] is not None]
        assert row["amount_known_count"] == len(known), row
        cents = 0.0051 * max(len(faults), 1)
        for column, group, part in (
            ("at_stake_amount", faults, "amount"),
            ("unexplained_amount", plain, "amount"),
            ("open_amount", faults, "open"),
        ):
            money = float(sum(fault[part] or 0 for fault in group))
            assert close(row[column], money, cents), row
        compare_share(row, "fault_share", len(faults), len(asked))
        compare_share(row, "unexplained_share", len(plain), len(asked))
    seen = {row["fault_class"] for row in mart if row["fault_count"]}
    assert seen >= {"late", "missing", "early", "partial", "double"}


def compare_share(row: Row, name: str, part: int, whole: int) -> None:
    low, high = wilson(part, whole)
    assert close(row[name], share(part, whole)), row
    assert close(row[f"{name}_low"], low), row
    assert close(row[f"{name}_high"], high), row


def test_late_missing_and_partial_are_those_of_refund_speed(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Two marts say the same of the same months."""
    faults: Counter[Any] = Counter()
    for row in read(warehouse, "marts.kpi_refund_faults_by_marketplace_month"):
        place = tuple(row[n] for n in PLACE)
        faults[(place, row["fault_class"])] += row["fault_count"]
    for row in read(warehouse, "marts.kpi_refund_speed_by_marketplace_month"):
        place = tuple(row[n] for n in PLACE)
        for name in ("late", "missing", "partial"):
            assert faults[(place, name)] == (row[f"{name}_count"] or 0), row


def test_automatic_refunds_and_lost_rights(
    warehouse: duckdb.DuckDBPyConnection, findings: dict[str, Any]
) -> None:
    expected: dict[Any, list[tuple[Case, Any]]] = defaultdict(list)
    for case, found in findings.values():
        row = case.row
        if row["channel"] == "mfn" and row["requested_date"] and case.is_refunded:
            currency = row["currency_code"] or "unknown"
            expected[(*place_of(row), currency)].append((case, found))
    mart = read(warehouse, "marts.kpi_automatic_refunds_by_marketplace_month")
    names = (*PLACE, "currency_code")
    assert {tuple(row[n] for n in names) for row in mart} == set(expected)
    for row in mart:
        group = expected[tuple(row[n] for n in names)]
        known = [c for c, _ in group if c.row["resolution_type"] in POLICIES]
        automatic = [c for c in known if allows(c, "is_automatic")]
        lost = [(c, f) for c, f in group if is_right_lost(c)]
        assert row["refunded_return_count"] == len(group)
        assert row["resolution_known_count"] == len(known)
        assert row["automatic_count"] == len(automatic)
        assert row["right_lost_count"] == len(lost)
        assert row["claimed_count"] == sum(
            c.row["safe_t_claim_id"] is not None for c, _ in group
        )
        grounds = [ground(found) for _, found in lost]
        claimable = [float(money) for money in grounds if money is not None]
        assert row["claimable_known_count"] == len(claimable)
        ground_count = sum(money is None or money > 0 for money in grounds)
        assert row["right_lost_with_ground_count"] == ground_count
        cents = 0.011 * max(len(lost), 1)
        assert close(row["right_lost_claimable_amount"], sum(claimable), cents)
        refunded = sum(float(c.total() or 0) for c, _ in group)
        assert close(row["refunded_amount"], refunded, 0.001)
        compare_share(row, "automatic_share", len(automatic), len(known))
        compare_share(row, "right_lost_share", len(lost), len(group))
        assert close(row["known_share"], share(len(known), len(group)))
    assert sum(row["right_lost_count"] for row in mart) > 0


def is_right_lost(case: Case) -> bool:
    kinds = {refund["refund_type"] for _, refund in case.own + case.extra}
    is_late = case.row["resolution_type"] == "automated_refund"
    return (is_late or "a_to_z" in kinds) and case.row["safe_t_claim_id"] is None


def ground(found: dict[str, Any]) -> Fraction | None:
    """Add up the label and blame the seller bore; None where one is not known."""
    names = ("label_paid_by_wrong_party", "wrong_party_blamed")
    claims = [found[name] for name in names if name in found]
    parts = [
        finding["misjudged"]
        for finding in claims
        if finding["is_misjudged"] and finding["bearer"] == "seller"
    ]
    return None if None in parts else sum(parts, Fraction(0))


def test_refund_speed_by_sku(
    warehouse: duckdb.DuckDBPyConnection, deadlines: dict[str, Row]
) -> None:
    expected: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in deadlines.values():
        sums = expected[(*(row[n] for n in PLACE), row["sku"])]
        status, is_due = row["deadline_status"], row["is_due"]
        sums["return_count"] += 1
        sums["refunded_count"] += row["refund_status"] == "done"
        sums["open_count"] += row["refund_status"] == "open"
        sums["unknown_count"] += row["refund_status"] == "unknown"
        sums["no_refund_due_count"] += row["refund_status"] == "not_applicable"
        sums["due_count"] += is_due
        sums["on_time_count"] += is_due and status in ("on_time", "before_receipt")
        sums["late_count"] += is_due and status == "late"
        sums["missing_count"] += is_due and status == "missing"
        sums["refunded_before_receipt_count"] += status == "before_receipt"
        sums["amount_checked_count"] += row["is_amount_checked"]
        sums["partial_count"] += row["is_partially_refunded"]
        sums["double_count"] += (
            row["is_double_refunded"] and row["refund_status"] == "done"
        )
        if row["receipt_to_refund_days"] is not None and status != "before_receipt":
            sums["receipt_clock_count"] += 1
            sums["receipt_to_refund_days"] += row["receipt_to_refund_days"]
        if row["request_to_refund_days"] is not None:
            sums["request_clock_count"] += 1
            sums["request_to_refund_days"] += row["request_to_refund_days"]
    mart = read(warehouse, "marts.kpi_refund_speed_by_sku_month")
    assert {(*(r[n] for n in PLACE), r["sku"]) for r in mart} == set(expected)
    for row in mart:
        sums = expected[(*(row[n] for n in PLACE), row["sku"])]
        assert {name: row[name] for name in sums} == dict(sums)
        compare_share(row, "on_time_share", sums["on_time_count"], sums["due_count"])
