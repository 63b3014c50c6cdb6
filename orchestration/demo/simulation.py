"""Runs the simulation: a range of order lines at a time, each as a few SQL steps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.demo.business import BLOCK, HORIZON
from orchestration.demo.parameters import SQL

STEPS = (
    "orders",
    "lines",
    "returned_parts",
    "cases",
    "merchant_cases",
    "warehouse_cases",
    "refunds",
    "parcels",
    "feedback",
    "inspections",
    "unit_starts",
    "units",
    "resales",
    "report_lines",
    "report_reimbursements",
    "money",
    "settled",
    "report_orders",
    "report_merchant",
    "report_warehouse",
    "report_feedback",
    "report_settlements",
    "report_replacements",
    "report_ledger",
    "report_inspections",
    "report_return_events",
    "requests",
    "conversations",
    "report_messages",
    "report_xml_returns",
    "report_external",
    "report_finances",
    "report_transactions",
)
TRUTHS = (
    "order_lines",
    "returns",
    "refunds",
    "feedback",
    "report_rows",
    "outcomes",
    "messages",
    "conversations",
    "events",
    "links",
)
GATHERED = ("units", "requests", "sales_days", "sales_articles")
"""Tables that documents are made of which add up all chunks."""


@dataclass(frozen=True)
class Chunk:
    """A range of blocks of order lines."""

    number: int
    first_block: int
    end_block: int


@dataclass(frozen=True)
class ChunkResult:
    """What a chunk adds.

    Attributes:
        texts: ``(document, list, rows, sum of amounts, lines)`` of each list of each
            document it reaches; the list is None but in XML and JSON.
        days: Rows for the account-health book.
        parts: The truth tables' rows, one Parquet file each.
        counts: Counts for ``expectations.json``.
    """

    chunk: Chunk
    texts: list[tuple[int, str | None, int, int, str]]
    days: list[tuple[object, ...]]
    parts: dict[str, Path]
    counts: dict[str, int]


def plan_chunks(order_lines: int, chunk_lines: int) -> list[Chunk]:
    """Cut the blocks of all order lines into ranges."""
    blocks, size = -(-order_lines // BLOCK), max(1, chunk_lines // BLOCK)
    return [
        Chunk(number, first, min(first + size, blocks))
        for number, first in enumerate(range(0, blocks, size))
    ]


def simulate(
    connection: duckdb.DuckDBPyConnection,
    chunk: Chunk,
    order_lines: int,
    scratch: Path,
) -> ChunkResult:
    """Simulate one chunk on a connection that has the parameters and the macros."""
    for name, value in (
        ("order_lines", str(order_lines)),
        ("first_block", str(chunk.first_block)),
        ("end_block", str(chunk.end_block)),
        ("chunk", str(chunk.number)),
        ("horizon", f"timestamp '{HORIZON}'"),
    ):
        connection.execute(f"set variable {name} = {value}")
    for step in STEPS:
        connection.execute(_sql(step))
    texts = connection.execute(_sql("texts")).fetchall()
    days = connection.execute(_sql("days_counted")).fetchall()
    connection.execute(_sql("truth_shown"))
    parts = {}
    for truth in TRUTHS:
        if truth != "conversations":  # the step of messages makes both
            connection.execute(_sql(f"truth_{truth}"))
        parts[truth] = scratch / f"{truth}-{chunk.number:06}.parquet"
        connection.table(f"truth_{truth}").write_parquet(str(parts[truth]))
    connection.execute(_sql("sales"))
    for name in GATHERED:
        parts[name] = scratch / f"{name}-{chunk.number:06}.parquet"
        connection.table(name).write_parquet(str(parts[name]))
    cursor = connection.execute(_sql("counts"))
    names = [column[0] for column in cursor.description or ()]
    counts = dict(zip(names, cursor.fetchall()[0], strict=True))
    return ChunkResult(chunk, texts, days, parts, counts)


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
