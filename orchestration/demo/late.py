"""Documents whose rows add up units of many orders: written when all is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.demo.parameters import SQL
from orchestration.demo.writing import Inbox

STEPS = ("removals", "aged_removals", "stock")


def write_late_documents(
    connection: duckdb.DuckDBPyConnection, units: Sequence[Path], inbox: Inbox
) -> None:
    """Write removal orders, their parcels, and the stock of returned units.

    Args:
        connection: The simulation's connection.
        units: The chunks' units, one Parquet file each.
        inbox: The documents; those of removals are still empty.
    """
    files = connection.read_parquet([str(path) for path in units])
    files.create_view("all_units")
    for step in STEPS:
        connection.execute((SQL / f"{step}.sql").read_text(encoding="utf-8"))
    rows = connection.execute(
        "select document_id, count(*), string_agg(line || chr(10), '' order by "
        "sort_text, line) from late_lines group by document_id order by document_id"
    ).fetchall()
    for number, count, text in rows:
        inbox.append(number, count, 0, text)
