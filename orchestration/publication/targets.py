"""Writes the tables of a version: one DuckDB file, and Parquet beside it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from expectations.receipt import GateReport
from orchestration.publication.descriptions import Descriptions
from orchestration.publication.manifest import Identity
from orchestration.publication.warehouse import Source, literal, quoted

STORAGE_VERSION = "v1.2.0"  # BI drivers lag: the oldest one that can read the file
# DuckDB names a database after its file, and in marts.duckdb cannot tell database from
# schema in `marts.some_table`, which is what drivers write. Under this name it can. A
# hard link: through a symbolic one DuckDB takes the name of the file behind it.
ALIAS = "returns.duckdb"

_OWN_TABLES = {
    "publication": "One row: which version of the data this file holds.",
    "publication_checks": "One row is one check of the data before publication.",
}


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    sources: list[Source],
    descriptions: Descriptions,
    identity: Identity,
    receipt: GateReport,
    folder: Path,
) -> dict[str, dict[str, Any]]:
    """Write ``marts.duckdb`` and ``parquet/`` and return what each table holds."""
    marts = folder / "marts.duckdb"
    connection.execute(
        f"attach {quoted(marts)} as published (storage_version '{STORAGE_VERSION}')"
    )
    connection.execute("begin")
    connection.execute("create schema published.marts")
    for source in sources:
        connection.execute(
            f'create table published.marts."{source.name}" as'
            f' from warehouse."{source.schema}"."{source.name}"'
        )
    _write_own_tables(connection, identity, receipt)
    # A comment makes its table anew, costly in the transaction that has filled it.
    connection.execute("commit")
    _comment(connection, sources, descriptions)
    origins = {source.name: f"{source.schema}.{source.name}" for source in sources}
    tables = {
        name: _table(connection, name, origin, folder)
        for name, origin in sorted({**dict.fromkeys(_OWN_TABLES), **origins}.items())
    }
    # Without the checkpoint a log would stay behind, and readers would replay it.
    connection.execute("checkpoint published")
    connection.execute("detach published")
    (folder / ALIAS).hardlink_to(marts)
    return tables


def _comment(
    connection: duckdb.DuckDBPyConnection,
    sources: list[Source],
    descriptions: Descriptions,
) -> None:
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = 'published'"
    ).fetchall()
    statements = descriptions.statements(sources, {*columns})
    # Together: read one by one they take twice as long.
    connection.execute(";\n".join(["begin", *statements, "commit"]))


def _write_own_tables(
    connection: duckdb.DuckDBPyConnection, identity: Identity, receipt: GateReport
) -> None:
    values = asdict(identity)
    _create(
        connection,
        "publication",
        {name: "timestamp" if name.endswith("_at") else "varchar" for name in values},
        [list(values.values())],
    )
    _create(
        connection,
        "publication_checks",
        {
            "table_name": "varchar",
            "check_name": "varchar",
            "description": "varchar",
            "severity": "varchar",
            "status": "varchar",
            "observed_text": "varchar",
            "unexpected_count": "bigint",
            "notes_text": "varchar",
        },
        [
            [
                result.table.split(".")[-1],
                result.expectation,
                result.description,
                result.severity,
                result.status,
                result.reason or result.observed,
                result.unexpected_count,
                result.notes,
            ]
            for result in receipt.results
        ],
    )
    for table, text in _OWN_TABLES.items():
        connection.execute(
            f"comment on table published.marts.{table} is {quoted(text)}"
        )


def _create(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    rows: list[list[object]],
) -> None:
    """Written as literals: DuckDB imports pandas, a second long, to bind a list."""
    typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"create table published.marts.{name} ({typed})")
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    if values:
        connection.execute(f"insert into published.marts.{name} values {values}")  # noqa: S608


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, origin: str | None, folder: Path
) -> dict[str, Any]:
    (folder / "parquet").mkdir(exist_ok=True)
    file = f"parquet/{name}.parquet"
    row = connection.execute(
        f'copy published.marts."{name}" to {quoted(folder / file)}'
        " (format parquet, compression zstd)"
    ).fetchone()
    if row is None:
        raise RuntimeError(f"copying {name} reported no row count")
    return {"rows": int(row[0]), "parquet": file, "source": origin}
