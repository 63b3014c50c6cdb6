"""Projections of young cohorts against what they came to, also after the data ends."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from scipy import stats

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import month_of, seed
from tests.integration.projection_reference import Row, place_of, project, rows_of


@pytest.fixture(scope="module")
def projections(demo_run: RunOutcome) -> list[Row]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        return rows_of(connection, "marts.kpi_return_projections_by_marketplace_month")


@pytest.fixture(scope="module")
def ends(demo_run: RunOutcome) -> dict[str, date]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        rows = rows_of(connection, "facts.dim_sellers")
    return {row["seller_id"]: row["data_as_of_date"] for row in rows}


@pytest.fixture(scope="module")
def came_to(demo_run: RunOutcome) -> Counter[Any]:
    """Units of each order month that truly come back, within the data or after it."""
    truth = demo_run.home.demo / "truth"
    with duckdb.connect() as connection:
        listed = rows_of(connection, f"'{truth / 'order_lines.parquet'}'")
        returns = rows_of(connection, f"'{truth / 'returns.parquet'}'")
    lines = {row["order_line_id"]: row for row in listed}
    ordered: Counter[Any] = Counter()
    cohort_of: dict[Any, Any] = {}
    for line in listed:
        if line["is_in_files"] and not line["is_cancelled"] | line["is_multi_channel"]:
            order = line["seller_id"], line["amazon_order_id"]
            ordered[order] += line["quantity"]
            cohort = (*place_of(line), month_of(line["ordered_date_local"]))
            cohort_of[order] = min(cohort_of.get(order, cohort), cohort)
    returned: Counter[Any] = Counter()
    for row in returns:
        line = lines.get(row["order_line_id"])
        if line and row["status"] not in ("Cancelled", "Canceled"):
            order = line["seller_id"], line["amazon_order_id"]
            returned[order] += row["returned_quantity"]
    found: Counter[Any] = Counter()
    for order, cohort in cohort_of.items():
        found[cohort] += min(returned[order], ordered[order])
    return found


def test_gamma_ends_are_near_the_true_quantiles() -> None:
    """Wilson and Hilferty's cube root against scipy, where cohorts lie."""
    for units, back, rate, shown in [
        (400, 10, 0.1, 200),
        (100, 2, 0.08, 40),
        (40, 0, 0.12, 10),
        (200, 30, 0.2, 190),
    ]:
        found = project(units, back, shown, (rate, 50), 200)
        mean = found.expected - back
        # the same moments, told back from the ends the reference gives
        chance = mean / (units - back)
        assert 0 < chance < 1
        grid = [mean * (1 + step / 50) for step in range(200)]
        best = min(
            grid,
            key=lambda variance: abs(
                stats.gamma.ppf(0.975, mean**2 / variance, scale=variance / mean)
                - (found.high - back)
            ),
        )
        low = stats.gamma.ppf(0.025, mean**2 / best, scale=best / mean)
        assert abs(low - (found.low - back)) < 0.25


def test_charges_tell_the_day_of_shipping(demo_run: RunOutcome) -> None:
    """The day a line left, in the marketplace's days, where its charge has landed."""
    zones = {
        row["marketplace_code"]: ZoneInfo(row["time_zone_name"])
        for row in seed("marketplaces")
    }
    truth = demo_run.home.demo / "truth" / "order_lines.parquet"
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        listed = rows_of(connection, f"'{truth}'")
        lines = rows_of(connection, "facts.fct_order_lines")
    left: dict[Any, set[date]] = defaultdict(set)
    for row in listed:
        if row["shipped_at"]:
            instant = row["shipped_at"].replace(tzinfo=UTC)
            local = instant.astimezone(zones[row["marketplace_code"]])
            left[row["amazon_order_id"], row["sku"]].add(local.date())
    sources = Counter(row["shipped_date_source"] for row in lines if row["is_counted"])
    assert sources["settlement"] > 0.9 * sources.total()
    for row in lines:
        key = row["amazon_order_id"], row["sku"]
        if row["is_counted"] and row["shipped_date_source"] == "settlement":
            assert row["shipped_date_local"] == min(left[key]), key
        elif row["is_counted"] and row["shipped_date_source"] is None:
            assert row["shipped_date_local"] is None


def test_past_projections_hold_as_often_as_they_say(projections: list[Row]) -> None:
    """Of 95 % intervals widened to whole units, on cohorts the data saw mature."""
    checked = [row for row in projections if row["checked_count"]]
    assert len(checked) >= 20
    held = sum(row["held_count"] for row in checked)
    # fewer would be held by chance once in a thousand times if 95 % are
    assert stats.binom.cdf(held, len(checked), 0.95) > 0.001, (held, len(checked))
    first = [row for row in checked if row["seen_month_number"] == 0]
    # an interval that says nothing would hold as well: these say something
    widths = [
        float(row["projected_return_rate_high"] - row["projected_return_rate_low"])
        for row in first
    ]
    assert statistics.fmean(widths) < 0.25
    # and they are not off to one side
    assert within_three_errors(first, [r["final_returned_quantity"] for r in first])


def test_young_cohorts_come_to_what_was_projected(
    projections: list[Row], came_to: Counter[Any], ends: dict[str, date]
) -> None:
    """The newest months against the truth, which knows what arrives after the data."""
    young = [
        row
        for row in projections
        if row["is_current"] and not row["is_mature"] and row["clock_code"] == "order"
        if row["projected_units"] is not None and (row["developed_share"] or 0) < 1
        if row["seen_date"] >= ends[row["seller_id"]] - timedelta(3)
    ]
    assert len(young) >= 4
    final = [came_to[(*place_of(r), r["cohort_month_start_date"])] for r in young]
    held = sum(
        row["projected_low_quantity"] <= true <= row["projected_high_quantity"]
        for row, true in zip(young, final, strict=True)
    )
    assert stats.binom.cdf(held, len(young), 0.95) > 0.001, (held, len(young))
    assert within_three_errors(young, final)
    assert sum(final) > sum(row["returned_quantity"] for row in young)


def within_three_errors(rows: list[Row], final: list[int]) -> bool:
    """Tell whether the sum of projections is the sum of what came, but for chance."""
    expected = float(sum(row["projected_units"] for row in rows))
    # an interval of 95 % is 3.92 standard errors wide
    errors = [
        float(row["projected_high_quantity"] - row["projected_low_quantity"]) / 3.92
        for row in rows
    ]
    return abs(expected - sum(final)) < 3 * math.hypot(*errors)
