"""Reads the demo run; plain arithmetic behind the checks of service and account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from tests.integration.kpi_reference import Z, seed

Row = dict[str, Any]
ZONES = {row["marketplace_code"]: row["time_zone_name"] for row in seed("marketplaces")}


class Tables:
    """Rows of the demo run's warehouse, each table read once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._read: dict[str, list[Row]] = {}

    def __getitem__(self, relation: str) -> list[Row]:
        if relation not in self._read:
            result = self._connection.execute(f"from {relation}")
            names = [column[0] for column in result.description]
            self._read[relation] = [
                dict(zip(names, row, strict=True)) for row in result.fetchall()
            ]
        return self._read[relation]

    def mart(self, name: str, *keys: str) -> dict[tuple[Any, ...], Row]:
        return self.mart_of(f"marts.{name}", *keys)

    def mart_of(self, relation: str, *keys: str) -> dict[tuple[Any, ...], Row]:
        return {tuple(row[k] for k in keys): row for row in self[relation]}


def local(instant: datetime, marketplace_code: str) -> datetime:
    """Return an instant in UTC on the marketplace's clock, Greenwich's if unknown."""
    zone = ZoneInfo(ZONES.get(marketplace_code, "UTC"))
    return instant.replace(tzinfo=UTC).astimezone(zone)


def minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


def survival(ended: list[float], watched: list[float], percent: int) -> float | None:
    """Return the hours within which ``percent`` ended, by scipy's Kaplan-Meier."""
    if not ended:
        return None
    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=watched)).sf
    for hours, left in zip(curve.quantiles, curve.probabilities, strict=True):
        if left <= 1 - percent / 100 + 1e-9:
            return float(hours)
    return None


Strata = Iterable[list[int]]


def mantel_haenszel(strata: Strata) -> tuple[float | None, float | None]:
    """Return difference and half interval of ``[x1, n1, x0, n0]``, in exact fractions.

    The difference is written as an average of the strata's differences; Sato's variance
    as in SAS PROC FREQ (common risk difference), which adds it up in another order.
    """
    parts = [s for s in strata if s[1] and s[3]]
    weights = [Fraction(n1 * n0, n1 + n0) for _, n1, _, n0 in parts]
    if not parts:
        return None, None
    total = sum(weights)
    difference = (
        sum(
            weight * (Fraction(x1, n1) - Fraction(x0, n0))
            for weight, (x1, n1, x0, n0) in zip(weights, parts, strict=True)
        )
        / total
    )
    if not any(x1 + x0 for x1, _, x0, _ in parts):
        return float(difference), None
    p = sum(
        Fraction(n1 * n1 * x0 - n0 * n0 * x1, (n1 + n0) ** 2)
        + Fraction(n1 * n0 * (n0 - n1), 2 * (n1 + n0) ** 2)
        for x1, n1, x0, n0 in parts
    )
    q = sum(
        Fraction(x1 * (n0 - x0) + x0 * (n1 - x1), 2 * (n1 + n0))
        for x1, n1, x0, n0 in parts
    )
    variance = float((difference * p + q) / total**2)
    return float(difference), Z * max(variance, 0) ** 0.5


def newcombe(one: list[float], other: list[float]) -> bool:
    """Tell whether two ``[share, low, high]`` differ by more than chance."""
    upper, lower = sorted((one, other), reverse=True)
    gap = upper[0] - lower[0]
    return bool(gap**2 > (upper[0] - upper[1]) ** 2 + (lower[2] - lower[0]) ** 2)


def month_steps(months: list[date]) -> list[date]:
    """Return the first day of every month from the first to the last of ``months``."""
    first, last = (12 * m.year + m.month - 1 for m in (min(months), max(months)))
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1)]


def regression(cases: list[tuple[Any, bool, bool]]) -> float:
    """Least squares of the bad rating on the exposure and a constant a stratum."""
    names = sorted({stratum for stratum, *_ in cases})
    design = np.zeros((len(cases), len(names) + 1))
    for line, (stratum, is_exposed, _) in enumerate(cases):
        design[line, 0] = is_exposed
        design[line, 1 + names.index(stratum)] = 1
    bad = np.array([is_bad for *_, is_bad in cases], dtype=float)
    return float(np.linalg.lstsq(design, bad, rcond=None)[0][0])
