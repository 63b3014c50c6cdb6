"""What dbt describes becomes comments of the tables that are published."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.publication.descriptions import Descriptions, from_dbt
from orchestration.publication.warehouse import Source


def node(kind: str, schema: str, name: str, **columns: str) -> dict[str, object]:
    return {
        "resource_type": kind,
        "schema": schema,
        "name": name,
        "description": f" What {name} is. ",
        "columns": {
            column: {"name": column, "description": text}
            for column, text in columns.items()
        },
    }


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    described = {
        "nodes": {
            "model.fct_returns": node(
                "model", "facts", "fct_returns", sku="The 'sku'.", gone="Not there."
            ),
            "seed.marketplaces": node("seed", "reference", "marketplaces", code=""),
            "test.not_null": {**node("test", "facts", "fct_returns"), "columns": {}},
        },
        "sources": {"source.files": node("source", "raw", "landing_files")},
    }
    path.write_text(json.dumps(described))
    return path


def test_models_seeds_and_sources_are_described(manifest: Path) -> None:
    found = from_dbt(manifest)
    assert found.tables == {
        "facts.fct_returns": "What fct_returns is.",
        "reference.marketplaces": "What marketplaces is.",
        "raw.landing_files": "What landing_files is.",
    }
    assert found.columns["facts.fct_returns"] == {
        "sku": "The 'sku'.",
        "gone": "Not there.",
    }
    assert found.columns["reference.marketplaces"] == {}


def test_without_dbts_manifest_nothing_is_described(tmp_path: Path) -> None:
    assert from_dbt(tmp_path / "manifest.json") == Descriptions()


def test_comments_are_for_what_is_published_only(manifest: Path) -> None:
    sources = [Source("facts", "fct_returns")]
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as published")
        connection.execute("create schema published.marts")
        connection.execute("create table published.marts.fct_returns (sku varchar)")
        there = {("fct_returns", "sku")}
        for statement in from_dbt(manifest).statements(sources, there):
            connection.execute(statement)
        comments = connection.execute(
            "select comment from duckdb_tables() union all"
            " select comment from duckdb_columns() where schema_name = 'marts'"
        ).fetchall()
    assert comments == [("What fct_returns is.",), ("The 'sku'.",)]
