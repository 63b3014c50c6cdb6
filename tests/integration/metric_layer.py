"""MetricFlow on a warehouse, in this process: its command line takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.semantic_manifest import SemanticManifest
from metricflow.data_table.mf_table import MetricFlowDataTable
from metricflow.engine.metricflow_engine import (
    MetricFlowEngine,
    MetricFlowQueryRequest,
)
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

Key = tuple[Any, ...]


class Client:
    """What MetricFlow asks of a database, on a DuckDB file that nobody may change."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def __init__(self, warehouse: Path) -> None:
        self.connection = duckdb.connect(warehouse, read_only=True)

    def query(self, stmt: str, sql_bind_parameter_set: Any = None) -> Any:
        found = self.connection.execute(stmt)
        names = [column[0] for column in found.description]
        return MetricFlowDataTable.create_from_rows(names, found.fetchall())


class MetricLayer:
    """The metrics of a parsed project, answered from a warehouse."""

    def __init__(self, parsed: Path, warehouse: Path) -> None:
        manifest = Manifest.from_msgpack(parsed.read_bytes())
        semantic = SemanticManifest(manifest)._get_pydantic_semantic_manifest()
        lookup = SemanticManifestLookup(
            parse_manifest_from_dbt_generated_manifest(
                manifest_json_string=semantic.json()
            )
        )
        self.client = Client(warehouse)
        self._engine = MetricFlowEngine(lookup, self.client)

    def ask(self, metric: str, by: Sequence[str]) -> dict[Key, float]:
        """Return a metric's values, grouped as asked; where it has none, no row."""
        names, rows = self._rows(metric_names=[metric], group_by_names=list(by))
        # MetricFlow has an order of columns of its own.
        places = [names.index(name) for name in by]
        value = names.index(metric)
        return {
            tuple(_plain(row[place]) for place in places): float(row[value])
            for row in rows
            if row[value] is not None
        }

    def ask_saved(self, name: str) -> tuple[Sequence[str], list[Key]]:
        """Return the columns and rows of a saved query."""
        return self._rows(saved_query_name=name)

    def _rows(self, **query: Any) -> tuple[Sequence[str], list[Key]]:
        request = MetricFlowQueryRequest.create(**query)
        table = self._engine.query(request).result_df
        assert table is not None
        return table.column_names, list(table.rows)


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value
