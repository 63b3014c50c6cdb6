"""Projected return rates against plain Python.

The reference lists every unit and its day; it shares no SQL with the models. Every row
of the marts is compared. ``test_projections_hold`` asks whether they came true.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, share, wilson
from tests.integration.projection_reference import (
    MATURITY_DAYS,
    PARAMETERS,
    Delays,
    Place,
    Row,
    Seen,
    Unit,
    anova_weight,
    cohorts_seen,
    covered_until,
    place_of,
    project,
    rows_of,
    units_of_orders,
    usual_cohorts,
)

PLACE = ("seller_id", "marketplace_code", "channel")
COHORT = (*PLACE, "clock_code", "cohort_month_start_date", "seen_month_number")
Tables = dict[str, list[Row]]


READ = {
    "facts": [
        "fct_order_lines",
        "fct_returns",
        "fct_cohort_units",
        "dim_cohort_months",
        "dim_report_days",
        "dim_sellers",
    ],
    "marts": [
        "kpi_return_rate_by_marketplace_month",
        "kpi_return_delays_by_seller_month",
        "kpi_return_development_by_marketplace_month",
        "kpi_usual_return_rate_by_marketplace_month",
        "kpi_return_projections_by_marketplace_month",
    ],
}


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> Tables:
    """What the reference reads, and the marts it is compared with."""
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        return {
            name: rows_of(connection, f"{schema}.{name}")
            for schema, names in READ.items()
            for name in names
        }


@pytest.fixture(scope="module")
def units(tables: Tables) -> dict[str, list[Unit]]:
    return units_of_orders(tables["fct_order_lines"], tables["fct_returns"])


@pytest.fixture(scope="module")
def known(tables: Tables) -> set[tuple[Place, date]]:
    """Places and months with a rate."""
    return {
        (place_of(row), row["order_month_start_date"])
        for row in tables["dim_cohort_months"]
        if row["has_order_coverage"]
        and row["has_return_coverage"]
        and row["has_matched_returns"]
    }


@pytest.fixture(scope="module")
def delays(units: dict[str, list[Unit]], known: set[tuple[Place, date]]) -> Delays:
    return Delays(units, known)


@pytest.fixture(scope="module")
def ends(tables: Tables) -> dict[str, date]:
    return {r["seller_id"]: r["data_as_of_date"] for r in tables["dim_sellers"]}


def test_units_of_orders_are_those_of_the_return_rate(
    tables: Tables, units: dict[str, list[Unit]]
) -> None:
    """The fact holds each unit once on each clock; by orders, the published rate's."""
    expected = {
        (clock, *unit): count
        for clock, listed in units.items()
        for unit, count in Counter(listed).items()
    }
    found: Counter[Any] = Counter()
    for row in tables["fct_cohort_units"]:
        unit = Unit(place_of(row), row["cohort_date"], row["returned_date"])
        assert row["return_days"] == unit.days
        found[row["clock_code"], *unit] += row["quantity"]
    assert found == expected

    for row in tables["kpi_return_rate_by_marketplace_month"]:
        cohort = [
            unit
            for unit in units["order"]
            if unit.place == place_of(row)
            and month_of(unit.began) == row["order_month_start_date"]
        ]
        back = [unit for unit in cohort if unit.returned]
        assert (row["ordered_quantity"] or 0) == len(cohort)
        assert (row["returned_quantity"] or 0) == len(back)


def test_delays_of_every_seller_channel_and_month(
    tables: Tables, delays: Delays, ends: dict[str, date]
) -> None:
    mart = tables["kpi_return_delays_by_seller_month"]
    assert mart
    seen = set()
    for row in mart:
        key = row["seller_id"], row["channel"], row["clock_code"]
        end = ends[row["seller_id"]]
        sample = delays.sample(key, row["month_start_date"], end)
        within = sum(n for days, n in sample.items() if days <= row["age_days"])
        assert row["returned_within_quantity"] == within
        assert row["returned_quantity"] == sample.total()
        assert close(row["returned_within_share"], within / sample.total())
        low, high = wilson(within, sample.total())
        assert close(row["returned_within_share_low"], low)
        assert close(row["returned_within_share_high"], high)
        seen.add((key, row["month_start_date"], row["age_days"]))
    assert len(seen) == len(mart) == len({s[:2] for s in seen}) * (MATURITY_DAYS + 1)


