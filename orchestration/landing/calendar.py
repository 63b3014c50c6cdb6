"""Public holidays of every marketplace, for deadlines in business days."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from orchestration.landing.marketplaces import load_marketplaces
from orchestration.settings import Home

YEARS = range(2015, 2036)
# The library's United Kingdom has only what all four nations share; Amazon.co.uk
# runs on London's calendar.
SUBDIVISIONS = {"GB": "ENG"}


def holidays_file(home: Home) -> Path:
    """Return the file of the holidays that this library version and seed give."""
    return home.lake / "holidays" / f"{_state()}.parquet"


@lru_cache(maxsize=1)
def _state() -> str:
    marketplaces = [(item.code, item.country) for item in load_marketplaces()]
    state = repr((version("holidays"), marketplaces, YEARS, SUBDIVISIONS))
    return sha256(state.encode()).hexdigest()[:16]


def holidays_query() -> str:
    """Return a query of one row per marketplace and public holiday."""
    rows = ", ".join(
        f"('{code}', date '{day}', '{name}')" for code, day, name in _holidays()
    )
    return (
        f"select * from (values {rows}) "
        "as holidays (marketplace_code, holiday_date, holiday_name)"
    )


def _holidays() -> list[tuple[str, str, str]]:
    # Imported here: most runs find the file and need not load the library.
    import holidays

    rows: list[tuple[str, str, str]] = []
    for marketplace in load_marketplaces():
        days = holidays.country_holidays(
            marketplace.country,
            subdiv=SUBDIVISIONS.get(marketplace.country),
            years=YEARS,
            language="en_US",
        )
        rows += [
            (marketplace.code, day.isoformat(), name.replace("'", "''"))
            for day, name in sorted(days.items())
            if day.year in YEARS
        ]
    return rows
