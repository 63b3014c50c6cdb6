"""The inspection queue against plain Python, parcel by parcel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.claims_reference import (
    OTHERS,
    RIGHTS_LOST,
    claim_chances,
    rule_of,
)
from tests.integration.recovery_reference import (
    NOTHING,
    Row,
    Warehouse,
    cents,
    grouped,
    parameter,
    same,
    total,
)

PARTS = ("claim", "refund", "decay")
REASONS = {
    "claim": "claim_window", "refund": "refund_deadline", "decay": "resale_decay",
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Warehouse(connection)


def waiting(warehouse: Warehouse) -> Iterator[tuple[Row, list[Row]]]:
    """Every parcel of the seller's own that is here and has units without an end."""
    returns = warehouse.keyed("facts.fct_returns", "return_key")
    outcomes = warehouse.rows("facts.fct_return_outcomes")
    there = [unit for unit in outcomes if unit["is_counted"] and unit["is_open"]]
    for (key,), units in grouped(there, "return_key").items():
        item = returns.get(key, {})
        if units[0]["channel"] != "fba" and item.get("received_date"):
            yield item, units


def claimable_shares(warehouse: Warehouse, today: dict[str, date]) -> dict[str, float]:
    cases: dict[str, Counter[bool]] = {seller: Counter() for seller in today}
    for row in warehouse.rows("facts.fct_returns"):
        if row["is_counted"] and row["evidence_source"] == "inspection":
            cases[row["seller_id"]][row["evidenced_fault_party"] in OTHERS] += 1
    shares = {}
    for seller, day in today.items():
        prior = float(parameter("claimable_prior_count", day))
        share = float(parameter("claimable_prior_share", day))
        found = cases[seller]
        shares[seller] = (found[True] + share * prior) / (found.total() + prior)
    return shares


class Risks:
    """What a parcel may lose in another week."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.today = {
            row["seller_id"]: row["data_as_of_date"]
            for row in warehouse.rows("facts.dim_sellers")
        }
        self.shares = claimable_shares(warehouse, self.today)
        self._lines = warehouse.keyed("facts.fct_order_lines", "order_line_key")
        self._progress = warehouse.keyed("facts.fct_return_progress", "return_key")
        found = [
            loss
            for loss in claim_chances(warehouse)
            if loss["state"] == "open"
            and loss["evidence"] in ("inspection", "return_label")
        ]
        self._found = grouped(found, "record")

    def decay(self, item: Row, units: list[Row]) -> float:
        """Return what another week takes of the goods' cost."""
        today = self.today[item["seller_id"]]
        lost = float(parameter("week_decay_share", today))
        horizon = int(parameter("queue_horizon_days", today))
        cost = total(unit["cost_of_goods_amount"] for unit in units) or NOTHING
        days = (today - item["received_date"]).days
        left = [(1 - lost) ** (there / 7) for there in (days, days + horizon)]
        return float(cost) * (left[0] - left[1])

    def deadline(self, item: Row, units: list[Row]) -> date | None:
        """Return the last day of a claim that was not made yet."""
        found = self._found.get((item["return_key"],))
        if item["safe_t_claim_id"] or item["has_a_to_z_claim"]:
            return None
        if item["resolution_type"] in RIGHTS_LOST:
            return None
        if found:
            return min(loss["deadline"] for loss in found)
        days = [day for unit in units if (day := unit["refunded_date_local"])]
        if not days:
            return None
        rule = rule_of("inspection", item["marketplace_code"], max(days))
        return max(days) + timedelta(days=int(rule["deadline_days"]))

    def claim(self, item: Row, units: list[Row]) -> float:
        """Return the claim that runs out, weighed by how soon it does."""
        today, last = self.today[item["seller_id"]], self.deadline(item, units)
        if last is None or last < today:
            return 0.0
        found = self._found.get((item["return_key"],))
        paid = total(unit["refunded_amount"] for unit in units) or NOTHING
        amount = float(paid) * self.shares[item["seller_id"]]
        if any(unit["open_stage_code"] == "inspected" for unit in units):
            amount = 0.0
        if found:
            amount = float(total(loss["due"] for loss in found) or NOTHING)
        horizon = int(parameter("queue_horizon_days", today))
        return amount * min(1.0, horizon / max((last - today).days, 1))

    def refund(self, item: Row, units: list[Row]) -> float:
        """Return the claim that a refund beyond its deadline would lose."""
        today = self.today[item["seller_id"]]
        progress = self._progress[item["return_key"]]
        horizon = timedelta(days=int(parameter("queue_horizon_days", today)))
        due = progress["refund_due_date"]
        line = self._lines.get(item["order_line_key"])
        if progress["refund_status"] != "open" or not due or due > today + horizon:
            return 0.0
        if line is None or line["item_amount"] is None:
            return 0.0
        price = cents(line["item_amount"] * len(units) / Decimal(line["quantity"]))
        return float(price or 0) * self.shares[item["seller_id"]]


def test_every_waiting_parcel_stands_where_waiting_costs_most(
    warehouse: Warehouse,
) -> None:
    risks = Risks(warehouse)
    queue = warehouse.keyed("marts.kpi_inspection_queue_by_return_day", "return_key")
    parcels = {item["return_key"]: (item, units) for item, units in waiting(warehouse)}
    assert set(queue) == set(parcels)
    assert parcels
    for key, (item, units) in parcels.items():
        row = queue[key]
        assert row["queue_date"] == risks.today[item["seller_id"]]
        assert row["waiting_quantity"] == len(units)
        amounts = {
            name: cents(round(getattr(risks, name)(item, units), 6)) for name in PARTS
        }
        for name, amount in amounts.items():
            same(row[f"{name}_risk_amount"], amount, (key, name))
        assert row["priority_amount"] == sum(
            row[f"{name}_risk_amount"] for name in PARTS
        )
        largest = max(PARTS, key=lambda name: row[f"{name}_risk_amount"])
        reason = REASONS[largest] if row["priority_amount"] else "age"
        assert row["priority_reason_code"] == reason, key
        looked_at = any(unit["open_stage_code"] == "inspected" for unit in units)
        assert row["next_step_code"] == ("decide" if looked_at else "inspect")
    for rows in grouped(
        queue.values(), "seller_id", "marketplace_code", "currency_code"
    ).values():
        ordered = sorted(rows, key=place_in_queue)
        assert [row["queue_rank"] for row in ordered] == list(range(1, len(rows) + 1))
    assert {"inspect"} <= {row["next_step_code"] for row in queue.values()}


def place_in_queue(row: Row) -> tuple[Any, ...]:
    return -row["priority_amount"], row["received_date"], row["return_key"]
