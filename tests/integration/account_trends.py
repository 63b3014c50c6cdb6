"""Trends of account metrics in plain Python: ours, else Amazon's, and days of them."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from tests.integration.kpi_reference import close, seed, wilson
from tests.integration.service_reference import Row, newcombe

METRICS = {row["metric_code"]: row for row in seed("account_metrics")}
MINIMUM = 0.8


def rates(row: Row, name: str, is_high: bool) -> list[float] | None:
    _, base, bad = row[name]
    if not base or row[f"{name}_covered"] < MINIMUM:
        return None
    hits = base - bad if is_high else bad
    low, high = wilson(hits, base)
    return [hits / base, float(low or 0), float(high or 0)]


def add_trends(expected: dict[Any, Row], is_high: dict[Any, bool]) -> None:
    """Add source, both rates and days of each row's trend, months in order."""
    last: dict[Any, tuple[list[Any], date]] = {}
    for key in sorted(expected, key=lambda k: k[4]):
        row, place = expected[key], key[:4]
        own, previous = (rates(row, n, is_high[key]) for n in ("own", "previous"))
        figure, before = row["figure"] or {}, last.get(place)
        told = rates_of(figure)
        row["trend"] = None
        if own and previous:
            row["trend"] = "own", own, previous, int(METRICS[key[3]]["window_days"])
        elif told and before:
            row["trend"] = "amazon", told, before[0], (row["end"] - before[1]).days
        if told:
            last[place] = told, row["end"]


def rates_of(figure: Row) -> list[Any] | None:
    """Amazon's rate and the ends of its interval, unknown without its cases."""
    if figure.get("rate") is None:
        return None
    rate, base = round(float(figure["rate"]), 6), figure["base"]
    if not base:
        return [rate, None, None]
    # Wilson's interval as the roots of (rate - p)^2 = z^2 p (1 - p) / base
    z2 = 1.959964**2 / float(base)
    half = math.sqrt((2 * rate + z2) ** 2 - 4 * (1 + z2) * rate**2)
    low, high = (
        (2 * rate + z2 + side * half) / (2 * (1 + z2)) for side in (-1, 1)
    )  # fmt: skip
    return [rate, low, high]


def check_trend(key: Any, row: Row, want: Row, over: bool, limit: float) -> None:
    """Days are those of the trend's own source, and only of a clear trend."""
    nothing: list[Any] = [None]
    source, now, before, days = want["trend"] or (None, nothing, nothing, 1)
    assert row["trend_source"] == source, key
    known = None not in (*now, *before)
    clear = known and newcombe(now, before)
    assert row["is_trend_clear"] == clear, key
    sign = -1 if row["is_higher_better"] else 1
    status, ahead, left, pace = "unknown", None, 0.0, 0.0
    if source:
        left, pace = round(sign * (limit - now[0]), 6), (now[0] - before[0]) / days
        assert close(row["trend_per_day"], pace), key
        pace *= sign
    if over:
        status, ahead = "over_threshold", 0
    elif known and left < 0:
        status = "sources_disagree"
    elif known and not clear:
        status = "within_chance"
    elif clear and pace < 0:
        status = "moving_away"
    elif clear:
        days = math.ceil(round(left / pace, 3))
        status = "approaching" if days <= 365 else "beyond_horizon"
        ahead = days if days <= 365 else None
    assert row["trend_status"] == status, key
    assert close(row["days_to_threshold"], ahead, 1), key
