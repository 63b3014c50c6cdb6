"""Sellers start with whatever they have; only what is wrong blocks."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from orchestration.running.run import RunOutcome, run
from orchestration.settings import Home

# Each of these sellers has a part of what the demo's seller has.
PARTS = {
    "returns-only": ["US/returns", "CA/returns", "fba-returns"],
    "settlements-only": ["US/settlements"],
    "orders-only": ["orders"],
    "feedback-only": ["US/feedback"],
    "month-missing": ["US/returns", "orders", "US/settlements"],
}
MISSING = "orders-2026-03"


@pytest.fixture(scope="module")
def partial(
    demo_run: RunOutcome, tmp_path_factory: pytest.TempPathFactory
) -> RunOutcome:
    inbox = tmp_path_factory.mktemp("partial") / "inbox"
    whole = demo_run.home.demo / "inbox" / "northwind-outdoor"
    for seller, folders in PARTS.items():
        for folder in folders:
            shutil.copytree(whole / folder, inbox / seller / folder)
    for path in (inbox / "month-missing").rglob("*"):
        if path.name.startswith(MISSING):
            path.unlink()
    return run(Home(tmp_path_factory.mktemp("partial-home") / "var"), inbox)


def test_any_part_of_the_inputs_is_published(partial: RunOutcome) -> None:
    assert partial.success, partial.problems
    gate = partial.record.gate
    assert gate is not None and gate.passed and not gate.blocking


def test_each_part_is_in_what_it_supports(partial: RunOutcome) -> None:
    marts = partial.home.published / "current" / "marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{marts}' as returns (read_only)")
        connection.execute("use returns.marts")
        sellers = {
            table: {
                seller
                for (seller,) in connection.execute(
                    f"select distinct seller_id from {table}"
                ).fetchall()
            }
            for table in ("fct_returns", "fct_refunds", "fct_order_lines")
        }
    assert sellers == {
        "fct_returns": {"returns-only", "month-missing"},
        "fct_refunds": {"settlements-only", "month-missing"},
        "fct_order_lines": {"orders-only", "month-missing"},
    }


def test_a_missing_month_is_told(partial: RunOutcome) -> None:
    gate = partial.record.gate
    assert gate is not None
    holes = [
        (row["coverage_measure"], row["month_start_date"])
        for result in gate.warnings
        if result.expectation == "no_hole_in_reports"
        for row in result.sample
        if row["seller_id"] == "month-missing"
    ]
    measures = ("days_in_ca_of_all_orders", "days_in_us_of_all_orders")
    told = [(name, "2026-03-01") for name in (*measures, "days_of_all_orders")]
    assert sorted(holes) == told
