"""Causes and actions worked out again without SQL: dictionaries, loops, scipy."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scipy.stats import binom, false_discovery_control

from tests.integration.kpi_reference import seed

Row = dict[str, Any]
Place = tuple[str, str, str, str, str, date]
"""Seller, cut, marketplace, channel, category, month."""
Key = tuple[str, str, str, str, date]
"""Seller, cut, segment, family, last month of the window."""

RULES = {
    r["parameter_code"]: float(r["parameter_value"]) for r in seed("cause_parameters")
}
WINDOW, TREND = int(RULES["signal_window_months"]), int(RULES["trend_months"])
OF_RETURNS = ("fulfillment_center", "carrier")


@dataclass(frozen=True)
class Unit:
    """An order line with what it came back for, or a return with what it came for."""

    seller: str
    marketplace: str
    channel: str
    category: str
    month: date
    segments: dict[str, str | None]
    families: frozenset[str]


def ordinal(month: date) -> int:
    """Number months so that following ones follow."""
    return month.year * 12 + month.month


class Cases:
    """Units of each segment of each place, and how many came back for what."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.bases: dict[Place, Counter[str]] = defaultdict(Counter)
        self.cases: dict[Place, dict[str, Counter[str]]] = defaultdict(
            lambda: defaultdict(Counter)
        )
        for unit in units:
            for cut, segment in unit.segments.items():
                if segment is None:
                    continue
                where = (unit.marketplace, unit.channel, unit.category, unit.month)
                place = (unit.seller, cut, *where)
                self.bases[place][segment] += 1
                self.cases[place]["any"][segment] += 0
                for family in unit.families:
                    self.cases[place][family][segment] += 1

    def expected(self, place: Place, family: str, segment: str) -> float:
        """Return the segment's share of the place's cases."""
        found, bases = self.cases[place][family], self.bases[place]
        return found.total() * bases[segment] / bases.total()

    def is_comparable(self, place: Place) -> bool:
        """Tell whether the place holds more than one segment."""
        return sum(1 for count in self.bases[place].values() if count) > 1


@dataclass
class Window:
    """A segment and family over the months of a window."""

    cases: int = 0
    bases: int = 0
    observed: int = 0
    expected: list[float] = field(default_factory=list)
    trials: int = 0
    recent_cases: int = 0
    recent_bases: int = 0
    recent_observed: int = 0
    recent_expected: list[float] = field(default_factory=list)
    categories: set[str] = field(default_factory=set)
    rest_cases: int = 0
    rest_bases: int = 0
    # filled in by `judge`
    p: float | None = None
    q: float | None = None
    growth_p: float | None = None
    growth_q: float | None = None
    is_tested: bool = False
    is_signal: bool = False
    is_new: bool = False
    signal_months: int = 0

    @property
    def fair(self) -> float:
        """Cases to be expected of the segment."""
        return math.fsum(self.expected)


def windows(cases: Cases, only: date | None = None) -> dict[Key, Window]:
    """Add up what each month (or only one) looks back on."""
    months: dict[str, list[date]] = defaultdict(list)
    for place in cases.bases:
        months[place[0]].append(place[-1])
    listed = {
        seller: [only] if only else _months(min(found), max(found))
        for seller, found in months.items()
    }
    found: dict[Key, Window] = defaultdict(Window)
    bases: Counter[tuple[str, str, str, date]] = Counter()
    recent: Counter[tuple[str, str, str, date]] = Counter()
    for place, segments in cases.bases.items():
        seller, cut, *_, category, month = place
        for last in listed[seller]:
            age = ordinal(last) - ordinal(month)
            if not 0 <= age < WINDOW:
                continue
            for segment, count in segments.items():
                bases[seller, cut, segment, last] += count
                recent[seller, cut, segment, last] += count * (age < TREND)
                for family in cases.cases[place]:
                    window = found[seller, cut, segment, family, last]
                    _add(window, cases, place, family, segment, age < TREND)
                    window.categories.add(category)
    totals: Counter[Any] = Counter()
    for (seller, cut, _, family, last), window in found.items():
        totals[seller, cut, family, last] += window.cases
    for (seller, cut, _, last), count in bases.items():
        totals[seller, cut, last] += count
    for (seller, cut, segment, family, last), window in found.items():
        window.bases = bases[seller, cut, segment, last]
        window.recent_bases = recent[seller, cut, segment, last]
        window.rest_cases = totals[seller, cut, family, last] - window.cases
        window.rest_bases = totals[seller, cut, last] - window.bases
    return found


