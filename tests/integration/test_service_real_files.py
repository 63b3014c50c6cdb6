"""Service and account marts of a real seller whose files tell little of either.

Return requests of four months, but no hour of an answer, no feedback, no helpdesk and
no figure of Amazon: requests must be counted right, and no rate be made up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing.lake import register_views
from orchestration.landing.landing import land_inbox
from orchestration.settings import PROJECT_ROOT, Home
from tests.integration.test_returns_independent import REAL, day, rows_of

BUILT = [
    "+kpi_return_dissatisfaction_by_marketplace_month",
    "+kpi_contact_response_by_marketplace_month",
    "+kpi_feedback_effect_by_marketplace_month",
]

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"real files are not here ({REAL})"
)


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The real files landed under their marketplace, and the marts built."""
    work = tmp_path_factory.mktemp("real_service")
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


def test_requests_are_counted_once_whatever_their_lines(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    requests: dict[Any, Any] = {}
    for row in rows_of("returns"):
        asked = day(row["Return request date"])
        key = row["Order ID"], row["Amazon RMA ID"].strip() or asked
        requests[key] = min(asked, requests.get(key, asked))
    newest = max(day(row["Return request date"]) for row in rows_of("returns"))
    expected = Counter(asked.replace(day=1) for asked in requests.values())
    young = sum(asked > newest - timedelta(days=3) for asked in requests.values())
    rows = warehouse.execute(
        "select month_start_date, sum(request_count)::int,"
        " sum(response_not_yet_due_count)::int"
        " from marts.kpi_return_dissatisfaction_by_marketplace_month group by 1"
    ).fetchall()
    assert {month: count for month, count, _ in rows} == dict(expected)
    assert sum(count for *_, count in rows) == young > 0


def test_no_rate_is_made_up(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Nothing is judged, so everything is possible: at least none, at most all."""
    assert warehouse.execute(
        "select distinct response_judged_count, feedback_read_count,"
        " late_response_rate, negative_return_feedback_rate, dissatisfaction_rate,"
        " least_dissatisfaction_rate::float, most_dissatisfaction_rate::float,"
        " difference_code from marts.kpi_return_dissatisfaction_by_marketplace_month"
    ).fetchall() == [(0, 0, None, None, None, 0.0, 1.0, "no_amazon_figure")]
    known = warehouse.execute(
        "select distinct metric_code from marts.kpi_account_risk_by_marketplace_month"
        " where own_rate is not null or amazon_rate is not null"
    ).fetchall()
    assert known == [("invalid_rejection_rate",)]
    for mart in ("contact_response", "feedback_effect"):
        table = f"marts.kpi_{mart}_by_marketplace_month"
        assert warehouse.execute(f"select count(*) from {table}").fetchone() == (0,)
