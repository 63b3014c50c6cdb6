"""Claims against plain Python, loss by loss."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.claims_reference import REASONS, claim_chances
from tests.integration.kpi_reference import close, month_of, share, wilson
from tests.integration.recovery_reference import (
    PLACE,
    Row,
    Warehouse,
    grouped,
    parameter,
    same,
    total,
)

STATES = {"granted": "granted", "denied": "refused"}


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Warehouse(connection)


@pytest.fixture(scope="module")
def chances(warehouse: Warehouse) -> list[Row]:
    return claim_chances(warehouse)


def test_every_chance_has_its_window_amount_and_state(
    warehouse: Warehouse, chances: list[Row]
) -> None:
    keys = ("seller_id", "marketplace_code", "sku", "evidence", "state", "loss_date")
    expected = grouped(chances, *keys)
    found = grouped(
        [
            row | {"evidence": row["evidence_code"], "state": row["claim_status"]}
            for row in warehouse.rows("facts.fct_claims")
            if row["claim_status"] in ("open", "not_yet_open", "expired", "undated")
        ],
        *keys,
    )
    assert set(found) == set(expected)
    for key, losses in expected.items():
        rows = found[key]
        assert sum(row["claim_quantity"] for row in rows) == sum(
            loss["units"] for loss in losses
        )
        same(total(r["due_amount"] for r in rows), total(x["due"] for x in losses), key)
        assert {row["deadline_date"] for row in rows} == {x["deadline"] for x in losses}
        assert {row["claim_type"] for row in rows} == {x["type"] for x in losses}
        assert {row["left_days"] for row in rows} == {x["left"] for x in losses}
        assert {r["is_window_assumed"] for r in rows} == {x["assumed"] for x in losses}
    states = {loss["state"] for loss in chances}
    assert states >= {"open", "expired"}
    assert len({loss["evidence"] for loss in chances}) >= 4


def test_granted_and_clawed_back_money_is_what_the_reports_state(
    warehouse: Warehouse,
) -> None:
    granted: dict[Any, Decimal] = defaultdict(Decimal)
    taken: dict[Any, Decimal] = defaultdict(Decimal)
    for row in warehouse.rows("facts.fct_return_outcomes"):
        place = (row["seller_id"], "safe_t", row["currency_code"])
        granted[place] += row["claim_amount"] or 0
    for row in warehouse.rows("facts.fct_reimbursements"):
        place = (row["seller_id"], "fba", row["currency_code"])
        if row["is_reversal"]:
            taken[place] -= row["counted_amount"] or 0
        else:
            granted[place] += row["counted_amount"] or 0
    for name, expected in (("granted", granted), ("clawed_back", taken)):
        found: dict[Any, Decimal] = defaultdict(Decimal)
        for row in warehouse.rows("marts.kpi_claims_by_marketplace_month"):
            kind = "safe_t" if row["claim_type"] == "safe_t" else "fba"
            place = (row["seller_id"], kind, row["currency_code"])
            found[place] += row[f"{name}_amount"] or 0
        assert {k: v for k, v in found.items() if v} == {
            k: v for k, v in expected.items() if v
        }
    assert {kind for (_, kind, _), amount in granted.items() if amount} == {
        "safe_t",
        "fba",
    }


def filed(warehouse: Warehouse) -> Iterator[Row]:
    """Claims the reports show, one a SAFE-T number and one a reimbursement number."""
    progress = warehouse.keyed("facts.fct_return_progress", "return_key")
    numbers: set[Any] = set()
    returns = warehouse.rows("facts.fct_returns")
    for row in sorted(returns, key=lambda row: row["return_key"]):
        if not row["safe_t_claim_id"]:
            continue
        refunded = progress[row["return_key"]]["first_refunded_date_local"]
        number = (row["seller_id"], row["safe_t_claim_id"])
        yield row | {
            "type": "safe_t",
            "state": STATES.get(row["safe_t_claim_status"], "claimed"),
            "day": refunded or row["received_date"] or row["requested_date"],
            "is_first": number not in numbers,
        }
        numbers.add(number)
    reimbursements = warehouse.rows("facts.fct_reimbursements")
    for row in sorted(reimbursements, key=lambda row: row["reimbursement_key"]):
        if row["is_reversal"]:
            continue
        kind = REASONS.get(row["reimbursement_reason_code"], "fba_other")
        back = row["reversed_amount"] or 0
        number = (row["seller_id"], row["reimbursement_id"])
        yield row | {
            "type": "fba_customer_return" if row["is_return_related"] else kind,
            "state": "clawed_back" if back >= row["reimbursed_amount"] else "granted",
            "day": row["approved_date_local"], "channel": "fba",
            "is_first": number not in numbers,
        }  # fmt: skip
        numbers.add(number)


def test_claims_of_every_month(warehouse: Warehouse, chances: list[Row]) -> None:
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in filed(warehouse):
        place = (*(row[name] for name in PLACE), month_of(row["day"]), row["type"])
        counts[(*place, row["currency_code"])][row["state"]] += row["is_first"]
    seen = set()
    for loss in chances:
        place = tuple(loss[name] for name in PLACE)
        month = month_of(loss["loss_date"] or loss["began"])
        key = (*place, month, loss["type"], loss["currency"])
        one = (key, loss["record"], loss["evidence"], loss["state"], loss["loss_date"])
        soon = parameter("claim_soon_days", loss["loss_date"] or loss["began"])
        if one not in seen:
            counts[key][loss["state"]] += 1
            is_soon = loss["state"] == "open" and loss["left"] <= soon
            counts[key]["due_soon"] += is_soon
        seen.add(one)
    keys = (*PLACE, "month_start_date", "claim_type", "currency_code")
    mart = warehouse.keyed("marts.kpi_claims_by_marketplace_month", *keys)
    assert set(mart) == set(counts)
    for key, states in counts.items():
        row = mart[key]
        for state in ("open", "not_yet_open", "expired", "undated", "claimed",
                      "granted", "refused", "clawed_back", "due_soon"):  # fmt: skip
            assert row[f"{state}_count"] == states[state], (key, state)
        paid = states["granted"] + states["clawed_back"]
        decided = paid + states["refused"]
        assert close(row["granted_share"], share(paid, decided))
        low, high = wilson(paid, decided)
        assert close(row["granted_share_low"], low)
        assert close(row["granted_share_high"], high)
    assert any(row["refused_count"] and row["granted_count"] for row in mart.values())
