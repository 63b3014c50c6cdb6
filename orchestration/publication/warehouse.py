"""The private warehouse as publication reads it: read-only, for as short as it can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.publication.errors import PublicationRefused
from orchestration.settings import Home

SCHEMAS = ("facts", "marts", "reference")
LANDING_TABLES = ("landing_files", "landing_rejects")


@dataclass(frozen=True)
class Build:
    """One recorded dbt invocation."""

    build_id: str
    built_at: datetime


@dataclass(frozen=True)
class Source:
    """A table of the warehouse that is published under its bare name."""

    schema: str
    name: str


@contextmanager
def opened(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in memory with the warehouse attached as ``warehouse``.

    Attached so, no write lock is needed and another file can be attached for
    writing, which a read-only connection does not allow.
    """
    if not home.warehouse.exists():
        raise PublicationRefused("There is no warehouse yet: run the build first.")
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "temp_directory": str(home.scratch / "publication"),
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("set TimeZone = 'UTC'")
        try:
            connection.execute(
                f"attach {quoted(home.warehouse)} as warehouse (read_only)"
            )
        except duckdb.IOException as error:
            first_line = str(error).splitlines()[0]
            raise PublicationRefused(
                f"The warehouse cannot be read now: {first_line}"
            ) from error
        connection.execute("use warehouse")
        yield connection


def newest_build(connection: duckdb.DuckDBPyConnection) -> Build:
    """Return the build recorded last, whatever became of it."""
    known = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name = 'meta' and table_name = 'builds'"
    ).fetchone()
    newest = (
        "select build_id, recorded_at from meta.builds"
        " order by recorded_at desc limit 1"
    )
    row = known and connection.execute(newest).fetchone()
    if not row:
        raise PublicationRefused(
            "No build is recorded in the warehouse: run the build first."
        )
    return Build(*row)


def published_tables(connection: duckdb.DuckDBPyConnection) -> list[Source]:
    """Return what is published: facts, marts, reference data, the landing ledger."""
    rows = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = 'warehouse' order by table_schema, table_name"
    ).fetchall()
    chosen = [
        Source(schema, name)
        for schema, name in rows
        if schema in SCHEMAS or (schema == "raw" and name in LANDING_TABLES)
    ]
    names = [source.name for source in chosen]
    twice = sorted({name for name in names if names.count(name) > 1})
    missing = sorted({*LANDING_TABLES} - {*names})
    if twice or missing:
        raise PublicationRefused(
            f"The warehouse cannot be published: missing {missing}, ambiguous {twice}."
        )
    return chosen


def quoted(value: object) -> str:
    """Return ``value`` as an SQL string: DDL takes no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def literal(value: object) -> str:
    """Return ``value`` as an SQL literal, null included."""
    return "null" if value is None else quoted(value)
