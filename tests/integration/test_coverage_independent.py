"""Which months a return rate may be given for, from the ledger in plain Python.

A document covers the days asked for, else the months of its rows, in the marketplace
it names, else in those its seller's unnamed rows were sold in.
"""

from __future__ import annotations

import calendar
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from orchestration.demo.business import ACCOUNTS
from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import month_of, seed

Row = dict[str, Any]
MINIMUM = {
    row["parameter_code"]: float(row["parameter_value"])
    for row in seed("score_parameters")
}
MATURITY_DAYS = int(seed("maturity_days")[0]["maturity_days"])
RETURNS = {"fba": "fba_returns", "mfn": "mfn_returns"}
TABLES = ("all_orders", *RETURNS.values())


class Covered:
    """Days each report covers, by seller and marketplace."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        served = self._served()
        self.days: dict[tuple[str, str, str], set[date]] = defaultdict(set)
        for file in self.rows("raw.landing_files"):
            window = _window(file)
            if file["lake_table"] not in TABLES or window is None:
                continue
            place = file["seller_id"], file["lake_table"]
            named = file["marketplace_code"]
            for code in [named] if named else ["unknown", *served[place]]:
                self.days[(*place, code)].update(_days(*window))

    def rows(self, relation: str) -> list[Row]:
        result = self._connection.execute(f"from {relation}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _served(self) -> dict[tuple[str, str], set[str]]:
        seeded = seed("marketplaces")
        domains = {row["domain_name"]: row["marketplace_code"] for row in seeded}
        sold: dict[tuple[str, str], str] = {}
        for row in self.rows("raw.all_orders"):
            code = domains.get(row["sales_channel"].lower())
            if code:
                sold[row["_seller_id"], row["amazon_order_id"]] = code
        served = defaultdict(set)
        for table in TABLES:
            name = "amazon_order_id" if table == "all_orders" else "order_id"
            for row in self.rows(f"raw.{table}"):
                code = sold.get((row["_seller_id"], row[name]))
                if row["_marketplace_code"] is None and code:
                    served[row["_seller_id"], table].add(code)
        return served

    def share(self, seller: str, table: str, code: str, span: list[date]) -> float:
        days = self.days[seller, table, code]
        return sum(day in days for day in span) / len(span)


def _window(file: Row) -> tuple[date, date] | None:
    """Return the days a document covers; single days at its ends make no month."""
    if file["status"] not in ("landed", "no_data"):
        return None
    if file["window_start_date"]:
        return file["window_start_date"], file["window_end_date"]
    first, last = file["data_start_date"], file["data_end_date"]
    if first is None:
        return None
    if (last - first).days >= 2:
        first, last = first + timedelta(days=1), last - timedelta(days=1)
    newest = "LAST_UPDATE" in file["report_type"]
    return month_of(last if newest else first), _month_end(last)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


@pytest.fixture(scope="module")
def covered(demo_run: RunOutcome) -> Iterator[Covered]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Covered(connection)


def test_a_rate_is_given_where_the_documents_cover_its_month(covered: Covered) -> None:
    """Every order month of the mart, its orders and its time of return."""
    sellers = {r["seller_id"]: r for r in covered.rows("facts.dim_sellers")}
    mart = covered.rows("marts.kpi_return_rate_by_marketplace_month")
    told: set[tuple[bool, bool]] = set()
    for row in mart:
        seller, code = row["seller_id"], row["marketplace_code"]
        month = row["order_month_start_date"]
        today = sellers[seller]["data_as_of_date"]
        end = _month_end(month)
        orders = covered.share(
            seller, "all_orders", code, _days(month, min(end, today))
        )
        watched = _days(month, min(end + timedelta(days=MATURITY_DAYS), today))
        returns = covered.share(seller, RETURNS[row["channel"]], code, watched)
        known = (
            orders >= MINIMUM["minimum_coverage"],
            returns >= MINIMUM["minimum_coverage"],
        )
        found = row["has_order_coverage"], row["has_return_coverage"]
        assert found == known, (seller, code, row["channel"], month)
        rated = all(known) and row["has_matched_returns"] and row["ordered_quantity"]
        assert (row["return_rate"] is not None) == bool(rated)
        told.add(found)
    assert (True, True) in told and len(told) > 1


def test_the_month_the_generator_leaves_out_is_told(
    covered: Covered, demo_run: RunOutcome
) -> None:
    """One account's orders are missing while the seller's other accounts have them."""
    truth = demo_run.home.demo / "truth" / "expectations.json"
    missing = json.loads(truth.read_text(encoding="utf-8"))["missing_month"]
    seller, code = ACCOUNTS[missing["orders_of_account"]].split("/")
    month = date.fromisoformat(f"{missing['month']}-01")
    shares = {
        (row["coverage_measure"], row["month_start_date"]): row["coverage_share"]
        for row in covered.rows("marts.kpi_data_coverage_by_seller_month")
        if row["seller_id"] == seller
    }
    measure = f"days_in_{code.lower()}_of_all_orders"
    holes = {
        day for (name, day), share in shares.items() if name == measure and not share
    }
    assert holes == {month}
    assert shares["days_of_all_orders", month] == 1
    assert shares["days_of_seller_feedback", month] == 0
    assert missing["feedback_of_seller"] == seller
    gate = demo_run.record.gate
    assert gate is not None
    told = [
        (row["seller_id"], row["coverage_measure"], row["month_start_date"])
        for result in gate.warnings
        if result.expectation == "no_hole_in_reports"
        for row in result.sample
    ]
    assert told == [(seller, measure, month.isoformat())]
    rates = covered.rows("marts.kpi_return_rate_by_marketplace_month")
    assert not any(
        row["return_rate"] is not None
        for row in rates
        if (row["seller_id"], row["marketplace_code"]) == (seller, code)
        and row["order_month_start_date"] == month
    )
