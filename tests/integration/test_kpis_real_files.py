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
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing.lake import register_views
from orchestration.landing.landing import land_inbox
from orchestration.settings import PROJECT_ROOT, Home
from tests.integration.kpi_reference import close
from tests.integration.test_returns_independent import PACIFIC, REAL, day, rows_of

BUILT = [
    "+kpi_return_rate_by_marketplace_month",
    "+kpi_return_reasons_by_marketplace_month",
    "+kpi_data_coverage_by_seller_month",
    "+kpi_scorecard_by_seller_month",
    "+kpi_source_trust_by_seller_month",
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
    work = tmp_path_factory.mktemp("real_kpis")
    for folder in ("orders", "returns"):
        shutil.copytree(REAL / folder, work / "inbox" / "apparel" / "US" / folder)
    home = Home(work / "home")
    assert not land_inbox(work / "inbox", home).refused
    register_views(home)
    places = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    places += ["--target-path", str(home.dbt_target), "--log-path", str(work / "log")]
    build = ["build", "--exclude-resource-type", "unit_test"]
    build += ["--indirect-selection", "cautious", "--select", *BUILT]
    result = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", *build, *places],
        env=os.environ | {"RETURNS_HOME": str(home.root)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield connection


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
