from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from orchestration.landing.specs import ColumnSpec
from orchestration.landing.values import Dialect, normalised_value
from orchestration.landing.zones import is_zone, with_zone
from tests.unit.landing.trial import shared_connection


def landed(form: str, zone: str, *texts: str) -> list[str | None]:
    column = ColumnSpec("at", "instant", "no")
    value = normalised_value(column, "x", Dialect((), (with_zone(form, zone),)))
    query = f"select {value} from (select unnest(?::varchar[]) as x)"
    return [row[0] for row in shared_connection().execute(query, [texts]).fetchall()]


def read_by_python(text: str, zone: str) -> str | None:
    """The earlier of two readings; none of an hour the clocks leapt over."""
    local = datetime.fromisoformat(text)
    instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return f"{instant:%Y-%m-%d %H:%M:%S}" if shown == local else None


@pytest.mark.parametrize(
    "zone",
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
     "America/Sao_Paulo", "UTC"],
)  # fmt: skip
def test_every_hour_of_a_year_is_read_as_python_reads_it(zone: str) -> None:
    start = datetime(2018, 1, 1, 0, 15)  # Brazil still changed its clocks
    texts = [str(start + timedelta(minutes=30 * n)) for n in range(48 * 365)]
    expected = [read_by_python(text, zone) for text in texts]
    assert landed("iso_local", zone, *texts) == expected


def test_the_hour_that_comes_twice_is_the_earlier_and_the_skipped_one_none() -> None:
    form = "%d/%m/%Y %H:%M:%S"
    assert landed(form, "Europe/London", "28/10/2018 01:30:00", "25/03/2018 01:30:00",
                  "14/06/2018 16:55:07") == [
        "2018-10-28 00:30:00", None, "2018-06-14 15:55:07"]  # fmt: skip


def test_where_the_zone_is_unknown_the_day_alone_is_kept() -> None:
    assert landed("%d/%m/%Y %H:%M:%S", "unknown", "14/06/2018 16:55:07") == [
        "2018-06-14"
    ]


@pytest.mark.parametrize(
    ("name", "known"),
    [("Europe/Berlin", True), ("UTC", True), ("CET", False), ("Berlin", False),
     ("Europe/Atlantis", False), ("../etc/passwd", False), ("Europe/B'", False)],
)  # fmt: skip
def test_a_zone_is_one_of_the_iana_list(name: str, known: bool) -> None:
    assert is_zone(name) is known
