"""Projected return rates against plain Python, and against what really came back.

The reference lists every unit and its day; it shares no SQL with the models. Every row
of the marts is compared, and the projections are held against the demo's truth, which
knows the returns that arrive after the data ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from scipy import stats

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, share, wilson
from tests.integration.projection_reference import (
    HISTORY_MONTHS,
    MATURITY_DAYS,
    PARAMETERS,
    Delays,
    Place,
    Row,
    Unit,
    anova_weight,
    month_after,
    month_end,
    place_of,
    project,
    rows_of,
    units_of_orders,
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
    home = demo_run.home
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        found = {
            name: rows_of(connection, f"{schema}.{name}")
            for schema, names in READ.items()
            for name in names
        }
        for name in ("order_lines", "returns"):
            file = home.demo / "truth" / f"{name}.parquet"
            found[f"truth_{name}"] = rows_of(connection, f"'{file}'")
    return found


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
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Every cohort at every month's end it is looked at, from the units."""
    covered: dict[Place, date] = {}
    for row in tables["dim_report_days"]:
        channel = {"mfn_returns": "mfn", "fba_returns": "fba"}.get(row["report_code"])
        place = row["seller_id"], row["marketplace_code"], channel or ""
        covered[place] = max(covered.get(place, date.min), row["covered_date"])
    months = {
        (place_of(r), r["order_month_start_date"]) for r in tables["dim_cohort_months"]
    }
    cohorts: dict[Any, list[Unit]] = defaultdict(list)
    for clock, listed in units.items():
        for unit in listed:
            if (unit.place, month_of(unit.began)) in months:
                cohorts[unit.place, clock, month_of(unit.began)].append(unit)
    found = {}
    for (place, clock, month), cohort in cohorts.items():
        for number in range(4):
            seen_month = month_after(month, number)
            if seen_month > covered[place]:
                continue
            seen = min(month_end(seen_month), covered[place])
            sample = delays.sample(
                (place[0], place[2], clock), seen_month, ends[place[0]]
            )
            ages = [
                min((seen - unit.began).days, MATURITY_DAYS)
                for unit in cohort
                if unit.began <= seen
            ]
            shown = [
                sum(n for days, n in sample.items() if days <= age) for age in ages
            ]
            found[(*place, clock, month, number)] = {
                "seen": seen,
                "seen_month": seen_month,
                "units": len(ages),
                "back": sum(1 for u in cohort if u.returned and u.returned <= seen),
                "shown": sum(shown) / sample.total() if sample else None,
                "delays": sample.total(),
                "final_units": len(cohort),
                "final_back": sum(1 for unit in cohort if unit.returned),
                "is_known": (place, month) in known,
            }
    return found


