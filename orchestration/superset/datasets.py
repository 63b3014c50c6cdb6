"""Published tables as Superset's datasets: columns, names, definitions, metrics."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.publication.warehouse import quoted
from orchestration.settings import PROJECT_ROOT
from orchestration.superset.assets import Assets
from orchestration.superset.metrics import BiMetric

_PROJECT = "returns_warehouse"
# The time of a table's rows, the first that it has: what a time filter cuts.
_TIMES = (
    "month_start_date",
    "order_month_start_date",
    "cohort_month_start_date",
    "queue_date",
    "received_date",
)
_TIME_TYPES = ("date", "timestamp")


@dataclass(frozen=True)
class Words:
    """Definitions of tables, columns and metrics in one language."""

    language: str
    columns_zh: Mapping[str, str]

    def definition(self, manifest: dict[str, Any], table: str) -> str:
        """Return what a table means: the mart's own definition."""
        node = relation(manifest, table)
        chinese = node["config"]["meta"].get("zh") if self.language == "zh" else None
        return str(chinese or node["description"]).strip()

    def metric(self, manifest: dict[str, Any], name: str) -> str:
        """Return a metric's name and what it means."""
        label, description = self.named(manifest, name)
        colon = "：" if self.language == "zh" else ": "
        return f"{label}{colon}{description}"

    def named(self, manifest: dict[str, Any], name: str) -> tuple[str, str]:
        """Return a metric's label and its description."""
        node = manifest["metrics"][f"metric.{_PROJECT}.{name}"]
        if self.language == "zh":
            told = node["config"]["meta"]["zh"]
            return told["label"], told["description"].strip()
        return node["label"], node["description"].strip()

    def column(self, name: str, description: str) -> str:
        """Return what a column means; those that recur are told in Chinese too."""
        chinese = self.columns_zh.get(name) if self.language == "zh" else None
        return (chinese or description).strip()

    def time_column(self, manifest: dict[str, Any], table: str) -> str | None:
        """Return the column that a time filter cuts, if the table has one."""
        columns = relation(manifest, table)["columns"]
        return next((name for name in _TIMES if name in columns), None)


def words_of(manifest: Path, language: str) -> tuple[Words, dict[str, Any]]:
    """Return the definitions in one language, and dbt's manifest that holds them."""
    folder = PROJECT_ROOT / "orchestration" / "dictionary"
    columns_zh = yaml.safe_load((folder / "columns.yml").read_text(encoding="utf-8"))
    told: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return Words(language, columns_zh), told


def relation(manifest: dict[str, Any], table: str) -> dict[str, Any]:
    """Return what dbt says of a published table.

    Raises:
        ValueError: no model or seed has that name.
    """
    for kind in ("model", "seed"):
        found = manifest["nodes"].get(f"{kind}.{_PROJECT}.{table}")
        if found is not None:
            node: dict[str, Any] = found
            return node
    raise ValueError(f"no table of the project is called {table}")


def dataset(
    manifest: dict[str, Any],
    table: str,
    metrics: Sequence[BiMetric],
    assets: Assets,
    words: Words,
) -> dict[str, Any]:
    """Return one table's dataset, without what identifies it."""
    columns = relation(manifest, table)["columns"].values()
    told = [_column(column, assets, words) for column in columns]
    named = [
        _coded(column["name"], assets)
        for column in columns
        if column["name"] in assets.codes
    ]
    return {
        "table_name": table,
        "description": words.definition(manifest, table),
        "main_dttm_col": words.time_column(manifest, table),
        "filter_select_enabled": True,
        "columns": [*told, *named, *_month(columns, assets)],
        "metrics": [_metric(metric, manifest, words) for metric in metrics],
    }


def _column(column: dict[str, Any], assets: Assets, words: Words) -> dict[str, Any]:
    name, data_type = column["name"], column["data_type"] or "varchar"
    is_time = data_type.lower().startswith(_TIME_TYPES)
    is_number = not is_time and data_type.lower() not in ("varchar", "boolean", "text")
    return {
        "column_name": name,
        "verbose_name": assets.labels.get(name),
        "description": words.column(name, column["description"]),
        "type": data_type.upper(),
        "is_dttm": is_time,
        "is_active": True,
        "groupby": not is_number,
        "filterable": True,
    }


def _coded(name: str, assets: Assets) -> dict[str, Any]:
    """Return a column that says a code's name, in words; an unknown code stays."""
    cases = " ".join(
        f"WHEN {quoted(code)} THEN {quoted(label)}"
        for code, label in assets.codes[name].items()
    )
    return {
        "column_name": f"{name}_label",
        "verbose_name": assets.labels.get(name),
        "expression": f"CASE {name} {cases} ELSE {name} END",
        "type": "VARCHAR",
        "is_dttm": False,
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }


def _month(columns: Iterable[dict[str, Any]], assets: Assets) -> list[dict[str, Any]]:
    """Return the month in letters: a filter offers it, which days are no good for."""
    if "month_start_date" not in {column["name"] for column in columns}:
        return []
    return [
        {
            "column_name": "month_label",
            "verbose_name": assets.labels.get("month_start_date"),
            "expression": "SUBSTR(CAST(month_start_date AS VARCHAR), 1, 7)",
            "type": "VARCHAR",
            "is_dttm": False,
            "is_active": True,
            "groupby": True,
            "filterable": True,
        }
    ]


def _metric(metric: BiMetric, manifest: dict[str, Any], words: Words) -> dict[str, Any]:
    label, description = words.named(manifest, metric.name)
    return {
        "metric_name": metric.name,
        "verbose_name": label,
        "description": description,
        "metric_type": None,
        "expression": metric.sql,
        "d3format": metric.d3_format,
    }
