"""Rows as the dashboard carries them."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from orchestration.dashboard.rows import columnar, newest_months

MONTH = "month_start_date"


def answered(*rows: str) -> dict[str, Any]:
    values = ", ".join(rows) or "(date '2026-01-01', 1)"
    keep = "" if rows else " where false"
    with duckdb.connect() as connection:
        query = f"from (values {values}) as t ({MONTH}, n){keep}"
        return columnar(connection.execute(query))


def test_only_the_months_asked_for_are_kept() -> None:
    table = answered("(date '2026-01-01', 1)", "(date '2026-02-01', 2)", "(null, 3)")
    newest_months(table, MONTH, {"2026-02-01"})
    assert table["rows"] == 1
    assert table["columns"]["n"] == {"values": [2]}


@pytest.mark.parametrize("rows", [(), ("(null::date, 1)", "(null, 2)")])
def test_a_column_without_months_keeps_no_row(rows: tuple[str, ...]) -> None:
    table = answered(*rows)
    newest_months(table, MONTH, {"2026-02-01"})
    assert table["rows"] == 0
    assert table["columns"]["n"] == {"values": []}