def test_development_of_every_cohort(
    tables: Tables, looked_at: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    mart = {
        tuple(row[name] for name in COHORT): row
        for row in tables["kpi_return_development_by_marketplace_month"]
    }
    assert set(mart) == set(looked_at)
    for key, expected in looked_at.items():
        row = mart[key]
        assert row["seen_date"] == expected["seen"]
        assert row["cohort_quantity"] == expected["units"]
        assert row["returned_quantity"] == expected["back"]
        assert row["final_cohort_quantity"] == expected["final_units"]
        assert row["final_returned_quantity"] == expected["final_back"]
        assert row["is_rate_known"] == expected["is_known"]
        assert (row["delay_quantity"] or 0) == expected["delays"]
        assert close(row["developed_units"], expected["shown"], 0.001)
        newest = not any(key[:-1] == k[:-1] and k[-1] > key[-1] for k in looked_at)
        assert row["is_current"] == newest


@pytest.fixture(scope="module")
def usual(
    looked_at: dict[tuple[Any, ...], dict[str, Any]],
) -> dict[tuple[Any, ...], list[tuple[int, int]]]:
    """Cohorts three months past, by place, clock and month: units and returns."""
    found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    months = {(key[:4], row["seen_month"]) for key, row in looked_at.items()}
    for scope, month in months:
        for key, row in looked_at.items():
            age = (month.year - row["seen_month"].year) * 12
            age += month.month - row["seen_month"].month
            if key[:4] == scope and key[5] == 3 and 0 <= age < HISTORY_MONTHS:
                if row["is_known"] and row["units"]:
                    found[(*scope, month)].append((row["units"], row["back"]))
    return found


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
    looked_at: dict[tuple[Any, ...], dict[str, Any]],
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
        cohorts = usual.get((*key[:4], seen["seen_month"]))
        history = seen["delays"] >= PARAMETERS["minimum_delay_units"] and cohorts
        status = "projected" if history else "too_little_history"
        status = "no_units" if not seen["units"] else status
        status = status if seen["is_known"] else "no_coverage"
        assert row["projection_status"] == status
        assert close(row["returned_share"], share(seen["back"], seen["units"]))
        if status != "projected" or cohorts is None:
            assert row["projected_units"] is None
            assert row["projected_return_rate_high"] is None
            assert row["checked_count"] == 0
            continue
        units, back = (sum(part) for part in zip(*cohorts, strict=True))
        expected = project(
            seen["units"],
            seen["back"],
            seen["shown"],
            (back / units, anova_weight(cohorts)[1]),
            seen["delays"],
        )
        low, high = row["projected_low_quantity"], row["projected_high_quantity"]
        assert close(row["projected_units"], expected.expected, 0.005), key
        assert expected.holds(low, high, seen["units"]), key
        assert close(row["projected_return_rate_low"], low / seen["units"])
        assert close(row["projected_return_rate_high"], high / seen["units"])
        checked = row["is_mature"] and seen["shown"] < seen["units"] - 1e-4
        held = checked and low <= seen["final_back"] <= high
        assert (row["checked_count"], row["held_count"]) == (checked, held)


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


def test_past_projections_hold_as_often_as_they_say(tables: Tables) -> None:
    """Of 95 % intervals widened to whole units, on cohorts the data saw mature."""
    rows = tables["kpi_return_projections_by_marketplace_month"]
    checked = [row for row in rows if row["checked_count"]]
    assert len(checked) > 50
    held = sum(row["held_count"] for row in checked) / len(checked)
    assert 0.93 <= held <= 1, held
    # what an interval that says nothing would also reach: it must be narrower than that
    first = [row for row in checked if row["seen_month_number"] == 0]
    widths = [
        row["projected_return_rate_high"] - row["projected_return_rate_low"]
        for row in first
        if row["cohort_quantity"] >= 40
    ]
    assert widths and sum(widths) / len(widths) < 0.2
    # and not off to one side
    error = sum(
        row["projected_units"] - row["final_returned_quantity"] for row in first
    )
    assert abs(error) < 0.2 * sum(row["final_returned_quantity"] for row in first)


def test_young_cohorts_come_to_what_was_projected(
    tables: Tables, ends: dict[str, date]
) -> None:
    """The newest months against the truth, which knows what arrives after the data."""
    lines = {row["order_line_id"]: row for row in tables["truth_order_lines"]}
    ordered: Counter[Any] = Counter()
    cohort_of: dict[Any, Any] = {}
    for line in lines.values():
        if line["is_in_files"] and not line["is_cancelled"] | line["is_multi_channel"]:
            order = line["seller_id"], line["amazon_order_id"]
            ordered[order] += line["quantity"]
            cohort = (*place_of(line), month_of(line["ordered_date_local"]))
            cohort_of[order] = min(cohort_of.get(order, cohort), cohort)
    returned: Counter[Any] = Counter()
    for row in tables["truth_returns"]:
        line = lines.get(row["order_line_id"])
        if line and row["status"] not in ("Cancelled", "Canceled"):
            order = line["seller_id"], line["amazon_order_id"]
            returned[order] += row["returned_quantity"]
    came_to: Counter[Any] = Counter()
    for order, cohort in cohort_of.items():
        came_to[cohort] += min(returned[order], ordered[order])

    young = [
        row
        for row in tables["kpi_return_projections_by_marketplace_month"]
        if row["is_current"] and not row["is_mature"] and row["clock_code"] == "order"
        if row["projected_units"] is not None and (row["developed_share"] or 0) < 1
        if row["seen_date"] >= ends[row["seller_id"]] - timedelta(3)
    ]
    assert len(young) >= 10
    held, expected, true = 0, 0.0, 0
    for row in young:
        final = came_to[(*place_of(row), row["cohort_month_start_date"])]
        low, high = row["projected_low_quantity"], row["projected_high_quantity"]
        held += low <= final <= high
        expected += float(row["projected_units"])
        true += final
    assert held / len(young) >= 0.85, (held, len(young))
    assert abs(expected - true) < max(0.25 * true, 5), (expected, true)
    assert true > sum(row["returned_quantity"] for row in young)
