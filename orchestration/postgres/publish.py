"""Publishes the version that readers see to PostgreSQL, as schema ``marts``.

Loaded into a schema beside it, then swapped by name in one transaction. Killed at any
point, the next call goes on: readers have the whole old version or the whole new one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import psycopg
from psycopg import errors, sql

from orchestration.postgres import keys, loading, state, swapping
from orchestration.postgres.errors import PostgresError
from orchestration.postgres.tables import Table, tables_of
from orchestration.postgres.target import Target
from orchestration.publication.versions import Publication, current
from orchestration.publication.warehouse import quoted
from orchestration.settings import Home

PATIENCE_SECONDS = 300.0

_SAYS = (
    "Returns warehouse, version {}: a table for each fact, dimension, mart and seed."
    " Times are UTC without a zone. Each publication replaces it as a whole."
)


@dataclass
class Outcome:
    """What a publication to PostgreSQL did."""

    version: str
    place: str
    is_new: bool = True
    tables: int = 0
    rows: int = 0
    attempts: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Note how long the block takes."""
        began = time.monotonic()
        yield
        self.seconds[part] = round(time.monotonic() - began, 3)


def publish_to_postgres(
    home: Home,
    target: Target,
    *,
    patience: float = PATIENCE_SECONDS,
    again: bool = False,
    force: bool = False,
) -> Outcome:
    """Publish the current version of ``home``; the version shown already is left.

    Args:
        home: where the published versions lie.
        target: the database, and who may read there.
        patience: seconds to look for a moment in which no transaction reads.
        again: load it also where it is shown already.
        force: switch all the same when there was no such moment.

    Raises:
        PostgresError: nothing has changed for readers, and why.
    """
    version = _demanded(home)
    outcome = Outcome(version.version, target.place)
    with target.connected() as connection, state.only_publisher(connection):
        _demand_role(connection, target.role)
        shown = state.version_in(connection, state.SHOWN)
        with _opened(home, version) as reader:
            wanted = _identity(reader)
            if shown == wanted and not again:
                outcome.is_new = False
                _grant(connection, target.role)
            else:
                _load(home, target, connection, reader, wanted, version, outcome)
        if outcome.is_new:
            _demand_current(home, version)
            with outcome.timed("swap"):
                done = swapping.swap(connection, target.role, patience, force=force)
            outcome.attempts = done.attempts
            outcome.notes += [done.note] if done.note else []
        with outcome.timed("clear"):
            outcome.notes += _cleared(connection)
    return outcome


def _demanded(home: Home) -> Publication:
    version = current(home)
    if version is None:
        raise PostgresError("Nothing is published yet: run `returns run` first.")
    return version


def _load(
    home: Home,
    target: Target,
    connection: psycopg.Connection,
    reader: duckdb.DuckDBPyConnection,
    wanted: state.Version,
    version: Publication,
    outcome: Outcome,
) -> None:
    with outcome.timed("prepare"):
        declared = keys.from_dbt(home.dbt_target / "manifest.json")
        tables = tables_of(reader, version.row_counts, declared)
        _begin(connection, reader, wanted, tables, target.role)
    with outcome.timed("load"):
        loaded = loading.load(target, reader, tables)
    outcome.tables, outcome.rows = loaded.tables + loaded.kept, loaded.rows
    outcome.notes += loaded.notes
    missing = {table.name for table in tables} - state.tables_in(
        connection, state.LOADING
    )
    if missing:
        raise PostgresError(f"Not loaded, for whatever reason: {sorted(missing)}.")


def _begin(
    connection: psycopg.Connection,
    reader: duckdb.DuckDBPyConnection,
    wanted: state.Version,
    tables: list[Table],
    role: str,
) -> None:
    """Make the schema to load into, unless a killed publisher left it half full.

    It is made with the table that says which version it is for, in one transaction.
    """
    left = state.version_in(connection, state.LOADING)
    if left == wanted:
        return
    if left is not None:
        swapping.retire(connection, state.LOADING)
    loading_schema = sql.Identifier(state.LOADING)
    first = next(table for table in tables if table.name == "publication")
    with connection.transaction():
        connection.execute(sql.SQL("create schema {}").format(loading_schema))
        comment = sql.SQL("comment on schema {} is {}")
        says = sql.Literal(_SAYS.format(wanted.version))
        connection.execute(comment.format(loading_schema, says))
        loading.make_table(reader, connection, first, role)


def _cleared(connection: psycopg.Connection) -> list[str]:
    if state.version_in(connection, state.LOADING):
        swapping.retire(connection, state.LOADING)
    schemas = state.retired_schemas(connection)
    problems = [swapping.clear(connection, schema) for schema in schemas]
    return [problem for problem in problems if problem]


@contextmanager
def _opened(home: Home, version: Publication) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "temp_directory": str(home.scratch / "postgres"),
    }
    with duckdb.connect(config=config) as reader:
        reader.execute("set TimeZone = 'UTC'")
        file = quoted(version.path / "marts.duckdb")
        reader.execute(f"attach {file} as published (read_only)")
        yield reader


def _identity(reader: duckdb.DuckDBPyConnection) -> state.Version:
    row = reader.execute(
        "select version, build_id, cast(published_at as varchar)"
        " from published.marts.publication"
    ).fetchone()
    if row is None:
        raise PostgresError("The published file does not say which version it is.")
    return state.Version(*row)


def _demand_current(home: Home, version: Publication) -> None:
    shown = current(home)
    if shown is None or shown.version != version.version:
        raise PostgresError(
            f"While {version.version} was loaded, another version was published, or"
            " this one was rolled back: run `returns postgres`."
        )


def _demand_role(connection: psycopg.Connection, role: str) -> None:
    known = connection.execute("select 1 from pg_roles where rolname = %s", [role])
    if known.fetchone():
        return
    create = sql.SQL("create role {} nologin").format(sql.Identifier(role))
    try:
        connection.execute(create)
    except errors.InsufficientPrivilege:
        raise PostgresError(
            f"There is no role '{role}' for readers, and this user may not make one:"
            f" let an administrator run `{create.as_string(connection)}`."
        ) from None


def _grant(connection: psycopg.Connection, role: str) -> None:
    shown, reader = sql.Identifier(state.SHOWN), sql.Identifier(role)
    for grant in (
        "grant usage on schema {} to {}",
        "grant select on all tables in schema {} to {}",
    ):
        connection.execute(sql.SQL(grant).format(shown, reader))


def told(outcome: Outcome) -> str:
    """Return an outcome in words."""
    if outcome.is_new:
        parts = ", ".join(
            f"{part} {took:.1f} s" for part, took in outcome.seconds.items()
        )
        news = (
            f"Published {outcome.version} to {outcome.place}, schema {state.SHOWN}:"
            f" {outcome.tables} tables, {outcome.rows:,} rows loaded ({parts})."
        )
    else:
        news = f"{outcome.place} already shows {outcome.version}."
    return "\n".join([news, *(f"Note: {note}" for note in outcome.notes)])