def _add(
    window: Window, cases: Cases, place: Place, family: str, segment: str, recent: bool
) -> None:
    count = cases.cases[place][family][segment]
    window.cases += count
    window.recent_cases += count * recent
    if cases.is_comparable(place):
        share = cases.expected(place, family, segment)
        window.observed += count
        window.expected.append(share)
        window.trials += cases.cases[place][family].total()
        if recent:
            window.recent_observed += count
            window.recent_expected.append(share)


def _months(first: date, last: date) -> list[date]:
    numbers = range(ordinal(first), ordinal(last) + 1)
    return [date((n - 1) // 12, (n - 1) % 12 + 1, 1) for n in numbers]


def tail(observed: float, trials: float, expected: float) -> float:
    """Return the chance of as many or more; 1 below the minimum or up to fair."""
    if observed < RULES["minimum_case_count"] or observed <= expected + 1e-9:
        return 1.0
    return float(binom.sf(observed - 1, trials, expected / trials))


def judge(found: dict[Key, Window]) -> None:
    """Test every window, correct each list, and tell new and growing signals."""
    lists: dict[Any, list[Window]] = defaultdict(list)
    for (seller, cut, _, family, last), window in found.items():
        whole = cut in OF_RETURNS and family == "any"
        window.is_tested = (
            window.bases >= RULES["minimum_base_count"]
            and window.fair > 0
            and not whole
        )
        if window.is_tested:
            window.p = tail(window.observed, window.trials, window.fair)
            lists[seller, cut, last].append(window)
    for tests in lists.values():
        for window, q in zip(tests, correct([w.p for w in tests]), strict=True):
            window.q = q
            window.is_signal = (
                q <= RULES["false_discovery_share"]
                and window.observed / window.fair >= RULES["minimum_ratio"]
            )
        signals = [window for window in tests if window.is_signal]
        for window in signals:
            fair = window.cases * window.recent_bases / window.bases
            window.growth_p = tail(window.recent_cases, window.cases, fair)
        for window, q in zip(
            signals, correct([w.growth_p for w in signals]), strict=True
        ):
            window.growth_q = q
    signalled: dict[Any, list[date]] = defaultdict(list)
    for key in sorted(found, key=lambda k: k[-1]):
        window, past = found[key], signalled[key[:4]]
        last = key[-1]
        if window.is_signal:
            gap = ordinal(last) - ordinal(past[-1]) if past else TREND + 1
            window.is_new = gap > TREND
            past.append(last)
        window.signal_months = len(past)


def correct(p_values: list[float | None]) -> list[float]:
    """Return q-values after Benjamini and Hochberg."""
    values = [p for p in p_values if p is not None]
    return [float(q) for q in false_discovery_control(values)] if values else []


@dataclass
class Side:
    """One period of an action: touched cases and lines, and untouched places."""

    cases: int = 0
    lines: int = 0
    places: list[tuple[int, int, int]] = field(default_factory=list)
    """Touched lines, untouched cases, untouched lines of each place and month."""

    def add(self, cases: int, lines: int, other_cases: int, other_lines: int) -> None:
        """Take in a place and month."""
        self.cases += cases
        self.lines += lines
        self.places.append((lines, other_cases, other_lines))

    @property
    def rate(self) -> float | None:
        """Cases over lines of what was touched."""
        return self.cases / self.lines if self.lines else None

    @property
    def other_rate(self) -> float | None:
        """The untouched rate, weighed as the touched lines lie."""
        if not self.lines:
            return None
        return math.fsum(n * c / m for n, c, m in self.places) / self.lines

    @property
    def variance(self) -> float | None:
        """Variance of the touched less the untouched rate, a case and a none added."""
        if not self.lines:
            return None
        own = (self.cases + 1) / (self.lines + 2)
        others = [sum(place[n] for place in self.places) for n in (1, 2)]
        other = (others[0] + 1) / (others[1] + 2)
        weights = math.fsum((n / self.lines) ** 2 / m for n, _, m in self.places)
        return own * (1 - own) / (self.lines + 2) + other * (1 - other) * weights


def difference(before: Side, after: Side) -> tuple[float, float, float] | None:
    """Return the difference in differences and the ends of its 95 % interval."""
    numbers = (before.rate, before.other_rate, after.rate, after.other_rate)
    if None in numbers or before.variance is None or after.variance is None:
        return None
    own, other, own_after, other_after = (float(n or 0) for n in numbers)
    effect = own_after - own - (other_after - other)
    error = 1.959963985 * math.sqrt(before.variance + after.variance)
    return effect, effect - error, effect + error
