"""Backlog and bottleneck of handling against plain Python, row by row."""

from __future__ import annotations

import calendar
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import variance
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.handling_reference import (
    HANDLING,
    PLACE,
    Row,
    Stage,
    grouped,
    mart,
    path_of,
    returns_of,
    rows,
    stages_of,
)
from tests.integration.kpi_reference import Z, close, month_of, seed, share


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def returns(warehouse: duckdb.DuckDBPyConnection) -> list[Row]:
    return returns_of(warehouse)


@pytest.fixture(scope="module")
def stages(returns: list[Row]) -> list[Stage]:
    return stages_of(returns)


Waiting = list[tuple[Stage, int]]


def month_ends(group: list[Stage], end: date) -> Iterator[tuple[date, Waiting]]:
    """Yield each month's last day and the cases that wait on it, with their ages."""
    month = min(stage["month"] for stage in group)
    while month <= end:
        days = calendar.monthrange(month.year, month.month)[1]
        last = min(month.replace(day=days), end)
        yield (
            last,
            [
                (stage, (last - stage["started"]).days)
                for stage in group
                if stage["state"] in ("closed", "open")
                and stage["started"] <= last
                and (stage["ended"] is None or stage["ended"] > last)
            ],
        )
        month = month_of(month.replace(day=28) + timedelta(days=4))


def is_sure(stage: Stage, age: int) -> bool:
    """Tell whether the case is known to have waited at that age."""
    watched = stage["watched"]
    return stage["state"] == "closed" or (watched is not None and watched >= age)


def test_backlog_is_what_waits_at_each_months_end(
    warehouse: duckdb.DuckDBPyConnection, stages: list[Stage]
) -> None:
    """Walk the months of each stage and look at every case on the last day."""
    keys = (*HANDLING, "age_band_code")
    found = mart(warehouse, "kpi_handling_backlog_by_marketplace_month", *keys)
    sellers = rows(warehouse, "facts.dim_sellers")
    ends = {row["seller_id"]: row["data_as_of_date"] for row in sellers}
    groups: dict[Any, list[Stage]] = defaultdict(list)
    for key, group in grouped(stages).items():
        if any(s["state"] in ("closed", "open", "ended_before_start") for s in group):
            groups[(*key[:3], key[4])] += group
    seen = set()
    over = unwatched = 0
    for place, group in groups.items():
        for last, waiting in month_ends(group, ends[place[0]]):
            for band in seed("backlog_age_bands"):
                upper = int(band["upper_days"] or 10**6)
                key = (*place[:3], month_of(last), place[3], band["age_band_code"])
                seen.add(key)
                row = found[key]
                here = [
                    (stage, age)
                    for stage, age in waiting
                    if int(band["lower_days"]) <= age <= upper
                ]
                late = sum(age > stage["target"] for stage, age in here)
                sure = sum(is_sure(stage, age) for stage, age in here)
                assert row["backlog_date"] == last
                assert row["watched_backlog_count"] == sure, key
                assert row["over_target_count"] == late, key
                ages_are_those_of(row, [age for _, age in here])
                assert close(row["over_target_share"], share(late, len(here)))
                assert close(row["watched_share"], share(sure, len(here)))
                over, unwatched = over + late, unwatched + len(here) - sure
    assert set(found) == seen
    assert over > 50 and unwatched > 5


def ages_are_those_of(row: Row, ages: list[int]) -> None:
    assert row["backlog_count"] == len(ages)
    assert row["oldest_days"] == max(ages, default=None)
    assert row["backlog_total_days"] == (sum(ages) if ages else None)


def mean_error(days: list[int]) -> float | None:
    """Return the squared standard error of a mean."""
    return variance(days) / len(days) if len(days) > 1 else None


Days = dict[str, int]


def cohorts_of(returns: list[Row]) -> dict[Any, dict[date, list[Days]]]:
    """Return the days by stretch of each return of each cohort and month."""
    window = next(
        int(row["parameter_value"])
        for row in seed("score_parameters")
        if row["parameter_code"] == "handling_window_days"
    )
    found: dict[Any, dict[date, list[Days]]] = defaultdict(lambda: defaultdict(list))
    for row in returns:
        for cohort, month, path in path_of(row, window):
            found[(*(row[name] for name in PLACE), cohort)][month].append(path)
    return found


def test_bottleneck_parts_add_up(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    """Cut every return by hand, average, compare and add up."""
    keys = (*PLACE, "cohort_code", "month_start_date", "stage_code")
    found = mart(warehouse, "kpi_handling_bottleneck_by_marketplace_month", *keys)
    seen = set()
    drivers = 0
    for place, months in cohorts_of(returns).items():
        names = {name for cases in months.values() for case in cases for name in case}
        for month, cases in months.items():
            before = months.get(month_of(month - timedelta(days=1)))
            parts = {name: [case.get(name, 0) for case in cases] for name in names}
            whole = sum(sum(case.values()) for case in cases) / len(cases)
            here = {name: found[(*place, month, name)] for name in names}
            seen |= {(*place, month, name) for name in names}
            for name, days in parts.items():
                row = here[name]
                assert row["case_count"] == len(cases)
                assert row["passed_count"] == sum(name in case for case in cases)
                assert close(row["mean_days"], sum(days) / len(days)), (place, name)
                assert close(row["end_to_end_mean_days"], whole)
                change_is_that_of(row, days, [c.get(name, 0) for c in before or []])
            longest = [n for n, row in here.items() if row["is_bottleneck"]]
            assert len(longest) == (1 if whole else 0)
            assert all(sum(parts[n]) == max(map(sum, parts.values())) for n in longest)
            drivers += one_driver(here, before is not None)
    assert set(found) == seen
    assert drivers > 20
    assert {key[3] for key in seen} == {"completed", "started"}


def change_is_that_of(row: Row, days: list[int], earlier: list[int]) -> None:
    """Compare a change and its interval with two lists of days."""
    if not earlier:
        assert row["change_days"] is None
        return
    change = sum(days) / len(days) - sum(earlier) / len(earlier)
    assert close(row["change_days"], change)
    errors = [mean_error(days), mean_error(earlier)]
    if None in errors:
        assert row["change_days_low"] is None
        return
    margin = Z * math.sqrt(sum(error for error in errors if error))
    assert close(row["change_days_low"], change - margin, 1e-5)
    assert close(row["change_days_high"], change + margin, 1e-5)


def one_driver(here: dict[str, Row], is_compared: bool) -> int:
    """Check that changes add up and that the largest one is named; count it."""
    if not is_compared:
        assert not any(row["is_change_driver"] for row in here.values())
        return 0
    total = float(next(iter(here.values()))["end_to_end_change_days"])
    changes = {name: float(row["change_days"]) for name, row in here.items()}
    assert close(total, sum(changes.values()), 1e-5)
    driving = [name for name, row in here.items() if row["is_change_driver"]]
    if total == 0:
        return 0
    furthest = max(changes.values(), key=lambda change: change * total)
    assert [changes[name] for name in driving] == [furthest]
    return 1
