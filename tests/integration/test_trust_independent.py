"""Which sources can be relied on and what numbers rest on, against plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, seed, share

Row = dict[str, Any]
NUMBERS = {
    r["parameter_code"]: float(r["parameter_value"]) for r in seed("score_parameters")
}
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


def months_back(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def usual(
    days: dict[Any, Row], counts: Counter[Any], key: Any, months: list[date]
) -> float | None:
    """Return the rows a covered day had in the months; None without such days."""
    known = [(*key[:2], month) for month in months if (*key[:2], month) in days]
    seen = sum(days[other]["covered_days"] for other in known)
    return share(sum(counts[other] for other in known), seen)


@pytest.fixture(scope="module")
def sources(warehouse: Warehouse) -> dict[Any, Row]:
    """Rows found and expected of each report's month, from the facts' own days."""
    counts: Counter[Any] = Counter()
    for row in warehouse.rows("facts.fct_order_lines"):
        counts[row["seller_id"], "all_orders", month_of(row["ordered_date_local"])] += 1
    for row in warehouse.rows("facts.fct_returns"):
        fba = row["source_code"] == "fba_returns"
        day = row["received_date"] if fba else row["requested_date"]
        if day:
            report = "fba_returns" if fba else "mfn_returns"
            counts[row["seller_id"], report, month_of(day)] += 1
    for row in warehouse.rows("facts.fct_refunds"):
        if row["posted_date_local"]:
            month = month_of(row["posted_date_local"])
            counts[row["seller_id"], "settlements", month] += 1
    for row in warehouse.rows("facts.fct_feedback"):
        if row["feedback_date"]:
            month = month_of(row["feedback_date"])
            counts[row["seller_id"], "seller_feedback", month] += 1
    days = {
        (row["seller_id"], row["report_code"], row["month_start_date"]): row
        for row in warehouse.rows("facts.dim_report_months")
        if row["marketplace_code"] == "all"
    }
    found = {}
    for key, row in days.items():
        month = key[2]
        covered = row["covered_days"]
        ways = [
            usual(days, counts, key, [months_back(month, n) for n in (1, 2, 3)]),
            usual(days, counts, key, [months_back(month, 12)]),
        ]
        known = [covered * way for way in ways if way is not None]
        found[key] = {
            "covered_days": covered,
            "month_days": row["month_days"],
            "row_count": counts[key],
            "expected_rows": min(known) if known else None,
        }
    return found


def test_rows_of_every_month(warehouse: Warehouse, sources: dict[Any, Row]) -> None:
    table = {
        (row["seller_id"], row["report_code"], row["month_start_date"]): row
        for row in warehouse.rows("marts.kpi_source_rows_by_seller_month")
    }
    assert set(table) == set(sources)
    for key, wanted in sources.items():
        row = table[key]
        assert close(row["expected_rows"], wanted["expected_rows"], 0.0051), key
        for name in ("covered_days", "month_days", "row_count"):
            assert row[name] == wanted[name], (key, name)
    assert sum(row["row_count"] for row in table.values()) > 1000


def kind(report: str | None) -> str:
    return "settlements" if (report or "").startswith("settlements") else report or ""


def test_status_of_every_source(warehouse: Warehouse, sources: dict[Any, Row]) -> None:
    ages: dict[Any, list[Row]] = defaultdict(list)
    for row in warehouse.rows("facts.fct_source_freshness"):
        ages[row["seller_id"], kind(row["report_code"])].append(row)
    set_aside: Counter[Any] = Counter()
    for row in warehouse.rows("facts.fct_report_files"):
        if row["covered_from_date"] and row["lake_table_name"]:
            month = month_of(row["covered_from_date"])
            key = (row["seller_id"], kind(row["lake_table_name"]), month)
            set_aside[key] += row["quarantined_row_count"] or 0
    monthly = {key[:2] for key in sources}
    expected = set(sources)
    for key, rows in ages.items():
        if key not in monthly:
            expected.add((*key, month_of(rows[0]["data_as_of_date"])))
    table = {
        (row["seller_id"], row["source_code"], row["month_start_date"]): row
        for row in warehouse.rows("marts.kpi_source_trust_by_seller_month")
    }
    assert set(table) == expected
    for key, row in table.items():
        rows = ages[key[:2]]
        newest = [r["newest_data_date"] for r in rows if r["newest_data_date"]]
        days = sources.get(key)
        whole = days is not None and days["covered_days"] == days["month_days"]
        if not sum(r["document_count"] for r in rows):
            status = "never_delivered"
        elif (
            any(r["is_late"] for r in rows)
            and not whole
            and key[2] >= month_of(max(newest))
        ):
            status = "late"
        else:
            status = month_status(days) if days else "whole"
        assert row["source_status"] == status, key
        assert row["is_doubtful"] == (status not in ("whole", "never_delivered"))
        assert row["quarantined_row_count"] == set_aside[key], key
    statuses = Counter(row["source_status"] for row in table.values())
    # the generator leaves a month of feedback out and lets some exports fall behind
    assert statuses["missing"] and statuses["late"] and statuses["never_delivered"]


def month_status(month: Row) -> str:
    """Return what a month's days and rows say of its report."""
    if not month["covered_days"]:
        return "missing"
    if month["covered_days"] / month["month_days"] < NUMBERS["minimum_coverage"]:
        return "partial"
    wanted = month["expected_rows"] or 0
    is_many = round(wanted, 2) >= NUMBERS["short_source_rows"]
    too_few = month["row_count"] < NUMBERS["short_source_share"] * round(wanted, 2)
    return "short" if is_many and too_few else "whole"


