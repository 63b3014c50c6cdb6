"""Projected return rates in plain Python, unit by unit. No SQL in here."""

from __future__ import annotations

import calendar
import math
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

import duckdb

from tests.integration.kpi_reference import Z, month_of, seed

Row = dict[str, Any]
Place = tuple[str, str, str]
PARAMETERS = {
    row["parameter_code"]: float(row["parameter_value"])
    for row in seed("return_rate_parameters")
}
MATURITY_DAYS = int(seed("maturity_days")[0]["maturity_days"])
HISTORY_MONTHS = int(PARAMETERS["history_months"])


class Unit(NamedTuple):
    """One ordered unit: when its clock began and the day it came back, if it did."""

    place: Place
    began: date
    returned: date | None

    @property
    def days(self) -> int | None:
        """Days until it came back, 0 if it was asked for before its clock began."""
        if self.returned is None:
            return None
        return max((self.returned - self.began).days, 0)


def rows_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Row]:
    """Return the rows of a table or file."""
    result = connection.execute(f"from {relation}")
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def month_after(month: date, number: int) -> date:
    """Return the first day of the month ``number`` months after."""
    index = month.year * 12 + month.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    """Return the last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def place_of(row: Row) -> Place:
    """Return account, marketplace and channel of a row."""
    return row["seller_id"], row["marketplace_code"], row["channel"]


def returned_day(row: Row) -> date:
    """Return the day a return is known by: of the request, else of the arrival."""
    day = row["requested_date"] or row["received_date"]
    assert isinstance(day, date)
    return day


def units_of_orders(lines: list[Row], returns: list[Row]) -> dict[str, list[Unit]]:
    """Return the units of counted orders on either clock, each with its return."""
    orders: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in lines:
        if line["is_counted"]:
            orders[line["seller_id"], line["amazon_order_id"]].append(line)
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in returns:
        order = row["seller_id"], row["amazon_order_id"]
        if row["is_counted"] and row["order_match_class"] != "none":
            days[order] += [returned_day(row)] * row["returned_quantity"]
    units: dict[str, list[Unit]] = {"order": [], "ship": []}
    for order, rows in orders.items():
        ordered = sum(row["quantity"] for row in rows)
        back: list[date | None] = [*sorted(days[order])][:ordered]
        back += [None] * (ordered - len(back))
        shipped = [r["shipped_date_local"] for r in rows if r["shipped_date_local"]]
        began = {"order": min(row["ordered_date_local"] for row in rows)}
        began |= {"ship": min(shipped)} if shipped else {}
        for clock, day in began.items():
            units[clock] += [
                Unit(place_of(rows[0]), day, returned) for returned in back
            ]
    return units


class Delays:
    """Share of returns that come within a number of days, as known in a month."""

    def __init__(self, units: dict[str, list[Unit]], known: set[tuple[Place, date]]):
        self._returned: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
        for clock, all_units in units.items():
            for unit in all_units:
                if unit.returned and (unit.place, month_of(unit.began)) in known:
                    seller, _, channel = unit.place
                    self._returned[seller, channel, clock].append(unit)
        self._samples: dict[Any, Counter[int]] = {}

    def sample(self, key: tuple[str, str, str], month: date, end: date) -> Counter[int]:
        """Return how many returns took how many days, of units mature by then."""
        if (key, month, end) not in self._samples:
            seen = min(month_end(month), end)
            start = month_after(month, -HISTORY_MONTHS)
            self._samples[key, month, end] = Counter(
                min(unit.days or 0, MATURITY_DAYS)
                for unit in self._returned[key]
                if unit.returned
                and unit.returned <= seen
                and start <= unit.began <= seen - timedelta(MATURITY_DAYS)
            )
        return self._samples[key, month, end]


def anova_weight(cohorts: list[tuple[int, int]]) -> tuple[float | None, float]:
    """Return the share of variance between months, and the usual rate's weight.

    The one-way analysis of variance of 0/1 units: mean squares between and within.
    """
    low, high = PARAMETERS["prior_strength_low"], PARAMETERS["prior_strength_high"]
    units = sum(n for n, _ in cohorts)
    rate = sum(r for _, r in cohorts) / units
    size = units - sum(n * n for n, _ in cohorts) / units
    freedom = size - (len(cohorts) - 1)
    enough = len(cohorts) >= PARAMETERS["minimum_prior_months"]
    if not enough or freedom <= 0 or not 0 < rate < 1:
        return None, low
    between = sum(n * (r / n - rate) ** 2 for n, r in cohorts)
    share = (between / (rate * (1 - rate)) - (len(cohorts) - 1)) / freedom
    if share <= 0:
        return 0.0, high
    return min(share, 1.0), min(max(1 / share - 1, low), high)


class Projection(NamedTuple):
    """Units back in the end: expected, and the ends of the interval, not yet whole."""

    expected: float
    low: float
    high: float

    def holds(self, low: int, high: int, units: int) -> bool:
        """Tell whether these are the ends, widened to whole units.

        An end that is all but whole may be rounded either way: the marts keep six
        decimals of what it is made of.
        """
        lows = {math.floor(self.low + shift) for shift in (-0.002, 0, 0.002)}
        highs = {math.ceil(self.high + shift) for shift in (-0.002, 0, 0.002)}
        return low in lows and high in {min(end, units) for end in highs}


def project(
    units: int,
    back: int,
    developed_units: float,
    usual: tuple[float, float],
    delays: int,
) -> Projection:
    """Return what ``units`` come to of which ``back`` are back.

    Args:
        units: Units of the cohort.
        back: Units that are back.
        developed_units: Units weighed by the share of returns their age has shown.
        usual: The usual rate, and how many units it weighs.
        delays: Returns the delays were learned from.
    """
    prior, weight = usual
    rate = min((back + prior * weight) / (developed_units + weight), 0.99)
    shown = developed_units / units
    left = units - back
    not_yet = 1 - rate * shown
    chance = rate * (1 - shown) / not_yet
    # how the chance moves with rate and share shown, and how unsure these are
    by_rate = (1 - shown) / not_yet**2
    by_shown = rate * (1 - rate) / not_yet**2
    unsure = by_rate**2 * rate * (1 - rate) / (developed_units + weight + 1)
    unsure += by_shown**2 * shown * (1 - shown) / delays if shown < 1 else 0
    mean = left * chance
    if mean == 0:
        return Projection(back, back, back)
    spread = math.sqrt(left * chance * (1 - chance) + left**2 * unsure) / mean
    low, high = (
        mean * max(1 - spread**2 / 9 + side * Z * spread / 3, 0) ** 3
        for side in (-1, 1)
    )
    return Projection(back + mean, back + low, back + high)


class Seen(NamedTuple):
    """A cohort as it stood on a day, and what it came to."""

    day: date
    month: date
    units: int
    back: int
    shown: float | None
    delays: int
    final_units: int
    final_back: int
    is_known: bool


def covered_until(report_days: list[Row]) -> dict[Place, date]:
    """Return the last day each channel's returns report covers."""
    channels = {"mfn_returns": "mfn", "fba_returns": "fba"}
    until: dict[Place, date] = {}
    for row in report_days:
        channel = channels.get(row["report_code"], "")
        place = row["seller_id"], row["marketplace_code"], channel
        until[place] = max(until.get(place, date.min), row["covered_date"])
    return until


