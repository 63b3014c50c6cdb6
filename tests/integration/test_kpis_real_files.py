"""Marts of a real seller against figures computed from the raw files, without SQL.

The seller has returns of four months, orders of two, and nothing else: what that
supports must be right, what it does not must be null and say why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing.lake import register_views
from orchestration.landing.landing import land_inbox
from orchestration.settings import PROJECT_ROOT, Home
from tests.integration.cause_units import compare_signals
from tests.integration.kpi_reference import close
from tests.integration.test_kpis_independent import Warehouse
from tests.integration.test_returns_independent import PACIFIC, REAL, day, rows_of

BUILT = [
    "+kpi_return_rate_by_marketplace_month",
    "+kpi_return_projections_by_marketplace_month",
    "+kpi_return_reasons_by_marketplace_month",
    "+kpi_cause_signals_by_segment_month",
    "+kpi_data_coverage_by_seller_month",
    "+kpi_scorecard_by_seller_month",
    "+kpi_source_trust_by_seller_month",
    "+kpi_claims_by_marketplace_month",
    "+kpi_recovery_by_marketplace_month",
    "+kpi_inspection_queue_by_return_day",
]
CANCELLED = {"cancelled", "canceled"}

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"real files are not here ({REAL})"
)


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The real files landed under their marketplace, and the marts built."""
    home = landed_and_built(tmp_path_factory.mktemp("real_kpis"), BUILT)
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield connection


