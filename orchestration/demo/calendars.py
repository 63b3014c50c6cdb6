"""Days of the period: how many lines each gets, time zones, working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from orchestration.demo.business import (
    BLOCK,
    CATEGORIES,
    HORIZON,
    MONTHLY_GROWTH,
    PERIOD_END,
    PERIOD_START,
    SCOPES,
    SELLERS,
    ZONES,
    Category,
)

DAY = timedelta(days=1)
LAST_DAY = date(2027, 3, 31)
"""Journeys that start in the period end before this day."""

WEEKDAY_WEIGHTS = (1.1, 1.05, 1.0, 0.95, 0.9, 0.95, 1.1)


def days_between(start: date, end: date) -> Iterator[date]:
    """Yield every day from ``start`` to ``end``, both included."""
    for number in range((end - start).days + 1):
        yield start + number * DAY


def month_number(day: date) -> int:
    """Number a month so that following months follow: 0 is that of the start."""
    return (day.year - PERIOD_START.year) * 12 + day.month - PERIOD_START.month


def seller_weight(seller: str, month: int) -> float:
    """Return how busy a calendar month is for a seller; 1 on a yearly average."""
    return sum(_in_season(c, month) for c in CATEGORIES if c.seller == seller)


def day_rows(order_lines: int) -> list[tuple[int, date, int, int, int]]:
    """Return ``(day number, day, month number, first block, end block)``.

    Blocks fall on days in proportion to the season, so that line numbers rise with
    time: any range of lines is also a range of days.
    """
    days = list(days_between(PERIOD_START, PERIOD_END))
    weights = [_day_weight(day) for day in days]
    blocks = -(-order_lines // BLOCK)
    total, reached, first = sum(weights), 0.0, 0
    rows = []
    for number, (day, weight) in enumerate(zip(days, weights, strict=True)):
        reached += weight
        end = blocks if day == PERIOD_END else round(blocks * reached / total)
        rows.append((number, day, month_number(day), first, end))
        first = end
    return rows


def choice_rows() -> tuple[list[tuple[int, int, float, float]], ...]:
    """Return who sells in a month, and what: cumulative shares for one draw each.

    Returns:
        ``(month number, scope, from, to)`` and ``(month number · 10 + seller number,
        category, from, to)``.
    """
    scopes, categories = [], []
    for month in _months():
        number = month_number(month)
        weights = [s.share * seller_weight(s.seller, month.month) for s in SCOPES]
        ids = [s.scope_id for s in SCOPES]
        scopes += [(number, *row) for row in cumulate(ids, weights)]
        for seller_no, seller in enumerate(SELLERS):
            sold = [c for c in CATEGORIES if c.seller == seller]
            weights = [_in_season(c, month.month) for c in sold]
            rows = cumulate([c.category_id for c in sold], weights)
            categories += [(number * 10 + seller_no, *row) for row in rows]
    return scopes, categories


def cumulate(items: list[int], weights: list[float]) -> list[tuple[int, float, float]]:
    """Turn weights into ranges of [0, 1) that a uniform draw falls into."""
    total, low, rows = sum(weights), 0.0, []
    for number, (item, weight) in enumerate(zip(items, weights, strict=True)):
        high = 1.0 if number == len(items) - 1 else low + weight / total
        rows.append((item, low, high))
        low = high
    return rows


@lru_cache(maxsize=1)
def clock_shifts() -> tuple[tuple[int, datetime, int], ...]:
    """Return ``(zone number, since when in UTC, seconds ahead of UTC)``.

    A zone's first row holds from before the period on.
    """
    start = datetime(PERIOD_START.year, PERIOD_START.month, 1, tzinfo=UTC) - 60 * DAY
    end = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC)
    rows = []
    for number, name in enumerate(ZONES):
        zone, at, known = ZoneInfo(name), start, None
        while at < end:
            offset = _offset(at, zone)
            if offset != known:
                since = at if known is None else _shift_within(at - DAY, at, zone)
                rows.append((number, since.replace(tzinfo=None), offset))
                known = offset
            at += DAY
    return tuple(rows)


def workday_rows() -> list[tuple[int, date, int, date]]:
    """Return each scope's days: ``(scope, day, working days so far, next of them)``.

    The fourth value is the working day that has this number, so that a warehouse that
    takes two working days is two look-ups.
    """
    rows = []
    years = range(PERIOD_START.year, LAST_DAY.year + 1)
    for scope in SCOPES:
        country = scope.marketplace.country
        closed = holidays.country_holidays(country, years=years)
        number, last = 0, PERIOD_START - DAY
        for day in days_between(PERIOD_START - DAY, LAST_DAY):
            if day.weekday() < 5 and day not in closed:
                number, last = number + 1, day
            rows.append((scope.scope_id, day, number, last))
    return rows


def month_starts() -> list[date]:
    """Return the first day of every month of the period."""
    return list(_months())


def _months() -> Iterator[date]:
    month = PERIOD_START
    while month <= PERIOD_END:
        yield month
        month = (month + 32 * DAY).replace(day=1)


def _in_season(category: Category, month: int) -> float:
    average = sum(category.season) / 12
    return category.share * category.season[month - 1] / average


def _day_weight(day: date) -> float:
    season = sum(s.share * seller_weight(s.seller, day.month) for s in SCOPES)
    growth = (1 + MONTHLY_GROWTH) ** month_number(day)
    part = 0.5 if day == HORIZON.date() else 1.0
    return season * growth * WEEKDAY_WEIGHTS[day.weekday()] * part


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int((offset or timedelta()).total_seconds())


def _shift_within(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