@pytest.fixture(scope="module")
def looked_at(
    tables: Tables,
    units: dict[str, list[Unit]],
    known: set[tuple[Place, date]],
    delays: Delays,
    ends: dict[str, date],
) -> dict[tuple[Any, ...], Seen]:
    """Every cohort at every month's end it is looked at, from the units."""
    months = {
        (place_of(row), row["order_month_start_date"]): False
        for row in tables["dim_cohort_months"]
    } | dict.fromkeys(known, True)
    until = covered_until(tables["dim_report_days"])
    return cohorts_seen(units, months, until, delays, ends)


def test_development_of_every_cohort(
    tables: Tables, looked_at: dict[tuple[Any, ...], Seen]
) -> None:
    mart = {
        tuple(row[name] for name in COHORT): row
        for row in tables["kpi_return_development_by_marketplace_month"]
    }
    assert set(mart) == set(looked_at)
    for key, expected in looked_at.items():
        row = mart[key]
        assert row["seen_date"] == expected.day
        assert row["cohort_quantity"] == expected.units
        assert row["returned_quantity"] == expected.back
        assert row["final_cohort_quantity"] == expected.final_units
        assert row["final_returned_quantity"] == expected.final_back
        assert row["is_rate_known"] == expected.is_known
        assert (row["delay_quantity"] or 0) == expected.delays
        assert close(row["developed_units"], expected.shown, 0.001)
        newest = not any(key[:-1] == k[:-1] and k[-1] > key[-1] for k in looked_at)
        assert row["is_current"] == newest


@pytest.fixture(scope="module")
def usual(
    looked_at: dict[tuple[Any, ...], Seen],
) -> dict[tuple[Any, ...], list[tuple[int, int]]]:
    """Cohorts three months past, by place, clock and month: units and returns."""
    return usual_cohorts(looked_at)


def test_usual_rate_and_its_weight(
    tables: Tables, usual: dict[tuple[Any, ...], list[tuple[int, int]]]
) -> None:
    mart = {
        (*(row[name] for name in COHORT[:4]), row["month_start_date"]): row
        for row in tables["kpi_usual_return_rate_by_marketplace_month"]
    }
    assert set(mart) == set(usual)
    for key, cohorts in usual.items():
        row = mart[key]
        units, back = (sum(part) for part in zip(*cohorts, strict=True))
        assert row["cohort_count"] == len(cohorts)
        assert (row["cohort_quantity"], row["returned_quantity"]) == (units, back)
        assert close(row["usual_return_rate"], back / units)
        low, high = wilson(back, units)
        assert close(row["usual_return_rate_low"], low)
        assert close(row["usual_return_rate_high"], high)
        between, weight = anova_weight(cohorts)
        assert close(row["between_months_share"], between)
        assert close(row["prior_units"], weight, 0.001)
    assert any(row["between_months_share"] for row in mart.values())


def test_projection_of_every_cohort(
    tables: Tables,
    looked_at: dict[tuple[Any, ...], Seen],
    usual: dict[tuple[Any, ...], list[tuple[int, int]]],
) -> None:
    mart = {
        tuple(row[name] for name in COHORT): row
        for row in tables["kpi_return_projections_by_marketplace_month"]
    }
    assert set(mart) == set(looked_at)
    statuses = Counter(row["projection_status"] for row in mart.values())
    assert statuses["projected"] and statuses["too_little_history"]
    for key, seen in looked_at.items():
        row = mart[key]
        cohorts = usual.get((*key[:4], seen.month))
        history = seen.delays >= PARAMETERS["minimum_delay_units"] and cohorts
        status = "projected" if history else "too_little_history"
        status = "no_units" if not seen.units else status
        status = status if seen.is_known else "no_coverage"
        assert row["projection_status"] == status
        assert close(row["returned_share"], share(seen.back, seen.units))
        if status != "projected" or cohorts is None:
            assert row["projected_units"] is None
            assert row["projected_return_rate_high"] is None
            assert row["checked_count"] == 0
            continue
        units, back = (sum(part) for part in zip(*cohorts, strict=True))
        expected = project(
            seen.units,
            seen.back,
            seen.shown,
            (back / units, anova_weight(cohorts)[1]),
            seen.delays,
        )
        low, high = row["projected_low_quantity"], row["projected_high_quantity"]
        assert close(row["projected_units"], expected.expected, 0.005), key
        assert expected.holds(low, high, seen.units), key
        assert close(row["projected_return_rate_low"], low / seen.units)
        assert close(row["projected_return_rate_high"], high / seen.units)
        checked = row["is_mature"] and seen.shown < seen.units - 1e-4
        held = checked and low <= seen.final_back <= high
        assert (row["checked_count"], row["held_count"]) == (checked, held)
