"""Handling time and the score against plain Python: every row of both scorecards.

The reference takes counts from the facts and everything else from the seeds' text: it
shrinks, bends, weighs and tilts on its own.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import (
    close,
    month_of,
    seed,
    share,
    wilson,
)

Row = dict[str, Any]
Cases = dict[tuple[str, str, date, str], tuple[int, int]]
PARTS = [row["part_code"] for row in seed("score_weights")]
WEIGHTS = {r["part_code"]: float(r["weight_share"]) for r in seed("score_weights")}
CURVES = {r["part_code"]: r for r in seed("score_curves")}
NUMBERS = {
    r["parameter_code"]: float(r["parameter_value"]) for r in seed("score_parameters")
}
PLACE = ("seller_id", "marketplace_code", "channel")
# Start, end and evidence of the stages told by Amazon's reports; those of the seller's
# own tools are in test_handling_independent.py.
ENDS = {
    "request_to_receipt": ("requested", "received", "receipt"),
    "receipt_to_refund": ("received", "refunded", "refund"),
    "request_to_refund": ("requested", "refunded", "refund"),
}


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Row]:
    result = connection.execute(f"from {relation}")
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture(scope="module")
def stages(warehouse: duckdb.DuckDBPyConnection) -> list[Row]:
    """Started stages of counted returns, worked out from each return's progress."""
    targets = {(r["stage_code"], r["channel"]): r for r in seed("stage_targets")}
    found = []
    for row in rows(warehouse, "facts.fct_return_progress"):
        days = {
            "requested": row["requested_date"],
            "received": row["received_date"],
            "refunded": row["refunded_date_local"],
        }
        for stage, (start, end, evidence) in ENDS.items():
            target = targets.get((stage, row["channel"]))
            if not row["is_counted"] or days[start] is None or target is None:
                continue
            found.append(
                {
                    **{name: row[name] for name in PLACE},
                    "month": month_of(days[start]),
                    "stage": stage,
                    "state": row[f"{evidence}_status"],
                    "started": days[start],
                    "ended": days[end],
                    "until": row[f"{evidence}s_known_until_date"],
                    "target": int(target["target_days"]),
                    "is_scored": target["is_scored"] == "true",
                }
            )
    return found


def timed(stage: Row) -> bool:
    """Tell whether the stage's end is known or open, and not before its start."""
    if stage["state"] == "done":
        return bool(stage["ended"] >= stage["started"])
    return bool(stage["state"] == "open")


def days_of(stage: Row) -> int | None:
    if stage["state"] == "open":
        return None
    return int((stage["ended"] - stage["started"]).days)


def is_due(stage: Row) -> bool:
    until = stage["until"]
    return bool(
        timed(stage) and until and (until - stage["started"]).days > stage["target"]
    )


def is_good(stage: Row) -> bool:
    days = days_of(stage)
    return days is not None and days <= stage["target"]


def test_handling_time_of_every_stage(
    warehouse: duckdb.DuckDBPyConnection, stages: list[Row]
) -> None:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for stage in stages:
        groups[(*(stage[n] for n in PLACE), stage["month"], stage["stage"])] += [stage]
    mart = {
        (*(row[n] for n in PLACE), row["month_start_date"], row["stage_code"]): row
        for row in rows(warehouse, "marts.kpi_handling_time_by_marketplace_month")
    }
    mart = {key: row for key, row in mart.items() if key[-1] in ENDS}
    assert set(mart) == set(groups)
    for key, group in groups.items():
        row = mart[key]
        cases = [days_of(stage) for stage in group if timed(stage)]
        due = [stage for stage in group if is_due(stage)]
        assert row["case_count"] == len(cases), key
        assert row["open_count"] == cases.count(None), key
        assert row["due_count"] == len(due), key
        good = sum(map(is_good, due))
        assert close(row["within_target_share"], share(good, len(due))), key
    assert sum(row["open_count"] for row in mart.values()) > 0


def attributed(
    warehouse: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[Row, date, int, int]]:
    """Yield agreeing and judged returns of each month; none where few are judged."""
    verdicts: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in rows(warehouse, "facts.fct_returns"):
        if row["is_counted"]:
            day = row["requested_date"] or row["received_date"]
            key = (*(row[name] for name in PLACE), month_of(day))
            verdicts[key][row["attribution_verdict"]] += 1
    for key, counts in verdicts.items():
        judged = counts["agrees"] + counts["contradicts"]
        enough = judged >= NUMBERS["minimum_judged_share"] * counts.total()
        place = dict(zip(PLACE, key, strict=False))
        yield place, key[-1], enough * counts["agrees"], enough * judged


