"""Rows from DuckDB to PostgreSQL, as CSV through a pipe: no file, no loop over rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO

import duckdb
import psycopg
from psycopg import sql

from orchestration.postgres.errors import PostgresError
from orchestration.postgres.tables import Table

_CHUNK = 1 << 20


def copy_rows(
    reader: duckdb.DuckDBPyConnection,
    connection: psycopg.Connection,
    schema: str,
    table: Table,
) -> None:
    """Copy all rows of a table that this transaction has made.

    Null is nothing between two commas, an empty text is ``""``: both sides say so.
    FREEZE: the rows are there for every transaction that sees the table, also for one
    that began before this one and keeps to what it saw first.
    """
    copy = sql.SQL("copy {}.{} from stdin (format csv, freeze)").format(
        sql.Identifier(schema), sql.Identifier(table.name)
    )
    with connection.cursor() as cursor:
        with _csv(reader, table) as (stream, written), cursor.copy(copy) as target:
            while chunk := stream.read(_CHUNK):
                target.write(chunk)
            # The end of the pipe may be an error's: then nothing of this counts.
            count = written.result()
        if not count == cursor.rowcount == table.rows:
            raise PostgresError(
                f"{table.name} has {table.rows} rows, but {count} were read and"
                f" {cursor.rowcount} arrived in PostgreSQL."
            )


@contextmanager
def _csv(
    reader: duckdb.DuckDBPyConnection, table: Table
) -> Iterator[tuple[IO[bytes], Future[int]]]:
    """Yield a stream of the rows, and how many there were, once it has ended."""
    read_end, write_end = os.pipe()
    with (
        ThreadPoolExecutor(1, "postgres-csv") as writers,
        # Closed first: a writer whose reader has gone away fails and ends.
        os.fdopen(read_end, "rb", buffering=0) as stream,
    ):
        yield stream, writers.submit(_write, reader, table, write_end)


def _write(reader: duckdb.DuckDBPyConnection, table: Table, write_end: int) -> int:
    columns = ", ".join(column.read for column in table.columns)
    # Bare, PostgreSQL takes a line of \. for the end of all rows.
    force = f', force_quote ("{table.columns[0].name}")' * (len(table.columns) == 1)
    try:
        # DuckDB opens the pipe anew; ours stays open until it has ended, whatever
        # becomes of it, so that whoever reads cannot wait for ever.
        row = reader.execute(
            f'copy (select {columns} from published.marts."{table.name}")'  # noqa: S608
            f" to '/dev/fd/{write_end}' (format csv, header false{force})"
        ).fetchone()
    finally:
        os.close(write_end)
    return int(row[0]) if row else -1