def cohorts_seen(
    units: dict[str, list[Unit]],
    months: dict[tuple[Place, date], bool],
    until: dict[Place, date],
    delays: Delays,
    ends: dict[str, date],
) -> dict[tuple[Any, ...], Seen]:
    """Return every cohort at the end of its month and of the three after.

    Args:
        units: Units by clock.
        months: Places and months, with whether their rate is known.
        until: Last day each place's returns report covers.
        delays: What is known of delays.
        ends: Last day of each seller's data.
    """
    cohorts: dict[Any, list[Unit]] = defaultdict(list)
    for clock, listed in units.items():
        for unit in listed:
            if (unit.place, month_of(unit.began)) in months:
                cohorts[unit.place, clock, month_of(unit.began)].append(unit)
    found = {}
    for (place, clock, month), cohort in cohorts.items():
        for number in range(4):
            seen_month = month_after(month, number)
            if seen_month <= until.get(place, date.min):
                day = min(month_end(seen_month), until[place])
                channel = place[0], place[2], clock
                sample = delays.sample(channel, seen_month, ends[place[0]])
                is_known = months[place, month]
                found[(*place, clock, month, number)] = _seen(
                    cohort, day, sample, is_known
                )
    return found


def _seen(cohort: list[Unit], day: date, sample: Counter[int], is_known: bool) -> Seen:
    ages = [
        min((day - unit.began).days, MATURITY_DAYS)
        for unit in cohort
        if unit.began <= day
    ]
    shown = sum(n for age in ages for days, n in sample.items() if days <= age)
    return Seen(
        day=day,
        month=month_of(day),
        units=len(ages),
        back=sum(1 for unit in cohort if unit.returned and unit.returned <= day),
        shown=shown / sample.total() if sample else None,
        delays=sample.total(),
        final_units=len(cohort),
        final_back=sum(1 for unit in cohort if unit.returned),
        is_known=is_known,
    )


def usual_cohorts(
    seen: dict[tuple[Any, ...], Seen],
) -> dict[tuple[Any, ...], list[tuple[int, int]]]:
    """Return units and returns of the cohorts three months past, by place and month."""
    past = [
        (key[:4], row)
        for key, row in seen.items()
        if key[5] == 3 and row.is_known and row.units
    ]
    found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for scope, month in {(key[:4], row.month) for key, row in seen.items()}:
        for place, row in past:
            age = (month.year - row.month.year) * 12 + month.month - row.month.month
            if place == scope and 0 <= age < HISTORY_MONTHS:
                found[(*scope, month)].append((row.units, row.back))
    return found
