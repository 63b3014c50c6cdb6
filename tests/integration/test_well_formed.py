"""A table whose rows cannot be told apart, or whose shares are none, is never kept."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from orchestration.settings import Home
from orchestration.transformation import dbt_process
from orchestration.transformation.dbt_process import NodeResult

TABLE = "staging.stg_calendar__holidays"
HOLIDAY = """'US' as marketplace_code, date '2026-07-04' as holiday_date,
    'Independence Day' as holiday_name"""


def build(home: Home, raw_holidays: str) -> NodeResult:
    with duckdb.connect(home.warehouse) as warehouse:
        warehouse.execute(f"create or replace view raw.holidays as {raw_holidays}")
    select = ["--select", TABLE.split(".")[1], "--exclude-resource-type", "unit_test"]
    with dbt_process.taken(home) as dbt:
        said = [r for r in dbt.build(select) if isinstance(r, NodeResult)]
    return next(result for result in said if result.name == TABLE.split(".")[1])


def holidays(home: Home) -> int:
    with duckdb.connect(home.warehouse, read_only=True) as warehouse:
        return warehouse.sql(f"select count(*) from {TABLE}").fetchall()[0][0]


@pytest.mark.parametrize(
    "fault",
    [
        f"select {HOLIDAY} union all select {HOLIDAY}",
        f"select {HOLIDAY}".replace("'US'", "null"),
    ],
    ids=["doubled", "nameless"],
)
def test_a_table_with_a_fault_does_not_replace_a_good_one(
    copy_home: Callable[[], Home], fault: str
) -> None:
    home = copy_home()
    before = holidays(home)
    result = build(home, fault)
    assert result.failed
    assert "1 keys (marketplace_code, holiday_date)" in (result.message or "")
    assert holidays(home) == before > 1
    result = build(home, f"select {HOLIDAY}")
    assert not result.failed
    assert holidays(home) == 1