@pytest.fixture(scope="module")
def cases(warehouse: duckdb.DuckDBPyConnection, stages: list[Row]) -> Cases:
    """Good cases and cases of every part, by seller, marketplace (or all) and month."""
    found: Counter[tuple[str, str, date, str, str]] = Counter()

    def add(row: Row, month: date, part: str, good: int, count: int) -> None:
        for place in (row["marketplace_code"], "all"):
            key = (row["seller_id"], place, month, part)
            found[(*key, "good")] += good
            found[(*key, "count")] += count

    for stage in stages:
        if stage["is_scored"]:
            due = is_due(stage)
            add(stage, stage["month"], PARTS[0], due and is_good(stage), due)
    for row, month, agrees, judged in attributed(warehouse):
        add(row, month, PARTS[1], agrees, judged)
    for row in rows(warehouse, "facts.fct_refund_deadlines"):
        if row["is_counted"]:
            on_time = row["deadline_status"] in ("on_time", "before_receipt")
            due = row["is_due"]
            add(row, row["month_start_date"], PARTS[2], due and on_time, due)
    for row in rows(warehouse, "marts.kpi_buyer_satisfaction_by_marketplace_month"):
        good, count = row["satisfied_order_count"] or 0, row["covered_order_count"]
        add(row, row["month_start_date"], PARTS[3], good, count)
    keys = {key[:4] for key in found}
    return {key: (found[(*key, "good")], found[(*key, "count")]) for key in keys}


def shrunk(cases: Cases, key: tuple[str, str, date, str]) -> tuple[float, float] | None:
    """Return good cases and cases once history is added; None without cases."""
    seller, _, month, part = key
    good, count = cases.get(key, (0, 0))
    if not count:
        return None
    before = [
        value
        for (s, place, m, p), value in cases.items()
        if (s, place, p) == (seller, "all", part) and m <= month
    ]
    past_good = sum(value[0] for value in before) - good
    past = sum(value[1] for value in before) - count
    added = min(NUMBERS["prior_strength"], past)
    return good + (added * past_good / past if past else 0), count + added


def points(part: str, value: float) -> float:
    """Return the points of a share on the part's curve."""
    curve = CURVES[part]
    worst, target, best = (
        float(curve[f"{n}_share"]) for n in ("worst", "target", "best")
    )
    top = float(curve["target_score"])
    if value <= worst:
        return 0.0
    if value <= target:
        return top * (value - worst) / (target - worst)
    return min(100.0, top + (100 - top) * (value - target) / (best - target))


def spread_to(
    end: int, parts: dict[str, list[float]], weight: dict[str, float]
) -> float:
    """Return the distance to an end; the two parts of one refund move together."""
    far = {p: weight[p] * abs(parts[p][0] - parts[p][end]) for p in parts}
    together = sum(far.pop(p, 0.0) for p in ("handling_time", "refund_speed"))
    return math.hypot(together, *far.values())


def scored(cases: Cases, place: tuple[str, str, date]) -> dict[str, Any]:
    """Return the score of a place and month with its readings; None without parts."""
    parts = {}
    for part in PARTS:
        known = shrunk(cases, (*place, part))
        if known:
            low, high = wilson(*known)
            ends = (known[0] / known[1], low, high)
            parts[part] = [round(points(part, end or 0.0), 2) for end in ends]
    weight = {part: WEIGHTS[part] for part in parts}
    total = sum(weight.values())

    def weighed(weights: dict[str, float]) -> float:
        sums = sum(weights[part] * parts[part][0] for part in parts)
        return sums / sum(weights.values())

    if not parts:
        return {"score": None, "parts": parts, "coverage": 0.0}
    tilt = NUMBERS["weight_sensitivity"]
    tilted = [
        weighed({**weight, part: weight[part] * (1 + sign * tilt)})
        for part in parts
        for sign in (1, -1)
    ]
    spread = [spread_to(end, parts, weight) / total for end in (1, 2)]
    score = weighed(weight)
    return {
        "score": score,
        "score_low": score - spread[0],
        "score_high": score + spread[1],
        "sensitivity_score_low": min(tilted),
        "sensitivity_score_high": max(tilted),
        "coverage": total / sum(WEIGHTS.values()),
        "parts": parts,
    }


@pytest.mark.parametrize("level", ["marketplace", "seller"])
def test_every_scorecard_row(
    warehouse: duckdb.DuckDBPyConnection, cases: Cases, level: str
) -> None:
    bands = [
        (float(row["lower_score"]), row["band_code"]) for row in seed("score_bands")
    ]
    table = rows(warehouse, f"marts.kpi_scorecard_by_{level}_month")
    places = {key[:3] for key in cases if (key[1] == "all") == (level == "seller")}
    assert len(table) == len(places) > 0
    for row in table:
        code = row.get("marketplace_code", "all")
        place = (row["seller_id"], code, row["month_start_date"])
        assert place in places
        wanted = scored(cases, place)
        assert close(row["coverage_share"], wanted["coverage"]), place
        assert row["is_partial"] == (len(wanted["parts"]) < len(PARTS))
        for part in PARTS:
            found = [row[f"{part}_score{end}"] for end in ("", "_low", "_high")]
            expected = wanted["parts"].get(part, [None] * 3)
            assert all(map(close, found, expected, [0.02] * 3)), (place, part)
        if wanted["score"] is None:
            assert row["score"] is None and row["band_code"] is None
            continue
        for name in ("score", "score_low", "score_high"):
            assert close(row[name], wanted[name], 0.02), (place, name)
        for name in ("sensitivity_score_low", "sensitivity_score_high"):
            assert close(row[name], wanted[name], 0.02), (place, name)
        band = next(code for lower, code in bands if float(row["score"]) >= lower)
        is_placed = wanted["coverage"] >= NUMBERS["minimum_score_coverage"]
        assert row["band_code"] == (band if is_placed else None), place
        assert (row["points_above_storage_limits"] is not None) == is_placed, place
