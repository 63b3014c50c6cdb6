"""The lake's tables: their columns, their empty first file, their views for dbt."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from orchestration.files import sync
from orchestration.landing.calendar import holidays_file, holidays_query
from orchestration.landing.errors import HomeError
from orchestration.landing.specs import ReportSpec, load_specs
from orchestration.landing.sql import exact_path, identifier, quoted
from orchestration.settings import Home

METADATA = {
    "_unknown_columns": "varchar",
    "_file_key": "varchar",
    "_line_number": "bigint",
    "_seller_id": "varchar",
    "_marketplace_code": "varchar",
}
LEDGER = {
    "file_key": "varchar",
    "file_sha256": "varchar",
    "file_name": "varchar",
    "report_type": "varchar",
    "lake_table": "varchar",
    "status": "varchar",
    "reason": "varchar",
    "rows_read": "bigint",
    "rows_landed": "bigint",
    "rows_quarantined": "bigint",
    "encoding": "varchar",
    "seller_id": "varchar",
    "marketplace_code": "varchar",
    "window_start_date": "date",
    "window_end_date": "date",
    "data_start_date": "date",
    "data_end_date": "date",
    "as_of": "varchar",
    "unknown_columns": "varchar",
    "personal_columns": "varchar",
    "bytes_read": "bigint",
    "landed_at": "timestamp",
    "mapping_name": "varchar",
    "mapping_sha256": "varchar",
}
REJECTS = {
    "file_key": "varchar",
    "file_name": "varchar",
    "seller_id": "varchar",
    "report_type": "varchar",
    "line_number": "bigint",
    "column_name": "varchar",
    "value": "varchar",
    "reason": "varchar",
}
EMPTY = "empty.parquet"


def lake_columns(spec: ReportSpec) -> dict[str, str]:
    """Return the columns of a report's lake table with their types, in order."""
    return {column.name: "varchar" for column in spec.columns} | METADATA


def ledger_folder(home: Home) -> Path:
    """Return the folder of the ledger: landed documents, and refused ones apart."""
    return home.lake / "landing_files"


def ensure_tables(
    home: Home, connection: duckdb.DuckDBPyConnection | None = None
) -> None:
    """Make every lake table exist, with no rows, so that whoever reads finds it.

    Raises:
        HomeError: The home cannot be written.
    """
    if connection is None:
        with duckdb.connect() as own:
            ensure_tables(home, own)
        return
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        home.scratch.mkdir(mode=0o700, exist_ok=True)
        tables = {home.lake / spec.table: lake_columns(spec) for spec in load_specs()}
        tables |= {ledger_folder(home): LEDGER, home.quarantine: REJECTS}
        present = _present_columns(connection, list(tables))
        for folder, columns in tables.items():
            # Written again only where the table's columns have changed.
            if present.get(folder) != list(columns):
                write_parquet(connection, home, _empty(columns), folder / EMPTY)
        if not holidays_file(home).exists():
            write_parquet(connection, home, holidays_query(), holidays_file(home))
    except OSError as error:
        raise HomeError(
            f"The home directory {home.root} cannot be written: {error.strerror}."
        ) from error


def _present_columns(
    connection: duckdb.DuckDBPyConnection, folders: list[Path]
) -> dict[Path, list[str]]:
    files = [folder / EMPTY for folder in folders if (folder / EMPTY).exists()]
    if not files:
        return {}
    rows = connection.execute(
        "select file_name, name from parquet_schema(["
        f"{', '.join(map(exact_path, files))}]) where num_children is null"
    ).fetchall()
    found: dict[Path, list[str]] = {}
    for file, name in rows:
        found.setdefault(Path(file).parent, []).append(name)
    return found


def _empty(columns: dict[str, str]) -> str:
    fields = ", ".join(
        f"cast(null as {kind}) as {identifier(name)}" for name, kind in columns.items()
    )
    return f"select {fields} where false"


def write_parquet(
    connection: duckdb.DuckDBPyConnection, home: Home, query: str, target: Path
) -> None:
    """Make ``target`` hold the query's rows: written aside, synced, then renamed."""
    aside = home.scratch / f"{target.parent.name}.{target.name}"
    copy_to_parquet(connection, query, aside)
    commit_files({aside: target})


def copy_to_parquet(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path
) -> None:
    """Write the query's rows to a work file."""
    connection.execute(f"copy ({query}) to {quoted(path)} (format parquet)")


def commit_files(moves: dict[Path, Path]) -> None:
    """Move finished scratch files to their places; a crash shows each whole or not."""
    for aside in moves:
        sync(aside)
    folders = {target.parent for target in moves.values()}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for aside, target in moves.items():
        os.replace(aside, target)  # noqa: PTH105 - the atomic rename is meant
    for folder in folders:
        sync(folder)


def register_views(home: Home) -> None:
    """Show the lake as schema ``raw`` of the warehouse: what dbt's sources read.

    A document's rows count from the moment its ledger entry exists, so every view
    joins the ledger; how new the delivery is comes from there too. Where a file
    stores no line numbers, every line after the header is a row of it, in order.
    """
    try:
        connection = duckdb.connect(str(home.warehouse))
    except duckdb.IOException as error:
        is_held = "lock" in str(error).lower()
        why = "another program holds it" if is_held else str(error).splitlines()[0]
        raise HomeError(
            f"The warehouse {home.warehouse} cannot be opened: {why}. Close what uses "
            "it, then run again."
        ) from error
    with connection:
        connection.execute("create schema if not exists raw")
        for name, query in view_queries(home).items():
            connection.execute(f"create or replace view raw.{name} as {query}")


def view_queries(home: Home) -> dict[str, str]:
    """Return the query behind each view of schema ``raw``."""
    ledger = _files(ledger_folder(home))
    queries = {
        "landing_files": _select(LEDGER, ledger),
        "landing_rejects": _select(REJECTS, _files(home.quarantine))
        + f" where file_key in (select file_key from {ledger} where status = 'landed')",
        "holidays": f"select * from read_parquet({exact_path(holidays_file(home))})",
    }
    for spec in load_specs():
        names = {name: f"lake.{identifier(name)}" for name in lake_columns(spec)}
        names["_line_number"] = (
            "coalesce(lake._line_number, lake.file_row_number + 2) as _line_number"
        )
        fields = ", ".join(names.values())
        queries[spec.table] = (
            f"select {fields}, ledger.as_of as _as_of "
            f"from {_files(home.lake / spec.table)} as lake "
            f"inner join {ledger} as ledger on lake._file_key = ledger.file_key "
            "where ledger.status = 'landed'"
        )
    return queries


def _select(columns: dict[str, str], source: str) -> str:
    return f"select {', '.join(map(identifier, columns))} from {source}"


def _files(folder: Path) -> str:
    # By name: a table that has gained a column still reads its older files.
    pattern = f"{exact_path(folder)[:-1]}/*.parquet'"
    return f"read_parquet({pattern}, union_by_name = true, hive_partitioning = false)"
