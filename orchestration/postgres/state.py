"""What is in the database: whose schemas, which version, who is at work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import errors, sql

from orchestration.postgres.errors import PostgresError

SHOWN = "marts"
LOADING = "marts_loading"
RETIRED = "marts_retired_"
PATIENCE_SECONDS = 60.0

_PUBLISHER, _LOADERS = 0x72657475726E, 0x726574756D6C  # of this project alone
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Version:
    """What tells one published version from every other, of any home."""

    version: str
    build_id: str
    published_at: str


def version_in(connection: psycopg.Connection, schema: str) -> Version | None:
    """Return the version that a schema holds; None if there is no such schema.

    Raises:
        PostgresError: the schema is somebody else's.
    """
    known = "select 1 from pg_namespace where nspname = %s"
    if connection.execute(known, [schema]).fetchone() is None:
        return None
    query = sql.SQL(
        "select version, build_id, cast(published_at as text) from {}.publication"
    )
    try:
        row = connection.execute(query.format(sql.Identifier(schema))).fetchone()
    except (
        errors.UndefinedTable,
        errors.UndefinedColumn,
        errors.InsufficientPrivilege,
    ):
        row = None
    if row is None:
        raise PostgresError(
            f"The database has a schema '{schema}' that was not published from here,"
            " or not by this user: name a database of its own, or remove the schema."
        )
    return Version(*row)


def tables_in(connection: psycopg.Connection, schema: str) -> set[str]:
    """Return the names of a schema's tables."""
    rows = connection.execute(
        "select tablename from pg_tables where schemaname = %s", [schema]
    )
    return {name for (name,) in rows}


def retired_schemas(connection: psycopg.Connection) -> list[str]:
    """Return the schemas, of this user, that no reader is led to any more."""
    rows = connection.execute(
        "select nspname from pg_namespace where nspname ~ ('^' || %s || '[0-9]+$')"
        " and pg_has_role(nspowner, 'usage') order by oid",
        [RETIRED],
    )
    return [name for (name,) in rows]


def has_foreign_keys(connection: psycopg.Connection, schema: str) -> bool:
    """Return whether a schema's tables refer to each other yet."""
    row = connection.execute(
        "select exists (select from pg_constraint where contype = 'f'"
        " and connamespace = cast(quote_ident(%s) as regnamespace))",
        [schema],
    ).fetchone()
    return bool(row and row[0])


@contextmanager
def only_publisher(
    connection: psycopg.Connection, patience: float = PATIENCE_SECONDS
) -> Iterator[None]:
    """Be the only process that publishes to this database.

    The server gives both locks back when their holder dies. A killed publisher's
    loaders may outlive it by the statement they are at: they are waited for.
    """
    deadline = time.monotonic() + patience
    for key in (_PUBLISHER, _LOADERS):
        while not _asked(connection, "pg_try_advisory_lock", key):
            if time.monotonic() > deadline:
                raise PostgresError(
                    "Another process is publishing to this database; try again when it"
                    " has ended."
                )
            time.sleep(_PAUSE_SECONDS)
    _asked(connection, "pg_advisory_unlock", _LOADERS)
    try:
        yield
    finally:
        if not connection.closed:
            _asked(connection, "pg_advisory_unlock", _PUBLISHER)


def join_loaders(connection: psycopg.Connection) -> None:
    """Be one of the publisher's loaders, until the connection ends."""
    _asked(connection, "pg_try_advisory_lock_shared", _LOADERS)


def _asked(connection: psycopg.Connection, function: str, key: int) -> bool:
    query = sql.SQL("select {}(%s)").format(sql.Identifier(function))
    row = connection.execute(query, [key]).fetchone()
    return bool(row and row[0])
