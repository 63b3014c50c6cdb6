"""Plain arithmetic behind the independent checks of the marts. No SQL in here."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from orchestration.settings import PROJECT_ROOT

Row = dict[str, Any]
SEEDS = PROJECT_ROOT / "seeds"
Z = NormalDist().inv_cdf(0.975)


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed as text."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def month_of(day: date) -> date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


def local_date(instant: datetime, marketplace_code: str) -> date:
    """Return the marketplace's day of an instant in UTC."""
    zones = {r["marketplace_code"]: r["time_zone_name"] for r in seed("marketplaces")}
    local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zones[marketplace_code]))
    return local.date()


def close(found: Any, expected: float | None, tolerance: float = 2e-6) -> bool:
    """Tell whether a mart's number is the expected one; None only meets None."""
    if found is None or expected is None:
        return found is None and expected is None
    return abs(float(found) - expected) <= tolerance


def share(part: float, whole: float) -> float | None:
    """Return ``part`` over ``whole``; None of nothing."""
    return part / whole if whole else None


def wilson(good: float, cases: float) -> list[float | None]:
    """Return the 95 % Wilson interval, in its textbook form."""
    if cases == 0:
        return [None, None]
    p = good / cases
    spread = 1 + Z**2 / cases
    centre = (p + Z**2 / (2 * cases)) / spread
    half = Z / spread * math.sqrt(p * (1 - p) / cases + Z**2 / (4 * cases**2))
    return [max(centre - half, 0), min(centre + half, 1)]


def nearest_rank(cases: list[int | None], percent: int) -> int | None:
    """Return the duration within which ``percent`` of all cases were finished."""
    ordered = sorted(case for case in cases if case is not None)
    rank = -(-len(cases) * percent // 100)
    return ordered[rank - 1] if 0 < rank <= len(ordered) else None


class BusinessDays:
    """Refund deadlines, found by walking each marketplace's calendar day by day."""

    def __init__(self) -> None:
        self._holidays = {
            row["marketplace_code"]: holidays.country_holidays(row["country_code"])
            for row in seed("marketplaces")
        }
        self._rules = seed("refund_deadlines")

    def due_date(self, row: Row) -> date | None:
        """Return the last day on which the refund of a received return is on time."""
        received = row["received_date"]
        if received is None:
            return None
        rules = {
            rule["marketplace_code"]: rule
            for rule in self._rules
            if rule["channel"] == row["channel"]
            and rule["valid_from"] <= received.isoformat() <= rule["valid_to"]
        }
        code = row["marketplace_code"]
        rule = rules.get(code) or rules.get("default")
        return self._walk(received, rule, code) if rule else None

    def _walk(self, received: date, rule: dict[str, str], code: str) -> date | None:
        left, day = int(rule["deadline_days"]), received
        if rule["day_kind"] == "business" and code not in self._holidays:
            return None
        if rule["day_kind"] == "calendar":
            return received + timedelta(days=left)
        closed = self._holidays[code]
        while left:
            day += timedelta(days=1)
            left -= day.weekday() not in closed.weekend and day not in closed
        return day


class Settlements:
    """Until which day settlements of a marketplace reach, without a gap."""

    def __init__(self, rows: list[Row]) -> None:
        named = defaultdict(set)
        for row in rows:
            if row["marketplace_code"] != "unknown":
                named[_account(row)].add(row["marketplace_code"])
        periods = defaultdict(list)
        for row in rows:
            # one without orders names no marketplace: its currency tells
            code, others = row["marketplace_code"], named[_account(row)]
            if code == "unknown" and len(others) == 1:
                code = min(others)
            start, end = row["period_start_at"].date(), row["period_end_at"].date()
            periods[(row["seller_id"], code)].append((start, end))
        self._merged = {place: _merge(sorted(days)) for place, days in periods.items()}

    def known_until(self, row: Row) -> date | None:
        """Return the end of the gapless stretch in which the return began."""
        began = row["requested_date"] or row["ordered_date"] or row["received_date"]
        place = (row["seller_id"], row["marketplace_code"])
        for start, end in self._merged.get(place, []):
            if start <= began <= end:
                return end
        return None


class FeedbackWindows:
    """Whether feedback reports cover the days in which a return's buyer may write."""

    def __init__(self, days: list[Row], data_ends: dict[str, date]) -> None:
        self._read = {
            (day["seller_id"], day["marketplace_code"], day["covered_date"])
            for day in days
            if day["report_code"] == "seller_feedback"
        }
        self._data_ends = data_ends
        self._rules = [
            rule
            for rule in seed("score_parameters")
            if rule["parameter_code"] == "feedback_window_days"
        ]

    def status(self, seller_id: str, marketplace_code: str, began: date) -> str:
        """Return covered, not_yet_due or uncovered, walking the window by day."""
        rule = next(
            rule
            for rule in self._rules
            if rule["valid_from"] <= began.isoformat() <= rule["valid_to"]
        )
        days = [
            began + timedelta(days=ahead)
            for ahead in range(int(rule["parameter_value"]) + 1)
        ]
        if days[-1] > self._data_ends[seller_id]:
            return "not_yet_due"
        read = all((seller_id, marketplace_code, day) in self._read for day in days)
        return "covered" if read else "uncovered"


def _account(row: Row) -> tuple[str, str]:
    return row["seller_id"], row["currency_code"]


def _merge(periods: list[tuple[date, date]]) -> list[tuple[date, date]]:
    merged = [periods[0]]
    for start, end in periods[1:]:
        first, last = merged[-1]
        if (start - last).days <= 1:
            merged[-1] = (first, max(last, end))
        else:
            merged.append((start, end))
    return merged
