"""Recovery, cost and waiting stock against plain Python that walks unit by unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, share, wilson
from tests.integration.recovery_reference import (
    PLACE,
    Row,
    Warehouse,
    grouped,
    same,
    total,
    valued_units,
)
from tests.integration.service_reference import survival

ENDS = (
    "restocked", "resold", "removed", "liquidated", "donated", "disposed",
    "reimbursed", "kept_by_buyer", "returned_to_buyer", "lost", "open",
)  # fmt: skip
GRADES = ("like_new", "very_good", "good", "acceptable", "unsellable")
MONTH = (*PLACE, "month_start_date", "currency_code")


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Warehouse(connection)


@pytest.fixture(scope="module")
def units(warehouse: Warehouse) -> list[Row]:
    return valued_units(warehouse)


def checked_ends(row: Row, group: list[Row], key: Any) -> None:
    ends = Counter(unit["outcome_code"] for unit in group)
    assert {end: row[f"{end}_count"] for end in ENDS} == {e: ends[e] for e in ENDS}, key
    assert row["unit_count"] == len(group), key
    known = [unit for unit in group if unit["known"]]
    assert row["recovery_known_count"] == len(known)
    same(row["recovered_amount"], total(u["recovered"] for u in known), key)
    costs = total(unit["cost_of_goods_amount"] for unit in known)
    same(row["recovered_cost_amount"], costs, key)
    same(row["write_off_amount"], total(u["write_off"] for u in group), key)
    same(row["forgone_amount"], total(u["forgone"] for u in group), key)
    assert row["forgone_count"] == sum(bool(unit["forgone"]) for unit in group)
    assert row["price_known_count"] == sum(unit["price_known"] for unit in group)
    assert row["low_price_count"] == sum(unit["low_price"] for unit in group)


def sale_days(unit: Row) -> int | None:
    """Days from receipt to sale of a unit that can be or was sold again."""
    if unit["outcome_code"] not in ("restocked", "resold") or not unit["received"]:
        return None
    ended = unit["outcome_date"]
    return (ended - unit["received"]).days if ended else None


def test_recovery_of_every_month(warehouse: Warehouse, units: list[Row]) -> None:
    counted = [unit | {"currency_code": unit["currency"]} for unit in units]
    groups = grouped([u for u in counted if u["is_counted"]], *MONTH)
    mart = warehouse.keyed("marts.kpi_recovery_by_marketplace_month", *MONTH)
    assert set(mart) == set(groups)
    sellers = warehouse.keyed("facts.dim_sellers", "seller_id")
    for key, group in groups.items():
        row = mart[key]
        checked_ends(row, group, key)
        resold = Counter(u["grade"] for u in group if u["outcome_code"] == "resold")
        for grade in GRADES:
            assert row[f"resold_{grade}_count"] == resold[grade], key
        assert row["resold_ungraded_count"] == resold[None], key
        days = [float(d) for u in group if (d := sale_days(u)) is not None]
        waiting = [u["received"] for u in group if u["is_open"] and u["received"]]
        counts = row["sellable_count"], row["waiting_count"]
        assert counts == (len(days), len(waiting))
        assert row["sellable_days"] == (sum(days) if days else None), key
        newest = sellers[row["seller_id"]]["data_as_of_date"]
        watched = [max((newest - received).days, 0) for received in waiting]
        for percent in (50, 90):
            assert row[f"p{percent}_days"] == survival(days, watched, percent), key
        ended = len(group) - row["open_count"]
        gone = row["donated_count"] + row["disposed_count"]
        again = row["restocked_count"] + row["resold_count"]
        for name, part in (("destroyed_share", gone), ("sold_again_share", again)):
            assert close(row[name], share(part, ended)), key
            low, high = wilson(part, ended)
            assert close(row[f"{name}_low"], low) and close(row[f"{name}_high"], high)
        cost = row["recovered_cost_amount"]
        got = float(row["recovered_amount"] or 0)
        assert close(row["recovery_rate"], share(got, float(cost or 0))), key
    seen = Counter(u["outcome_code"] for group in groups.values() for u in group)
    assert all(seen[end] for end in ("resold", "liquidated", "removed", "disposed"))
    assert sum(row["forgone_count"] for row in mart.values()) > 0


def test_recovery_of_every_sku_adds_up_to_its_marketplace(
    warehouse: Warehouse, units: list[Row]
) -> None:
    keys = (*PLACE, "month_start_date", "sku", "currency_code")
    counted = [unit | {"currency_code": unit["currency"]} for unit in units]
    groups = grouped([u for u in counted if u["is_counted"]], *keys)
    mart = warehouse.keyed("marts.kpi_recovery_by_sku_month", *keys)
    products = warehouse.keyed("facts.dim_products", "seller_id", "sku")
    assert set(mart) == set(groups)
    for key, group in groups.items():
        row = mart[key]
        checked_ends(row, group, key)
        same(row["net_loss_amount"], total(u["loss"] for u in group), key)
        known = sum(u["loss"] is not None for u in group)
        assert row["net_loss_known_count"] == known
        product = products.get((key[0], key[4]), {})
        assert row["asin"] == product.get("asin")
        assert row["category_name"] == (product.get("category_name") or "unknown")
    wide = warehouse.keyed("marts.kpi_recovery_by_marketplace_month", *MONTH)
    for key, rows in grouped(mart.values(), *MONTH).items():
        for name in ("unit_count", "forgone_count", "waiting_count", "sellable_count"):
            assert sum(row[name] for row in rows) == wide[key][name], (key, name)
        got = total(row["recovered_amount"] for row in rows)
        same(wide[key]["recovered_amount"], got, key)


def test_costs_of_every_reason_are_the_money_of_the_balance(
    warehouse: Warehouse, units: list[Row]
) -> None:
    keys = (*PLACE, "month_start_date", "return_reason_family", "fault_party")
    keys = (*keys, "currency_code")
    rows = [
        unit
        | {
            "return_reason_family": unit["family"],
            "fault_party": unit["fault"],
            "currency_code": unit["currency"],
        }
        for unit in units
    ]
    groups = grouped(rows, *keys)
    mart = warehouse.keyed("marts.kpi_return_costs_by_marketplace_month", *keys)
    assert set(mart) == set(groups)
    parts = {
        "label_cost": "label", "removal_fee": "removal_fee_amount",
        "claim": "claim_amount", "handling_cost": "handling",
        "write_off": "write_off", "net_loss": "loss",
    }  # fmt: skip
    for key, group in groups.items():
        row = mart[key]
        counted = [unit for unit in group if unit["is_counted"]]
        assert row["unit_count"] == len(counted)
        assert row["uncounted_count"] == len(group) - len(counted)
        sums = {name: total(u[column] for u in group) for name, column in parts.items()}
        for name, amount in sums.items():
            same(row[f"{name}_amount"], amount, (key, name))
        spent = sum(
            (sums[name] or 0)
            for name in ("label_cost", "removal_fee", "handling_cost", "write_off")
        )
        spent += (row["charged_fee_amount"] or 0) - (sums["claim"] or 0)
        same(row["return_cost_amount"], spent, key)
    balance = warehouse.keyed("marts.kpi_return_balance_by_marketplace_month", *MONTH)
    for key, rows in grouped(mart.values(), *MONTH).items():
        paid = total(row["label_cost_amount"] for row in rows) or 0
        assert paid <= (balance[key]["label_cost_amount"] or 0), key
        for name in ("removal_fee", "claim"):
            found = total(row[f"{name}_amount"] for row in rows)
            same(balance[key][f"{name}_amount"], found, (key, name))
        assert balance[key]["unit_count"] == sum(row["unit_count"] for row in rows)


def test_fees_of_refunds_are_those_the_settlements_took(warehouse: Warehouse) -> None:
    taken: dict[Any, Decimal] = defaultdict(Decimal)
    for line in warehouse.rows("intermediate.int_settlement_lines__classified"):
        refunds = line["refund_type"] not in ("none", "unknown")
        if refunds and line["component"] == "fee" and (line["amount"] or 0) < 0:
            taken[(line["seller_id"], line["currency_code"])] -= line["amount"]
    found: dict[Any, Decimal] = defaultdict(Decimal)
    for row in warehouse.rows("marts.kpi_return_costs_by_marketplace_month"):
        place = (row["seller_id"], row["currency_code"])
        found[place] += row["charged_fee_amount"] or 0
    assert taken
    assert {key: amount for key, amount in found.items() if amount} == taken


def test_waiting_stock_of_every_month(warehouse: Warehouse, units: list[Row]) -> None:
    """Each unit is put into every month it was there, day by day of the calendar."""
    keys = (*PLACE, "month_start_date", "sku", "currency_code")
    ends = {
        row["seller_id"]: row["data_as_of_date"]
        for row in warehouse.rows("facts.dim_sellers")
    }
    expected: dict[Any, Row] = defaultdict(lambda: defaultdict(int))
    for unit in units:
        if not unit["is_counted"] or not unit["received"]:
            continue
        end = None if unit["is_open"] else unit["outcome_date"] or unit["received"]
        end = end and max(end, unit["received"])
        place = tuple(unit[name] for name in PLACE)
        month, last = month_of(unit["received"]), ends[unit["seller_id"]]
        while month <= min(end or last, last):
            following = month_of(month + timedelta(days=31))
            look = min(following - timedelta(days=1), last)
            sums = expected[(*place, month, unit["sku"], unit["currency"])]
            sums["received"] += month_of(unit["received"]) == month
            add_waiting(sums, unit, end, look)
            month = following
    mart = warehouse.keyed("marts.kpi_unprocessed_stock_by_sku_month", *keys)
    assert set(mart) == set(expected)
    for key, sums in expected.items():
        row = mart[key]
        for name in ("received", "processed", "unprocessed"):
            assert row[f"{name}_quantity"] == sums[name], (key, name)
        for name in ("to_7_days", "to_30_days", "longer"):
            assert row[f"waiting_{name}_quantity"] == sums[name], (key, name)
        assert row["oldest_days"] == sums.get("oldest"), key
        same(row["tied_up_amount"], sums.get("cost"), key)
    assert any(sums["longer"] for sums in expected.values())


def add_waiting(sums: Row, unit: Row, end: date | None, look: date) -> None:
    if end and end <= look:
        sums["processed"] += 1
        return
    sums["unprocessed"] += 1
    days = (look - unit["received"]).days
    band = "to_7_days" if days <= 7 else "to_30_days" if days <= 30 else "longer"
    sums[band] += 1
    sums["oldest"] = max(sums.get("oldest", 0), days)
    if unit["cost_of_goods_amount"] is not None:
        sums["cost"] = sums.get("cost", Decimal(0)) + unit["cost_of_goods_amount"]


def test_stock_turns_by_the_last_count_of_the_month(warehouse: Warehouse) -> None:
    served: dict[Any, set[str]] = defaultdict(set)
    for note in warehouse.rows("facts.fct_inspections"):
        if note["marketplace_code"] != "unknown":
            place = (note["seller_id"], note["warehouse_id"])
            served[place].add(note["marketplace_code"])
    newest: dict[Any, Row] = {}
    for row in warehouse.rows("facts.fct_inventory_days"):
        places = served[(row["seller_id"], row["place_code"])]
        if row["place_type"] == "own" and len(places) == 1:
            month = month_of(row["inventory_date"])
            key = (row["seller_id"], min(places), row["sku"], month)
            if row["inventory_date"] >= newest.get(key, row)["inventory_date"]:
                newest[key] = row
    ordered: Counter[Any] = Counter()
    for line in warehouse.rows("facts.fct_order_lines"):
        if line["is_counted"] and line["channel"] == "mfn":
            place = (line["seller_id"], line["marketplace_code"], line["sku"])
            ordered[(*place, line["order_month_start_date"])] += line["quantity"]
    counted = 0
    for row in warehouse.rows("marts.kpi_unprocessed_stock_by_sku_month"):
        key = (row["seller_id"], row["marketplace_code"], row["sku"])
        key = (*key, row["month_start_date"])
        count = newest.get(key) if row["channel"] == "mfn" else None
        if count is None:
            assert row["on_hand_quantity"] is row["stock_turn_rate"] is None
            continue
        counted += 1
        on_hand = count["on_hand_quantity"]
        assert row["on_hand_quantity"] == on_hand
        assert close(row["stock_turn_rate"], share(ordered[key], on_hand))
        ready = on_hand - count["unprocessed_quantity"]
        assert close(row["processed_stock_turn_rate"], share(ordered[key], ready))
    assert counted


def test_what_the_warehouse_sold_is_what_truly_came_in(
    warehouse: Warehouse, demo_run: RunOutcome
) -> None:
    """Resold and sold-off units of own parcels hold the truth's money, unit by unit."""
    truth: Counter[Any] = Counter()
    for row in warehouse.rows(f"'{demo_run.home.demo}/truth/outcomes.parquet'"):
        if row["sold_amount"] is not None and row["is_return_in_files"]:
            order = (row["seller_id"], row["amazon_order_id"], row["sku"])
            truth[(*order, row["outcome_code"], row["sold_amount"])] += 1
    found: Counter[Any] = Counter()
    names = {"resold": "resale_amount", "liquidated": "liquidation_amount"}
    for unit in warehouse.rows("facts.fct_return_outcomes"):
        end = unit["outcome_code"]
        if unit["channel"] == "mfn" and end in names and unit[names[end]] is not None:
            order = (unit["seller_id"], unit["amazon_order_id"], unit["sku"])
            found[(*order, end, unit[names[end]])] += 1
    assert not found - truth
    assert found.total() > 0.8 * truth.total() > 0
