"""Loads a version into a schema beside the one that readers see, table by table.

Each table is one transaction: whole with its key, indexes, comments and privileges, or
not there. Whoever goes on after a kill keeps what is whole.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import duckdb
import psycopg
from psycopg import errors, sql

from orchestration.postgres import state
from orchestration.postgres.streaming import copy_rows
from orchestration.postgres.tables import Table
from orchestration.postgres.target import Target

LOADERS = 2

# A key that dbt declares of another state of the models, or an index PostgreSQL cannot
# hold: the table is as right without it, and whoever published is told.
_TOLERATED = (errors.IntegrityError, errors.ProgramLimitExceeded)
# The tables never change again. A vacuum would find nothing and be in the way.
_OPTIONS = "autovacuum_enabled = false, toast.autovacuum_enabled = false"


@dataclass
class Loaded:
    """What a load did."""

    tables: int = 0
    kept: int = 0
    rows: int = 0
    notes: list[str] = field(default_factory=list)


class _Loaders:
    """Takes tables from a queue until it is empty or one of them has failed."""

    def __init__(
        self, target: Target, reader: duckdb.DuckDBPyConnection, tables: list[Table]
    ) -> None:
        self._target, self._reader = target, reader
        self._queue: SimpleQueue[Table] = SimpleQueue()
        for table in tables:
            self._queue.put(table)
        self._stopped = threading.Event()

    def work(self) -> list[str]:
        """Make tables until none waits; return what they had to go without."""
        notes = []
        try:
            with (
                self._target.connected() as connection,
                self._reader.cursor() as reader,
            ):
                prepare(connection)
                for table in self._waiting():
                    with connection.transaction():
                        notes += make_table(
                            reader, connection, table, self._target.role
                        )
        except BaseException:
            self.stop()
            raise
        return notes

    def stop(self) -> None:
        """Let the tables at work be the last ones."""
        self._stopped.set()

    def _waiting(self) -> Iterator[Table]:
        while not self._stopped.is_set():
            try:
                yield self._queue.get_nowait()
            except Empty:
                return


def load(
    target: Target, reader: duckdb.DuckDBPyConnection, tables: list[Table]
) -> Loaded:
    """Load what is missing of ``tables`` into the schema ``marts_loading``.

    The schema is there, and is known to hold nothing but whole tables of this version.
    """
    with target.connected() as connection:
        there = state.tables_in(connection, state.LOADING)
        missing = [table for table in tables if table.name not in there]
        loaded = Loaded(len(missing), len(there), sum(table.rows for table in missing))
        loaders = _Loaders(target, reader, missing)
        with ThreadPoolExecutor(LOADERS, "postgres") as pool:
            try:
                futures = [pool.submit(loaders.work) for _ in range(LOADERS)]
                loaded.notes += [note for done in futures for note in done.result()]
            except BaseException:
                loaders.stop()
                raise
        prepare(connection)
        loaded.notes += relate(connection, tables)
    return loaded


def prepare(connection: psycopg.Connection) -> None:
    """Mark a connection as a loader's; whoever goes on after a kill waits for its end.

    Its commits need not reach the disk one by one: the switch of readers, which comes
    after them, does, and everything before it with it.
    """
    connection.execute("set synchronous_commit = off")
    connection.execute("set maintenance_work_mem = '128MB'")
    state.join_loaders(connection)


def make_table(
    reader: duckdb.DuckDBPyConnection,
    connection: psycopg.Connection,
    table: Table,
    role: str,
) -> list[str]:
    """Make one table in the open transaction; return what it had to go without."""
    name = sql.Identifier(state.LOADING, table.name)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}{}").format(
            sql.Identifier(column.name),
            sql.SQL(column.kind),
            sql.SQL(" not null" if column.is_required else ""),
        )
        for column in table.columns
    )
    create = sql.SQL("create table {} ({}) with ({})")
    connection.execute(create.format(name, columns, sql.SQL(_OPTIONS)))
    copy_rows(reader, connection, state.LOADING, table)
    notes = []
    if table.key:
        add = sql.SQL("alter table {} add primary key ({})")
        notes += _tried(connection, add.format(name, _list(table.key)), table.name)
    for index in table.indexes:
        add = sql.SQL("create index on {} ({})")
        notes += _tried(connection, add.format(name, _list(index)), table.name)
    said = sql.SQL("; ").join(
        [
            *_comments(name, table),
            sql.SQL("grant select on {} to {}").format(name, sql.Identifier(role)),
            sql.SQL("analyze {}").format(name),
        ]
    )
    connection.execute(said)
    return notes


def relate(connection: psycopg.Connection, tables: list[Table]) -> list[str]:
    """Add the foreign keys, all in one transaction, if they are not there."""
    notes: list[str] = []
    with connection.transaction():
        if state.has_foreign_keys(connection, state.LOADING):
            return notes
        for table in tables:
            for key in table.references:
                add = sql.SQL(
                    "alter table {} add foreign key ({}) references {}"
                ).format(
                    sql.Identifier(state.LOADING, table.name),
                    sql.Identifier(key.column),
                    sql.Identifier(state.LOADING, key.table),
                )
                notes += _tried(connection, add, table.name)
    return notes


def _tried(
    connection: psycopg.Connection, statement: sql.Composed, table: str
) -> list[str]:
    try:
        with connection.transaction():
            connection.execute(statement)
    except _TOLERATED as error:
        return [f"{table} goes without a key or an index: {error.diag.message_primary}"]
    return []


def _comments(name: sql.Identifier, table: Table) -> Iterator[sql.Composed]:
    if table.comment:
        comment = sql.SQL("comment on table {} is {}")
        yield comment.format(name, sql.Literal(table.comment))
    for column in table.columns:
        if column.comment:
            comment = sql.SQL("comment on column {}.{} is {}")
            yield comment.format(
                name, sql.Identifier(column.name), sql.Literal(column.comment)
            )


def _list(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
