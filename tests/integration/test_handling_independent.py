"""Handling times against plain Python and SciPy's estimator.

The reference times every return from the facts its steps are told in; it shares no SQL
with the models. Every row of each mart is compared, not a sample.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from scipy.stats import CensoredData, ecdf

from orchestration.running.run import RunOutcome
from tests.integration.handling_reference import (
    HANDLING,
    PLACE,
    Row,
    Stage,
    grouped,
    mart,
    returns_of,
    rows,
    stages_of,
)
from tests.integration.kpi_reference import close, share, wilson

STATES = ("closed", "open", "ended_before_start", "unknown", "not_applicable")


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def stages(warehouse: duckdb.DuckDBPyConnection) -> list[Stage]:
    return stages_of(returns_of(warehouse))


def survival(group: list[Stage]) -> tuple[Any, Any] | None:
    """Return SciPy's survival function of a group and its interval."""
    watched = [s for s in group if s["state"] in ("closed", "open")]
    watched = [s for s in watched if s["watched"] is not None]
    if not watched:
        return None
    ended = [s["watched"] for s in watched if s["state"] == "closed"]
    going = [s["watched"] for s in watched if s["state"] == "open"]
    estimate = ecdf(CensoredData(uncensored=ended, right=going)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined at 0 and 1
        interval = estimate.confidence_interval(method="log-log")
    return estimate, interval


def test_curve_is_kaplan_meiers(
    warehouse: duckdb.DuckDBPyConnection, stages: list[Stage]
) -> None:
    """Every day of every curve against ``scipy.stats.ecdf`` of censored data."""
    found = mart(
        warehouse, "kpi_handling_curve_by_marketplace_month", *HANDLING, "elapsed_days"
    )
    expected = set()
    censored = undefined = 0
    for key, group in grouped(stages).items():
        fitted = survival(group)
        if fitted is None:
            continue
        estimate, interval = fitted
        low, high = interval.low.probabilities, interval.high.probabilities
        for place, days in enumerate(estimate.quantiles):
            row = found[(*key, int(days))]
            expected.add((*key, int(days)))
            left = estimate.probabilities[place]
            assert close(row["finished_share"], 1 - left), key
            if 0 < left < 1:
                assert close(row["finished_share_low"], 1 - high[place]), key
                assert close(row["finished_share_high"], 1 - low[place]), key
            else:
                undefined += 1
                ends = (0, 0) if left == 1 else (None, 1)
                assert (row["finished_share_low"], row["finished_share_high"]) == ends
        last = found[(*key, int(estimate.quantiles[-1]))]
        assert last["at_risk_count"] == last["finished_count"] + last["censored_count"]
        counts_are_those_of(group, key, found)
        censored += any(stage["state"] == "open" for stage in group)
    assert set(found) == expected
    assert censored > 20 and undefined > 20 and len(expected) > 200


def counts_are_those_of(group: list[Stage], key: Any, found: dict[Any, Row]) -> None:
    """Compare who was at risk, finished and ceased to be watched on each day."""
    watched = [s for s in group if s["watched"] is not None]
    for days in {stage["watched"] for stage in watched}:
        row = found[(*key, days)]
        on_day = Counter(s["state"] for s in watched if s["watched"] == days)
        assert row["at_risk_count"] == sum(s["watched"] >= days for s in watched)
        assert row["finished_count"] == on_day["closed"]
        assert row["censored_count"] == on_day["open"]


def first_day(days: Any, shares: Any, at_least: float) -> int | None:
    """Return the first day on which a share is reached; NaN never reaches."""
    return next(
        (
            int(day)
            for day, reached in zip(days, shares, strict=True)
            if round(float(reached), 6) >= at_least
        ),
        None,
    )


def test_handling_time_of_every_stage(
    warehouse: duckdb.DuckDBPyConnection, stages: list[Stage]
) -> None:
    found = mart(warehouse, "kpi_handling_time_by_marketplace_month", *HANDLING)
    groups = grouped(stages)
    assert set(found) == set(groups)
    beyond = 0
    for key, group in groups.items():
        row, states = found[key], Counter(stage["state"] for stage in group)
        for state in STATES:
            assert row[f"{state}_count"] == states[state], (key, state)
        assert row["case_count"] == states["closed"] + states["open"]
        due = [stage for stage in group if stage["is_due"]]
        good = sum(stage["is_good"] for stage in due)
        assert row["due_count"] == len(due), key
        assert row["within_target_count"] == (good if due else None)
        assert close(row["within_target_share"], share(good, len(due))), key
        low, high = wilson(good, len(due))
        assert close(row["within_target_share_low"], low)
        assert close(row["within_target_share_high"], high)
        known = row["case_count"] + states["ended_before_start"]
        assert close(row["known_share"], share(known, known + states["unknown"]))
        beyond += percentiles_are_those_of(row, survival(group))
        for name in ("p50", "p75", "p90", "p95"):
            day = row[f"{name}_days"]
            left = [s for s in group if s["watched"] is not None]
            at_risk = (
                sum(s["watched"] >= day for s in left)
                if left and day is not None
                else None
            )
            assert row[f"{name}_at_risk_count"] == at_risk, key
    assert beyond > 5


def percentiles_are_those_of(row: Row, fitted: tuple[Any, Any] | None) -> int:
    """Compare a row's percentiles with a curve; count those it does not reach."""
    beyond = 0
    for percent in (50, 75, 90, 95):
        name = f"p{percent}"
        if fitted is None:
            assert row[f"{name}_days"] is None
            continue
        estimate, interval = fitted
        days, left = estimate.quantiles, estimate.probabilities
        # where all have finished or none has, the interval is one of convention
        high = [
            0 if p == 1 else 1 if p == 0 else 1 - low
            for p, low in zip(left, interval.low.probabilities, strict=True)
        ]
        low = [
            0 if p == 1 else math.nan if p == 0 else 1 - upper
            for p, upper in zip(left, interval.high.probabilities, strict=True)
        ]
        day = first_day(days, 1 - left, percent / 100)
        assert row[f"{name}_days"] == day
        assert row[f"{name}_days_low"] == first_day(days, high, percent / 100)
        assert row[f"{name}_days_high"] == first_day(days, low, percent / 100)
        beyond += day is None
    return beyond


def test_products_add_up_to_their_marketplace(
    warehouse: duckdb.DuckDBPyConnection, stages: list[Stage]
) -> None:
    """Counts of every product; their asin and category are the product's."""
    keys = (*PLACE, "month_start_date", "sku", "stage_code")
    found = mart(warehouse, "kpi_handling_time_by_sku_month", *keys)
    products = {
        (row["seller_id"], row["sku"]): row
        for row in rows(warehouse, "facts.dim_products")
    }
    groups: dict[Any, list[Stage]] = defaultdict(list)
    for key, group in grouped(stages, "sku").items():
        groups[(*key[:4], key[5], key[4])] += group
    assert set(found) == set(groups)
    for key, group in groups.items():
        row, states = found[key], Counter(stage["state"] for stage in group)
        for state in STATES:
            assert row[f"{state}_count"] == states[state], key
        days = [s["days"] for s in group if s["state"] == "closed"]
        assert row["closed_total_days"] == (sum(days) if days else None), key
        due = [stage for stage in group if stage["is_due"]]
        good = sum(stage["is_good"] for stage in due)
        assert row["due_count"] == len(due)
        assert row["within_target_count"] == (good if due else None)
        assert close(row["within_target_share"], share(good, len(due)))
        product = products.get((key[0], key[4]), {})
        assert row["asin"] == (product.get("asin") or "unknown")
        assert row["category_name"] == (product.get("category_name") or "unknown")
