"""Order lines and returns of a run, put into their segments one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.cause_reference import (
    Cases,
    Key,
    Unit,
    Window,
    judge,
    windows,
)
from tests.integration.kpi_reference import month_of
from tests.integration.test_kpis_independent import PLACE, Warehouse

Row = dict[str, Any]


@dataclass(frozen=True)
class Causes:
    """What the causes of a run are worked out from, each part once and when asked."""

    warehouse: Warehouse

    @cached_property
    def counted(self) -> list[Row]:
        """Counted returns."""
        return counted_returns(self.warehouse)

    @cached_property
    def products(self) -> dict[tuple[str, str], Row]:
        """Each SKU of each seller."""
        return products_of(self.warehouse)

    @cached_property
    def cases(self) -> Cases:
        """Order lines and returns in their segments."""
        return cases_of(self.warehouse, self.counted, self.products)

    @cached_property
    def judged(self) -> dict[Key, Window]:
        """Windows that are tested or have cases, with what the tests say of them."""
        found = windows(self.cases)
        judge(found)
        return {key: w for key, w in found.items() if w.is_tested or w.cases}


def warehouse_of(demo_run: RunOutcome) -> Iterator[Warehouse]:
    """Open the warehouse of a run for reading."""
    home = demo_run.home
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield Warehouse(connection, str(home.demo / "truth"))


def counted_returns(warehouse: Warehouse) -> list[Row]:
    """Return counted returns with the month they began in and their family."""
    rows = [r for r in warehouse.rows("facts.fct_returns") if r["is_counted"]]
    for row in rows:
        row["month"] = month_of(row["requested_date"] or row["received_date"])
        row["family"] = row["return_reason_family"] or "unknown"
    return rows


def products_of(warehouse: Warehouse) -> dict[tuple[str, str], Row]:
    """Return each SKU of each seller as the product master has it."""
    rows = warehouse.rows("facts.dim_products")
    return {(row["seller_id"], row["sku"]): row for row in rows}


def cases_of(
    warehouse: Warehouse, counted: list[Row], products: dict[tuple[str, str], Row]
) -> Cases:
    """Order lines and returns, put into their segments one by one."""
    back: dict[str, set[str]] = defaultdict(set)
    for row in counted:
        back[row["order_line_key"]] |= {row["family"], "any"}
    covered = {
        (*(row[name] for name in PLACE), row["order_month_start_date"])
        for row in warehouse.rows("facts.dim_cohort_months")
        if row["has_order_coverage"]
        and row["has_return_coverage"]
        and row["has_matched_returns"]
    }
    versions = defaultdict(list)
    for row in warehouse.rows("facts.dim_product_versions"):
        versions[row["seller_id"], row["sku"]].append(row)
    units = []
    for line in warehouse.rows("facts.fct_order_lines"):
        month = line["order_month_start_date"]
        place = (*(line[name] for name in PLACE), month)
        if not line["is_counted"] or place not in covered:
            continue
        product = products.get((line["seller_id"], line["sku"]), {})
        category = product.get("category_name") or "unknown"
        size, colour = product.get("size_name"), product.get("colour_name")
        listing = _listing(versions[line["seller_id"], line["sku"]], line)
        segments = {
            "sku": line["sku"],
            "size": f"{category} / {size}" if size else None,
            "colour": f"{category} / {colour}" if colour else None,
            "listing_version": f"{line['sku']} / {listing}" if listing else None,
        }
        families = frozenset(back[line["order_line_key"]])
        units.append(Unit(*place[:3], category, month, segments, families))
    for row in counted:
        product = products.get((row["seller_id"], row["sku"]), {})
        segments = {
            "fulfillment_center": row["fulfillment_center_code"],
            "carrier": row["return_carrier_name"],
        }
        category = product.get("category_name") or "unknown"
        families = frozenset({row["family"], "any"})
        place = tuple(row[name] for name in PLACE)
        units.append(Unit(*place, category, row["month"], segments, families))
    return Cases(units)


def _listing(versions: list[Row], line: Row) -> str | None:
    if len({row["listing_version_name"] for row in versions} - {None}) < 2:
        return None
    for code in (line["marketplace_code"], "default"):
        for row in versions:
            held = row["valid_from_date"], row["valid_to_date"]
            if (
                row["marketplace_code"] == code
                and held[0] <= line["ordered_date_local"] <= held[1]
                and row["listing_version_name"]
            ):
                return str(row["listing_version_name"])
    return None


def compare_signals(warehouse: Warehouse) -> int:
    """Check each tested cause of the fullest month against scipy; return how many."""
    returns, products = counted_returns(warehouse), products_of(warehouse)
    names = ("seller_id", "cut_code", "segment_code", "return_reason_family")
    mart = warehouse.mart(
        "kpi_cause_signals_by_segment_month", *names, "month_start_date"
    )
    months = Counter(key[-1] for key, row in mart.items() if row["is_tested"])
    [(last, _)] = months.most_common(1)
    judged = windows(cases_of(warehouse, returns, products), last)
    judge(judged)
    tested = {key: window for key, window in judged.items() if window.is_tested}
    found = {key for key, row in mart.items() if row["is_tested"] and key[-1] == last}
    assert found == set(tested)
    for key, window in tested.items():
        assert mart[key]["p_value"] == pytest.approx(window.p, rel=1e-6), key
        assert mart[key]["q_value"] == pytest.approx(window.q, rel=1e-6), key
    return len(tested)