def landed_and_built(work: Path, selected: list[str]) -> Home:
    """Land the real files and build what is selected of them, below ``work``."""
    for folder in ("orders", "returns"):
        shutil.copytree(REAL / folder, work / "inbox" / "apparel" / "US" / folder)
    home = Home(work / "home")
    assert not land_inbox(work / "inbox", home).refused
    register_views(home)
    places = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    places += ["--target-path", str(home.dbt_target), "--log-path", str(work / "log")]
    build = ["build", "--exclude-resource-type", "unit_test"]
    build += ["--indirect-selection", "cautious", "--select", *selected]
    result = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", *build, *places],
        env=os.environ | {"RETURNS_HOME": str(home.root)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return home


def months(
    warehouse: duckdb.DuckDBPyConnection, query: str
) -> dict[date, tuple[Any, ...]]:
    found = {row[0]: row[1:] for row in warehouse.execute(query).fetchall()}
    assert found
    return found


def test_return_rate_of_each_order_month(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Pacific months, cancelled and multi-channel lines left out, units capped."""
    ordered: Counter[str] = Counter()
    placed: dict[str, date] = {}
    for row in rows_of("orders"):
        states = {row["order-status"].lower(), row["item-status"].lower()}
        if states & CANCELLED or row["sales-channel"] != "Amazon.com":
            continue
        if row["fulfillment-channel"] == "Merchant" and int(row["quantity"]):
            order = row["amazon-order-id"]
            instant = datetime.fromisoformat(row["purchase-date"])
            placed[order] = instant.astimezone(PACIFIC).date().replace(day=1)
            ordered[order] += int(row["quantity"])
    returned: Counter[str] = Counter()
    for row in rows_of("returns"):
        returned[row["Order ID"]] += int(row["Return quantity"])
    expected: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for order, units in ordered.items():
        sums = expected[placed[order]]
        sums[0] += units
        sums[1] += min(units, returned[order])
        sums[2] += max(returned[order] - units, 0)

    found = months(
        warehouse,
        "select order_month_start_date, ordered_quantity, returned_quantity,"
        " excess_returned_quantity, return_rate, has_return_coverage"
        " from marts.kpi_return_rate_by_marketplace_month"
        " where marketplace_code = 'US' and channel = 'mfn'",
    )
    assert {m: list(row[:3]) for m, row in found.items() if row[0]} == expected
    january, february = sorted(expected)
    assert found[january][3:] == (None, False)  # its own month of returns is missing
    bought, back, _ = expected[february]
    assert close(found[february][3], back / bought)
    assert all(row[3] is None for m, row in found.items() if m > february)


def test_orders_of_a_month_as_they_stood_at_each_months_end(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Returns requested by then, in the order of their days; no charge was landed."""
    ordered: Counter[str] = Counter()
    placed: dict[str, date] = {}
    for row in rows_of("orders"):
        states = {row["order-status"].lower(), row["item-status"].lower()}
        if states & CANCELLED or row["sales-channel"] != "Amazon.com":
            continue
        if row["fulfillment-channel"] == "Merchant" and int(row["quantity"]):
            instant = datetime.fromisoformat(row["purchase-date"])
            placed[row["amazon-order-id"]] = instant.astimezone(PACIFIC).date()
            ordered[row["amazon-order-id"]] += int(row["quantity"])
    asked: dict[str, list[date]] = defaultdict(list)
    for row in rows_of("returns"):
        requested = [day(row["Return request date"])] * int(row["Return quantity"])
        asked[row["Order ID"]] += requested
    found = warehouse.execute(
        "select cohort_month_start_date, seen_date, cohort_quantity, returned_quantity,"
        " projection_status, seen_month_number"
        " from marts.kpi_return_projections_by_marketplace_month"
        " where marketplace_code = 'US' and channel = 'mfn' and clock_code = 'order'"
    ).fetchall()
    assert len(found) > 4
    for month, seen, units, back, status, number in found:
        cohort = [
            o for o, d in placed.items() if d.replace(day=1) == month <= d <= seen
        ]
        assert units == sum(ordered[order] for order in cohort)
        assert back == sum(
            sum(1 for d in sorted(asked[order])[: ordered[order]] if d <= seen)
            for order in cohort
        )
        # of two months of orders none is three months past while the other is young
        assert number == 3 or status in ("no_coverage", "too_little_history")
    assumed = warehouse.execute(
        "select count(*), count(*) filter (assumed_day_quantity = cohort_quantity)"
        " from marts.kpi_return_projections_by_marketplace_month"
        " where clock_code = 'ship'"
    ).fetchone()
    assert assumed is not None and assumed[0] == assumed[1] > 0


def test_reasons_of_each_month_and_their_labels(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    expected = Counter(
        day(row["Return request date"]).replace(day=1) for row in rows_of("returns")
    )
    found = months(
        warehouse,
        "select month_start_date, sum(return_count), min(month_return_count),"
        " max(month_return_count), sum(return_share)"
        " from marts.kpi_return_reasons_by_marketplace_month group by all",
    )
    for month, count in expected.items():
        assert found[month][:3] == (count, count, count)
        assert close(found[month][3], 1.0, 1e-4)


def test_each_claim_of_the_seller_counts_once_with_its_money(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A claim's state and money are repeated on each of its lines in the report."""
    states: dict[str, str] = {}
    granted: dict[str, Decimal] = {}
    for row in rows_of("returns"):
        claim = row["SafeT claim id"]
        if claim:
            states[claim] = row["SafeT claim state"]
            granted[claim] = Decimal(row["SafeT claim reimbursement amount"] or 0)
    counts = Counter(states.values())
    assert counts["GRANT"] and counts["NOGRANT"]
    [found] = warehouse.execute(
        "select sum(claim_count), sum(granted_count), sum(refused_count),"
        " sum(granted_amount) from marts.kpi_claims_by_marketplace_month"
        " where claim_type = 'safe_t' and expired_count + open_count = 0"
    ).fetchall()
    expected = (len(states), counts["GRANT"], counts["NOGRANT"])
    assert found == (*expected, sum(granted.values()))


def test_recovery_without_costs_and_receipts_is_unknown_not_nothing(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    [(units, known, rates)] = warehouse.execute(
        "select sum(unit_count), sum(recovery_known_count), count(recovery_rate)"
        " from marts.kpi_recovery_by_marketplace_month"
    ).fetchall()
    returned = sum(
        int(row["Return quantity"])
        for row in rows_of("returns")
        if row["Return request status"].lower() not in CANCELLED
    )
    assert (units, known, rates) == (returned, 0, 0)
    [(waiting,)] = warehouse.execute(
        "select count(*) from marts.kpi_inspection_queue_by_return_day"
    ).fetchall()
    assert waiting == 0


def test_signals_of_causes_are_those_of_scipy(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert compare_signals(Warehouse(warehouse, "")) > 100


def test_what_no_file_tells_is_null_and_covered_by_a_note(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """No settlement, no feedback, few returns judged: no part of the score is left."""
    scores = warehouse.execute(
        "select handling_time_share, refund_speed_share, buyer_satisfaction_share,"
        " reason_attribution_share is not null, part_count, is_partial,"
        " round(coverage_share, 2) from marts.kpi_scorecard_by_seller_month"
    ).fetchall()
    assert scores
    assert all(row[:6] == (None, None, None, False, 0, True) for row in scores)
    notes = warehouse.execute(
        "select coverage_measure, note from marts.kpi_data_coverage_by_seller_month"
        " where covered_count = 0 and coverage_measure like 'days_of_%' group by all"
    ).fetchall()
    never = {measure for measure, note in notes if note.endswith("never delivered")}
    missing = {measure for measure, note in notes if note.startswith("missing")}
    assert never >= {"days_of_settlements", "days_of_seller_feedback"}
    assert missing == {"days_of_all_orders", "days_of_mfn_returns"}


def test_sources_are_told_apart_month_by_month(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Returns have rows in each of their months; settlements never came."""
    expected = Counter(
        day(row["Return request date"]).replace(day=1) for row in rows_of("returns")
    )
    found = months(
        warehouse,
        "select month_start_date, row_count, source_status"
        " from marts.kpi_source_trust_by_seller_month"
        " where source_code = 'mfn_returns'",
    )
    for month, (row_count, status) in found.items():
        assert row_count == expected[month], month
        assert (status == "missing") == (not expected[month]), month
    statuses = warehouse.execute(
        "select distinct source_status from marts.kpi_source_trust_by_seller_month"
        " where source_code in ('settlements', 'seller_feedback')"
    ).fetchall()
    assert statuses == [("never_delivered",)]


def test_handling_is_unknown_where_no_file_tells_an_end(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """No delivery, no settlement: every request is there, none is called open."""
    expected = Counter(
        day(row["Return request date"]).replace(day=1) for row in rows_of("returns")
    )
    for stage in ("request_to_receipt", "request_to_refund"):
        found = months(
            warehouse,
            "select month_start_date, sum(unknown_count + not_applicable_count),"
            " sum(case_count), max(p50_days), max(known_share), max(due_count)"
            " from marts.kpi_handling_time_by_marketplace_month"
            f" where channel = 'mfn' and stage_code = '{stage}' group by all",
        )
        assert {month: row[0] for month, row in found.items()} == expected
        assert all(row[1:] == (0, None, 0, 0) for row in found.values())
    curve = "select count(*) from marts.kpi_handling_curve_by_marketplace_month"
    assert warehouse.execute(curve).fetchall() == [(0,)]
