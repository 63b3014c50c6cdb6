"""KPIs against plain Python on the truth of the demo data and on the facts.

The reference walks rows and calendars; it shares no SQL with the models. Every row of a
mart is compared, not a sample.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import (
    BusinessDays,
    FeedbackWindows,
    Settlements,
    close,
    local_date,
    month_of,
    nearest_rank,
    share,
    wilson,
)

Row = dict[str, Any]
PLACE = ("seller_id", "marketplace_code", "channel")


class Warehouse:
    """Rows of the demo run's tables, and of the truth beside its inbox."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, truth: str) -> None:
        self._connection = connection
        self._truth = truth

    def rows(self, relation: str) -> list[Row]:
        result = self._connection.execute(f"from {relation}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def truth(self, name: str) -> list[Row]:
        rows = self.rows(f"'{self._truth}/{name}.parquet'")
        return [row for row in rows if row["is_in_files"]]

    def mart(self, name: str, *keys: str) -> dict[tuple[Any, ...], Row]:
        return {tuple(r[k] for k in keys): r for r in self.rows(f"marts.{name}")}


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    home = demo_run.home
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield Warehouse(connection, str(home.demo / "truth"))


@pytest.fixture(scope="module")
def counted(warehouse: Warehouse) -> list[Row]:
    """Counted returns with the month they began in."""
    rows = [r for r in warehouse.rows("facts.fct_returns") if r["is_counted"]]
    for row in rows:
        row["month"] = month_of(row["requested_date"] or row["received_date"])
    return rows


def test_return_rate_is_the_truth_of_the_orders_of_each_month(
    warehouse: Warehouse,
) -> None:
    """Ordered and returned units of every cohort, from what really happened."""
    ordered: Counter[tuple[Any, ...]] = Counter()
    cohorts: dict[Any, tuple[Any, ...]] = {}
    orders: dict[Any, Any] = {}
    for line in warehouse.truth("order_lines"):
        orders[line["order_line_id"]] = (line["seller_id"], line["amazon_order_id"])
        if line["is_cancelled"] or line["is_multi_channel"]:
            continue
        month = month_of(line["ordered_date_local"])
        cohort = (*(line[name] for name in PLACE), month)
        order = orders[line["order_line_id"]]
        cohorts[order] = min(cohorts.get(order, cohort), cohort)
        ordered[order] += line["quantity"]
    returned: Counter[Any] = Counter()
    for row in warehouse.truth("returns"):
        order = orders.get(row["order_line_id"])
        if order in cohorts and row["status"] not in ("Cancelled", "Canceled"):
            returned[order] += row["returned_quantity"]
    expected: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for order, cohort in cohorts.items():
        units = expected[cohort]
        units[0] += ordered[order]
        units[1] += min(returned[order], ordered[order])
        units[2] += max(returned[order] - ordered[order], 0)

    mart = warehouse.mart(
        "kpi_return_rate_by_marketplace_month", *PLACE, "order_month_start_date"
    )
    found = {key: row for key, row in mart.items() if row["ordered_quantity"]}
    assert set(found) == set(expected)
    for key, (bought, back, excess) in expected.items():
        row = found[key]
        assert row["ordered_quantity"] == bought, key
        assert row["returned_quantity"] == back, key
        assert row["excess_returned_quantity"] == excess, key
        if row["return_rate"] is not None:
            assert close(row["return_rate"], back / bought), key
    rated = [row for row in found.values() if row["return_rate"] is not None]
    assert len(found) > len(rated) > len(found) / 2


def test_no_rate_where_a_report_is_missing(
    warehouse: Warehouse, demo_run: RunOutcome
) -> None:
    """The generator leaves one month of an account's fba returns out."""
    mart = warehouse.rows("marts.kpi_return_rate_by_marketplace_month")
    for row in mart:
        known = row["has_order_coverage"] and row["has_return_coverage"]
        assert (row["return_rate"] is not None) == bool(
            known and row["ordered_quantity"]
        )
    assert any(row["return_rate"] is None and row["ordered_quantity"] for row in mart)


def test_attribution_and_its_interval(warehouse: Warehouse, counted: list[Row]) -> None:
    verdicts: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in counted:
        key = (*(row[name] for name in PLACE), row["month"])
        verdicts[key][row["attribution_verdict"]] += 1
    mart = warehouse.mart(
        "kpi_reason_attribution_by_marketplace_month", *PLACE, "month_start_date"
    )
    assert set(mart) == set(verdicts)
    for key, counts in verdicts.items():
        agrees, judged = counts["agrees"], counts["agrees"] + counts["contradicts"]
        row = mart[key]
        assert row["return_count"] == counts.total()
        assert row["judged_count"] == judged
        low, high = wilson(agrees, judged)
        assert close(row["attribution_share"], share(agrees, judged))
        assert close(row["attribution_share_low"], low)
        assert close(row["attribution_share_high"], high)


@pytest.fixture(scope="module")
def refunds(warehouse: Warehouse, counted: list[Row]) -> list[Row]:
    """Counted returns with the state of their refund, worked out row by row."""
    posted = {r["refund_key"]: r for r in warehouse.rows("facts.fct_refunds")}
    units: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for match in warehouse.rows("facts.fct_return_refund_matches"):
        refund = posted.get(match["refund_key"])
        if match["return_key"]:
            day = refund["posted_date_local"] if refund else None
            units[match["return_key"]].append((match["match_reason"], day))
    settlements = Settlements(warehouse.rows("facts.fct_settlements"))
    calendar = BusinessDays()
    settled = ("replacement", "returnless_replacement", "closed")
    for row in counted:
        parts = units[row["return_key"]]
        reasons = {reason for reason, day in parts if day is None}
        if not parts or reasons - {"pending", *settled}:
            row["state"] = "unknown"
        elif "pending" in reasons:
            row["state"] = "open"
        else:
            row["state"] = "done" if any(day for _, day in parts) else "none"
        done = row["state"] == "done"
        row["refunded"] = max(day for _, day in parts if day) if done else None
        row["due"] = calendar.due_date(row)
        row["known_until"] = settlements.known_until(row)
    return counted


def test_refunds_are_judged_by_the_marketplaces_business_days(
    warehouse: Warehouse, refunds: list[Row]
) -> None:
    """On time, late and missing of every month, with a calendar walked by day."""
    expected: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in refunds:
        counts = expected[(*(row[name] for name in PLACE), row["month"])]
        counts["returns"] += 1
        counts[row["state"]] += 1
        due, until = row["due"], row["known_until"]
        if row["state"] not in ("done", "open") or not (due and until and until > due):
            continue
        counts["due"] += 1
        if row["state"] == "open":
            counts["missing"] += 1
        else:
            counts["on_time" if row["refunded"] <= due else "late"] += 1
    mart = warehouse.mart(
        "kpi_refund_speed_by_marketplace_month", *PLACE, "month_start_date"
    )
    assert set(mart) == set(expected)
    for key, counts in expected.items():
        row = mart[key]
        found = {name: row[f"{name}_count"] for name in ("due", "on_time", "late")}
        nothing = None if counts["due"] == 0 else 0
        assert found == {
            "due": counts["due"],
            "on_time": counts["on_time"] or nothing,
            "late": counts["late"] or nothing,
        }, key
        assert row["missing_count"] == (counts["missing"] or nothing)
        assert row["unknown_count"] == counts["unknown"]
        on_time = share(counts["on_time"], counts["due"])
        assert close(row["on_time_share"], on_time)
    assert sum(counts["late"] for counts in expected.values()) > 5
    assert sum(counts["on_time"] for counts in expected.values()) > 20


def test_days_to_the_refund_count_open_cases_as_longest(
    warehouse: Warehouse, refunds: list[Row]
) -> None:
    days: dict[Any, list[int | None]] = defaultdict(list)
    for row in refunds:
        if row["state"] not in ("done", "open"):
            continue
        place = (*(row[name] for name in PLACE), row["month"])
        day = row["refunded"]
        if row["requested_date"]:
            elapsed = (day - row["requested_date"]).days if day else None
            days[(*place, "request")].append(elapsed)
        received = row["received_date"]
        if received and not (day and day < received):
            days[(*place, "receipt")].append((day - received).days if day else None)
    mart = warehouse.mart(
        "kpi_refund_days_by_marketplace_month", *PLACE, "month_start_date", "clock_code"
    )
    assert set(mart) == set(days)
    for key, cases in days.items():
        assert mart[key]["case_count"] == len(cases)
        assert mart[key]["p50_days"] == nearest_rank(cases, 50), key
        assert mart[key]["p90_days"] == nearest_rank(cases, 90), key
    assert any(None in cases for cases in days.values())


def test_satisfaction_counts_each_returned_order_once(warehouse: Warehouse) -> None:
    """Negative feedback on returned orders, from what really happened."""
    began: dict[Any, tuple[date, Any]] = {}
    facts = {
        (row["seller_id"], row["amazon_order_id"])
        for row in warehouse.rows("facts.fct_returns")
        if row["is_counted"]
    }
    for row in warehouse.truth("returns"):
        order = (row["seller_id"], row["amazon_order_id"])
        day = row["requested_date"]
        if row["channel"] == "fba":
            day = local_date(row["reported_received_at"], row["marketplace_code"])
        place = (row["marketplace_code"], row["channel"])
        if order in facts:
            began[order] = min(began.get(order, (day, place)), (day, place))
    negative: dict[Any, date] = {}
    for row in warehouse.truth("feedback"):
        order = (row["seller_id"], row["amazon_order_id"])
        if row["rating"] <= 2:
            day = row["feedback_date"]
            negative[order] = max(negative.get(order, day), day)
    sellers = warehouse.rows("facts.dim_sellers")
    windows = FeedbackWindows(
        warehouse.rows("facts.dim_report_days"),
        {row["seller_id"]: row["data_as_of_date"] for row in sellers},
    )
    assert set(began) == facts
    orders: Counter[Any] = Counter()
    seen: dict[Any, Counter[str]] = defaultdict(Counter)
    for order, (day, place) in began.items():
        key = (order[0], *place, month_of(day))
        orders[key] += 1
        status = windows.status(order[0], place[0], day)
        seen[key][status] += 1
        if status == "covered":
            seen[key]["bad"] += order in negative and negative[order] >= day
    mart = warehouse.mart(
        "kpi_buyer_satisfaction_by_marketplace_month", *PLACE, "month_start_date"
    )
    assert {key: row["returned_order_count"] for key, row in mart.items()} == orders
    for key, row in mart.items():
        counts = seen[key]
        covered, bad = counts["covered"], counts["bad"]
        assert row["covered_order_count"] == covered, key
        assert row["not_yet_due_count"] == counts["not_yet_due"], key
        assert row["uncovered_order_count"] == counts["uncovered"], key
        found = row["negative_after_return_order_count"]
        assert found == (bad if covered else None), key
        assert close(row["satisfaction_rate"], share(covered - bad, covered)), key
        assert close(row["negative_return_feedback_rate"], share(bad, covered)), key
    total = sum(seen.values(), Counter())
    assert all(total[name] > 0 for name in ("bad", "not_yet_due", "uncovered"))
    assert any(row["covered_order_count"] == 0 for row in mart.values())
    assert total["covered"] > 20
