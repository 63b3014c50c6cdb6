"""Backlog and bottleneck of handling against plain Python, row by row."""

from __future__ import annotations

import calendar
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
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


def test_backlog_is_what_waits_at_each_months_end(
    warehouse: duckdb.DuckDBPyConnection, stages: list[Stage]
) -> None:
    """Walk the months of each stage and look at every case on the last day."""
    keys = (*HANDLING, "age_band_code")
    found = mart(warehouse, "kpi_handling_backlog_by_marketplace_month", *keys)
    ends = {
        r["seller_id"]: r["data_as_of_date"]
        for r in rows(warehouse, "facts.dim_sellers")
    }
    bands = [
        (r["age_band_code"], int(r["lower_days"]), int(r["upper_days"] or 10**6))
        for r in seed("backlog_age_bands")
    ]
    groups: dict[Any, list[Stage]] = defaultdict(list)
    for key, group in grouped(stages).items():
        groups[(*key[:3], key[4])] += group
    seen = set()
    over = unwatched = 0
    for group_key, group in groups.items():
        month = min(stage["month"] for stage in group)
        while month <= ends[group_key[0]]:
            days = calendar.monthrange(month.year, month.month)[1]
            last = min(month.replace(day=days), ends[group_key[0]])
            waiting = [
                (stage, (last - stage["started"]).days)
                for stage in group
                if stage["state"] in ("closed", "open")
                and stage["started"] <= last
                and (stage["ended"] is None or stage["ended"] > last)
            ]
            for code, lower, upper in bands:
                key = (*group_key[:3], month, group_key[3], code)
                seen.add(key)
                row = found[key]
                here = [(s, age) for s, age in waiting if lower <= age <= upper]
                ages = [age for _, age in here]
                late = sum(age > stage["target"] for stage, age in here)
                sure = sum(
                    stage["state"] == "closed" or (stage["watched"] or -1) >= age
                    for stage, age in here
                )
                assert row["backlog_date"] == last
                assert row["backlog_count"] == len(here), key
                assert row["watched_backlog_count"] == sure, key
                assert row["over_target_count"] == late, key
                assert row["oldest_days"] == max(ages, default=None)
                assert row["backlog_total_days"] == (sum(ages) if ages else None)
                assert close(row["over_target_share"], share(late, len(here)))
                assert close(row["watched_share"], share(sure, len(here)))
                over, unwatched = over + late, unwatched + len(here) - sure
            month = month_of(month.replace(day=28) + timedelta(days=4))
    assert set(found) == seen
    assert over > 50 and unwatched > 5


def mean_error(days: list[int]) -> float | None:
    """Return the squared standard error of a mean."""
    return variance(days) / len(days) if len(days) > 1 else None


def test_bottleneck_parts_add_up(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    """Cut every return by hand, average, compare and add up."""
    window = next(
        int(r["parameter_value"])
        for r in seed("score_parameters")
        if r["parameter_code"] == "handling_window_days"
    )
    paths: dict[Any, dict[Any, list[dict[str, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in returns:
        for cohort, month, path in path_of(row, window):
            place = (*(row[name] for name in PLACE), cohort)
            paths[place][month].append(path)
    keys = (*PLACE, "cohort_code", "month_start_date", "stage_code")
    found = mart(warehouse, "kpi_handling_bottleneck_by_marketplace_month", *keys)
    seen = set()
    drivers = 0
    for place, months in paths.items():
        names = {name for cases in months.values() for case in cases for name in case}
        for month, cases in months.items():
            before = months.get(month_of(month - timedelta(days=1)))
            parts = {name: [case.get(name, 0) for case in cases] for name in names}
            whole = sum(sum(case.values()) for case in cases) / len(cases)
            here = {name: found[(*place, month, name)] for name in names}
            seen |= {(*place, month, name) for name in names}
            for name, days in parts.items():
                row, mean = here[name], sum(days) / len(days)
                assert row["case_count"] == len(cases)
                assert row["passed_count"] == sum(name in case for case in cases)
                assert close(row["mean_days"], mean), (place, month, name)
                assert close(row["end_to_end_mean_days"], whole)
                if before is None:
                    assert row["change_days"] is None
                    continue
                earlier = [case.get(name, 0) for case in before]
                change = mean - sum(earlier) / len(earlier)
                assert close(row["change_days"], change), (place, month, name)
                errors = (mean_error(days), mean_error(earlier))
                if None in errors:
                    assert row["change_days_low"] is None
                else:
                    margin = Z * math.sqrt(sum(errors))  # type: ignore[arg-type]
                    assert close(row["change_days_low"], change - margin, 1e-5)
                    assert close(row["change_days_high"], change + margin, 1e-5)
            longest = [n for n, row in here.items() if row["is_bottleneck"]]
            assert len(longest) == (1 if whole else 0)
            assert all(sum(parts[n]) == max(map(sum, parts.values())) for n in longest)
            drivers += one_driver(here, before is not None)
    assert set(found) == seen
    assert drivers > 20
    assert {key[3] for key in seen} == {"completed", "started"}


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
