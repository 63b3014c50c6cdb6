"""The project's models as plain SQL: built on a small lake in a second or two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.lake import view_queries
from orchestration.settings import PROJECT_ROOT, Home

# What a row of these columns says of the run that landed it, not of the files.
OF_THE_RUN = {"landed_at"}


@dataclass(frozen=True)
class Model:
    """One model as dbt compiled it."""

    schema: str
    name: str
    is_view: bool
    sql: str


def compile_models(home: Home, target: Path) -> list[Model]:
    """Return every model in an order in which they can be built."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    places = [
        *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target-path", str(target), "--log-path", str(target)),
    ]
    only = ["--select", "resource_type:model", "--threads", "1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETURNS_HOME", str(home.root))
        try:
            outcome = dbtRunner().invoke(["--quiet", "compile", *only, *places])
        finally:
            DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    nodes = [result.node for result in outcome.result.results]
    return [
        Model(
            node.schema,
            node.name,
            node.config.materialized == "view",
            node.compiled_code,
        )
        for node in nodes
    ]


def build_models(
    models: list[Model], home: Home, warehouse: Path
) -> duckdb.DuckDBPyConnection:
    """Build the models on a home's lake, with the seeds of another home's warehouse."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("attach ':memory:' as warehouse")
    connection.execute(f"attach '{warehouse}' as built (read_only)")
    connection.execute("use warehouse")
    for schema in {"raw", "reference", *(model.schema for model in models)}:
        connection.execute(f"create schema {schema}")
    for name, query in view_queries(home).items():
        connection.execute(f"create view raw.{name} as {query}")
    seeds = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = 'built' and schema_name = 'reference'"
    ).fetchall()
    for (seed,) in seeds:
        connection.execute(
            f"create table reference.{seed} as from built.reference.{seed}"
        )
    for model in models:
        kind = "view" if model.is_view else "table"
        connection.execute(f"create {kind} {model.schema}.{model.name} as {model.sql}")
    return connection


def digests(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Return number and digest of the rows of facts and marts, whatever their order."""
    found = {}
    tables = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index)"
        " from duckdb_columns() where database_name = 'warehouse'"
        " and schema_name in ('facts', 'marts') group by all order by all"
    ).fetchall()
    for schema, table, columns in tables:
        kept = ", ".join(f'"{name}"' for name in columns if name not in OF_THE_RUN)
        row = connection.execute(
            "select count(*), md5(coalesce(string_agg(line, '|' order by line), ''))"
            f" from (select cast(row({kept}) as varchar) as line"
            f" from {schema}.{table}) as lines"
        ).fetchone()
        assert row is not None
        found[f"{schema}.{table}"] = row
    return found