def test_what_each_number_rests_on(warehouse: Warehouse) -> None:
    returns = {
        row["return_key"]: row
        for row in warehouse.rows("facts.fct_returns")
        if row["is_counted"] and (row["requested_date"] or row["received_date"])
    }
    precision = {
        row["refund_key"]: row["posted_precision"]
        for row in warehouse.rows("facts.fct_refunds")
    }
    refunded: dict[str, set[str]] = defaultdict(set)
    for row in warehouse.rows("facts.fct_return_refund_matches"):
        if row["return_key"] and row["refund_key"]:
            refunded[row["return_key"]].add(precision[row["refund_key"]])
    windows = {
        (row["seller_id"], row["amazon_order_id"])
        for row in warehouse.rows("facts.fct_feedback_windows")
        if row["window_status"] == "covered"
    }
    used: dict[str, set[str]] = {
        "return_rate": set(returns),
        "reason_attribution": {
            key
            for key, row in returns.items()
            if row["attribution_verdict"] in ("agrees", "contradicts")
        },
        "buyer_satisfaction": {
            key
            for key, row in returns.items()
            if (row["seller_id"], row["amazon_order_id"]) in windows
        },
        "handling_time": {
            row["return_key"]
            for row in warehouse.rows("facts.fct_return_stages")
            if row["is_counted"] and row["is_scored"] and row["is_due"]
        },
        "refund_speed": {
            row["return_key"]
            for row in warehouse.rows("facts.fct_refund_deadlines")
            if row["is_counted"] and row["is_due"]
        },
        "recovery": {
            row["return_key"]
            for row in warehouse.rows("facts.fct_return_outcomes")
            if row["is_counted"] and not row["is_open"] and row["return_key"] in returns
        },
    }
    expected: dict[Any, Counter[str]] = defaultdict(Counter)
    for number, keys in used.items():
        for key in keys:
            row = returns[key]
            began = row["requested_precision"] or row["received_precision"]
            traits = {
                "matched": row["order_match_class"] == "order_line",
                "second_precise": began == "second" and refunded[key] <= {"second"},
                "known_reason": row["return_reason_family"] != "unclassified",
                "known_marketplace": row["marketplace_code"] != "unknown",
            }
            traits["trusted"] = all(traits.values())
            month = month_of(row["requested_date"] or row["received_date"])
            counts = expected[(*(row[name] for name in PLACE), month, number)]
            counts["return"] += 1
            counts.update(name for name, holds in traits.items() if holds)
    table = {
        (*(row[n] for n in PLACE), row["month_start_date"], row["number_code"]): row
        for row in warehouse.rows("marts.kpi_number_trust_by_marketplace_month")
    }
    assert set(table) == set(expected)
    for key, counts in expected.items():
        row = table[key]
        assert row["return_count"] == counts["return"], key
        for name in (
            "matched", "second_precise", "known_reason", "known_marketplace", "trusted",
        ):  # fmt: skip
            assert row[f"{name}_count"] == counts[name], (key, name)
            wanted = share(counts[name], counts["return"])
            assert close(row[f"{name}_share"], wanted), (key, name)
    assert any(0 < row["trusted_count"] < row["return_count"] for row in table.values())
