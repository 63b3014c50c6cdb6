"""The property files describe the columns that the tables have, all and no others.

Contracts hold that for facts and marts while they are built; a column that staging,
intermediate or a seed has lost stays described for ever unless somebody compares.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from orchestration.transformation.parsing import manifest_path

Columns = dict[str, set[str]]
LAYERS = {"reference", "staging", "intermediate", "facts", "marts"}


def documented(manifest: Path) -> Columns:
    """Return the described columns of every model and seed, as ``layer.name``."""
    return {
        f"{node['schema']}.{node['alias']}": set(node["columns"])
        for node in json.loads(manifest.read_text())["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }


def built(warehouse: Path) -> Columns:
    """Return the columns of every table and view of the warehouse's layers."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select table_schema || '.' || table_name, list(column_name)"
            " from information_schema.columns"
            " where list_contains(?, table_schema) group by all",
            [sorted(LAYERS)],
        ).fetchall()
    return {name: set(columns) for name, columns in rows}


@pytest.fixture(scope="module")
def columns(demo_run: RunOutcome) -> tuple[Columns, Columns]:
    home = demo_run.home
    return documented(manifest_path(home)), built(home.warehouse)


def test_every_table_is_a_described_model_and_the_other_way_round(
    columns: tuple[Columns, Columns],
) -> None:
    described, tables = columns
    assert {name.split(".")[0] for name in tables} == LAYERS
    assert set(described) == set(tables)


def test_described_columns_are_those_of_the_table(
    columns: tuple[Columns, Columns],
) -> None:
    described, tables = columns
    drifts = {
        name: {
            "described, not built": sorted(described[name] - built_columns),
            "built, not described": sorted(built_columns - described[name]),
        }
        for name, built_columns in tables.items()
        if name in described and described[name] != built_columns
    }
    assert drifts == {}
