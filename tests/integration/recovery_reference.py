"""What became of returned units, one by one. No SQL of the models in here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from tests.integration.kpi_reference import seed

Row = dict[str, Any]
CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
PLACE = ("seller_id", "marketplace_code", "channel")
UNPAID = ("closed", "pending", "no_settlement_data")


class Warehouse:
    """Rows of a home's tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, relation: str) -> list[Row]:
        """Return all rows of a table."""
        result = self._connection.execute(f"from {relation}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def keyed(self, relation: str, *keys: str) -> dict[Any, Row]:
        """Return the rows of a table by their key."""
        rows = self.rows(relation)
        found = {tuple(row[key] for key in keys): row for row in rows}
        assert len(found) == len(rows)
        return found if len(keys) > 1 else {key[0]: row for key, row in found.items()}


def in_force(name: str, day: date, **wanted: str) -> Row | None:
    """Return the row of a seed that holds on a day."""
    for row in seed(name):
        fits = all(row[key] == value for key, value in wanted.items())
        if fits and row["valid_from"] <= day.isoformat() <= row["valid_to"]:
            return row
    return None


def parameter(code: str, day: date) -> Decimal:
    """Return a number of the seed `recovery_parameters`."""
    row = in_force("recovery_parameters", day, parameter_code=code)
    assert row
    return Decimal(row["parameter_value"])


def cents(value: Any) -> Decimal | None:
    """Round half up to cents, as the engine does."""
    if value is None:
        return None
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """Add what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, NOTHING) if known else None


def same(found: Any, expected: Any, what: Any) -> None:
    """Compare a number of a mart; None only meets None."""
    if found is None or expected is None:
        assert found is None and expected is None, (what, found, expected)
    else:
        assert abs(Decimal(found) - Decimal(expected)) <= CENT / 10, (
            what,
            found,
            expected,
        )


def grouped(rows: Iterable[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return the rows of each group."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def valued_units(warehouse: Warehouse) -> list[Row]:
    """Every row of the outcomes with what was recovered, written off and lost."""
    returns = warehouse.keyed("facts.fct_returns", "return_key")
    findings = grouped(warehouse.rows("facts.fct_return_unit_findings"), "unit_key")
    versions = grouped(warehouse.rows("facts.dim_product_versions"), "seller_id", "sku")
    units = warehouse.rows("facts.fct_return_outcomes")
    for unit in units:
        item = returns.get(unit["return_key"], {})
        unit["received"] = item.get("received_date")
        unit["label"] = _own_label(unit, item)
        unit["family"] = item.get("return_reason_family", "no_return")
        evidence = item.get("evidenced_fault_party", "unassigned")
        stated = item.get("stated_fault_party", "unassigned")
        unit["fault"] = evidence if evidence != "unassigned" else stated
        unit["currency"] = unit["currency_code"] or "unknown"
        unit["grade"] = _grade(findings.get((unit["unit_key"],), []))
        unit["list_price"] = _list_price(
            unit, versions.get((unit["seller_id"], unit["sku"]), [])
        )
        _add_money(unit)
    return units


def _own_label(unit: Row, item: Row) -> Decimal | None:
    """Return the unit's label where the seller is charged for it, by domain rules."""
    if not item:
        amount: Decimal | None = unit["label_cost_amount"]
        return amount
    moved = item["received_date"] or item["safe_t_claim_id"]
    if item["label_payer"] in ("seller", "unknown") and moved:
        return unit["label_cost_amount"]
    return NOTHING


def _grade(findings: list[Row]) -> str | None:
    order = [row["grade_code"] for row in seed("resale_grades")]
    for told in ([f for f in findings if f["is_deciding"]], findings):
        grades = {f["grade_code"] for f in told} & set(order)
        if grades:
            return min(grades, key=order.index)
    return None


def _list_price(unit: Row, versions: list[Row]) -> Decimal | None:
    fits: dict[str, list[Decimal]] = defaultdict(list)
    for row in versions:
        if (
            row["valid_from_date"] <= unit["return_date"] <= row["valid_to_date"]
            and row["currency_code"] == unit["currency_code"]
            and row["list_price_amount"] is not None
        ):
            fits[row["marketplace_code"]].append(row["list_price_amount"])
    prices = fits.get(unit["marketplace_code"]) or fits.get("default")
    return max(prices) if prices else None


def _add_money(unit: Row) -> None:
    end = unit["outcome_code"]
    if end in ("restocked", "removed"):
        unit["recovered"] = unit["cost_of_goods_amount"]
    elif end in ("resold", "liquidated", "reimbursed"):
        names = {"resold": "resale", "liquidated": "liquidation"}
        unit["recovered"] = unit[f"{names.get(end, end)}_amount"]
    else:
        kept = end in ("kept_by_buyer", "returned_to_buyer")
        stands = kept and unit["match_reason"] in UNPAID
        unknown = stands or end in ("open", "none")
        unit["recovered"] = None if unknown else NOTHING
    cost, got = unit["cost_of_goods_amount"], unit["recovered"]
    unit["known"] = cost is not None and got is not None
    unit["write_off"] = cost - got if unit["known"] else None
    unit["loss"] = None if unit["net_amount"] is None else -unit["net_amount"]
    price = unit["list_price"]
    unit["forgone"] = None
    grade = unit["grade"]
    if end in ("resold", "liquidated", "donated", "disposed"):
        rule = grade and in_force(
            "resale_grades", unit["return_date"], grade_code=grade
        )
        if rule and price is not None and got is not None:
            worth = cents(price * Decimal(rule["resale_share"]))
            unit["forgone"] = max(worth - got, NOTHING)
    sold = end in ("resold", "liquidated") and got is not None and price is not None
    floor = parameter("low_price_share", unit["return_date"])
    unit["price_known"] = sold
    unit["low_price"] = bool(sold and got < price * floor)
    unit["handling"] = NOTHING
    if unit["received"] and unit["is_counted"]:
        day, channel = unit["return_date"], unit["channel"]
        rule = in_force(
            "handling_costs", day, channel=channel, currency_code=unit["currency"]
        ) or in_force("handling_costs", day, channel=channel, currency_code="any")
        unit["handling"] = Decimal(rule["handling_amount"]) if rule else None
