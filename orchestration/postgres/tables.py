"""The published tables as PostgreSQL is to have them: types, keys, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.postgres.errors import PostgresError
from orchestration.postgres.keys import ForeignKey, Keys

LONGEST_NAME = 63  # bytes; PostgreSQL cuts silently what is longer
WORTH_AN_INDEX = 1_000  # rows; a smaller table is read whole anyway

# Times are UTC without a zone, here as in the DuckDB file and in Parquet: with a zone,
# a day would begin where the session of whoever asks is, and counts would differ.
_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(39,0)",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20,0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "UUID": "uuid",
    "JSON": "json",
    "BLOB": "bytea",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


@dataclass(frozen=True)
class Column:
    """One column: its type in PostgreSQL, and whether it is never null."""

    name: str
    kind: str
    comment: str | None
    is_required: bool

    @property
    def read(self) -> str:
        """How DuckDB is asked for it, so that CSV carries the value exactly."""
        name = f'"{self.name}"'
        return f"'\\x' || hex({name}) as {name}" if self.kind == "bytea" else name


@dataclass(frozen=True)
class Table:
    """One table of a version."""

    name: str
    rows: int
    comment: str | None
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[ForeignKey, ...]
    indexes: tuple[tuple[str, ...], ...]


def tables_of(
    reader: duckdb.DuckDBPyConnection, rows: dict[str, int], keys: Keys
) -> list[Table]:
    """Return the tables of ``published.marts``, the largest first.

    Args:
        reader: has the version's file attached as ``published``.
        rows: how many rows each table has, by the version's own account.
        keys: what dbt declares; what does not fit this version is left out.

    Raises:
        PostgresError: PostgreSQL cannot have such a table.
    """
    found = reader.execute(
        "select table_name, comment from duckdb_tables()"
        " where database_name = 'published' and schema_name = 'marts'"
    ).fetchall()
    columns = _columns(reader, keys)
    _demand_names([name for name, _ in found])
    primary = {
        name: keys.primary.get(name, ())
        for name, _ in found
        if {*keys.primary.get(name, ())} <= {column.name for column in columns[name]}
    }
    tables = [
        _table(name, rows[name], comment, columns[name], primary, keys)
        for name, comment in found
    ]
    return sorted(tables, key=lambda table: -table.rows * len(table.columns))


def _table(
    name: str,
    rows: int,
    comment: str | None,
    columns: tuple[Column, ...],
    primary: dict[str, tuple[str, ...]],
    keys: Keys,
) -> Table:
    names = {column.name for column in columns}
    references = tuple(
        key
        for key in keys.foreign.get(name, ())
        if key.column in names and primary.get(key.table) == (key.referenced,)
    )
    key = primary.get(name, ())
    indexes = _indexes(columns, key, references) if rows >= WORTH_AN_INDEX else ()
    return Table(name, rows, comment, columns, key, references, indexes)


def _indexes(
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    references: tuple[ForeignKey, ...],
) -> tuple[tuple[str, ...], ...]:
    """Return what is worth an index beside the key: joins to facts; seller and day."""
    found: list[tuple[str, ...]] = [
        (key.column,) for key in references if key.table.startswith("fct_")
    ]
    days = [column.name for column in columns if column.kind == "date"]
    has_seller = any(column.name == "seller_id" for column in columns)
    if has_seller and days and key[:1] != ("seller_id",):
        found.append(("seller_id", days[0]))
    return tuple(columns for columns in dict.fromkeys(found) if columns != key)


def _columns(
    reader: duckdb.DuckDBPyConnection, keys: Keys
) -> dict[str, tuple[Column, ...]]:
    rows = reader.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns()"
        " where database_name = 'published' and schema_name = 'marts'"
        " order by table_name, column_index"
    ).fetchall()
    found: dict[str, list[Column]] = {}
    for table, name, data_type, comment in rows:
        required = {*keys.required.get(table, ()), *keys.primary.get(table, ())}
        kind = postgres_type(data_type, f"{table}.{name}")
        column = Column(name, kind, _said(comment, kind), name in required)
        found.setdefault(table, []).append(column)
    for table, columns in found.items():
        _demand_names([column.name for column in columns], table)
        found[table] = _without_nulls(reader, table, columns)
    return {table: tuple(columns) for table, columns in found.items()}


def postgres_type(data_type: str, where: str) -> str:
    """Return PostgreSQL's type for one of DuckDB's.

    Raises:
        PostgresError: there is none that holds every value.
    """
    if data_type in _TYPES:
        return _TYPES[data_type]
    if decimal := _DECIMAL.fullmatch(data_type):
        return f"numeric({decimal[1]},{decimal[2]})"
    if data_type.startswith("ENUM("):
        return "text"
    raise PostgresError(f"{where} is of type {data_type}, which PostgreSQL lacks.")


def _said(comment: str | None, kind: str) -> str | None:
    if kind == "timestamp" and "UTC" not in (comment or ""):
        return f"{comment or ''} (UTC)".strip()
    return comment


def _without_nulls(
    reader: duckdb.DuckDBPyConnection, table: str, columns: list[Column]
) -> list[Column]:
    """Take back what this version breaks: dbt may have been parsed again since."""
    required = [column for column in columns if column.is_required]
    if not required:
        return columns
    counts = ", ".join(f'count("{column.name}") = count(*)' for column in required)
    row = reader.execute(f'select {counts} from published.marts."{table}"').fetchone()  # noqa: S608
    held = {
        column.name for column, holds in zip(required, row or (), strict=True) if holds
    }
    return [
        Column(column.name, column.kind, column.comment, column.name in held)
        for column in columns
    ]


def _demand_names(names: Iterable[str], table: str | None = None) -> None:
    where = f" of {table}" if table else ""
    for name in names:
        if len(name.encode()) > LONGEST_NAME:
            raise PostgresError(
                f"The name '{name}'{where} is longer than the {LONGEST_NAME} bytes that"
                " PostgreSQL keeps of a name."
            )
