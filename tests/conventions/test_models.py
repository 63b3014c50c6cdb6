"""Names, layers, descriptions and types of the models, read off the manifest."""

from __future__ import annotations

import re
from typing import Any

import pytest

MAY_READ = {
    "staging": {"source", "seed"},
    "intermediate": {"staging", "intermediate", "seed"},
    "facts": {"staging", "intermediate", "facts", "seed"},
    "marts": {"facts", "marts"},
}
NAMES = {
    "staging": r"stg_[a-z]+(_[a-z]+)*__[a-z0-9_]+",
    "intermediate": r"int_[a-z_]+__[a-z0-9_]+",
    "facts": r"(fct|dim)_[a-z0-9_]+",
    "marts": r"kpi_[a-z0-9_]+_by_[a-z_]+_(day|week|month|year)",
}
# What a column's ending promises about its type.
TYPES = {
    r"_at$": r"timestamp",
    r"_date(_local)?$": r"date",
    r"^(is|has)_": r"boolean",
    r"_amount(_usd)?$": r"decimal\(18, ?2\)",
    r"_(quantity|count)$": r"bigint",
    r"_(rate|share)(_low|_high)?$": r"decimal\(9, ?6\)",
    r"_(id|key|code|type|status|name|text|class)$": r"varchar",
}
ABBREVIATIONS = {"qty", "amt", "cnt", "num", "pct", "avg", "dt", "ts", "mkt", "desc"}


def layer(node: dict[str, Any]) -> str:
    return "seed" if node["resource_type"] == "seed" else node["fqn"][1]


def columns(models: dict[str, Any], *layers: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, column)
        for name, node in sorted(models.items())
        if layer(node) in layers
        for column in node["columns"].values()
    ]


def test_there_are_models_in_every_layer(models: dict[str, Any]) -> None:
    assert {layer(node) for node in models.values()} == set(MAY_READ)


def test_models_are_named_after_their_layer(models: dict[str, Any]) -> None:
    wrong = [
        name
        for name, node in models.items()
        if not re.fullmatch(NAMES[layer(node)], name)
    ]
    assert not wrong


def test_layers_read_only_what_they_may(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    nodes = manifest["nodes"]
    wrong = [
        f"{name} reads {parent}"
        for name, node in models.items()
        for parent in node["depends_on"]["nodes"]
        if (layer(nodes[parent]) if parent in nodes else "source")
        not in MAY_READ[layer(node)]
    ]
    assert not wrong


def test_every_model_says_what_one_row_is(models: dict[str, Any]) -> None:
    wrong = [
        name
        for name, node in models.items()
        if not re.match(r"one row\b", node["description"], re.IGNORECASE)
    ]
    assert not wrong


def test_every_column_is_described(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    described = [*manifest["sources"].values(), *models.values()]
    described += [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]
    wrong = [
        f"{node['name']}.{column['name']}"
        for node in described
        for column in node["columns"].values()
        if not column["description"].strip()
    ]
    assert not wrong
    assert not [node["name"] for node in described if not node["columns"]]
    assert not [node["name"] for node in described if not node["description"]]


def test_facts_and_marts_state_every_type_in_an_enforced_contract(
    models: dict[str, Any],
) -> None:
    served = {n: m for n, m in models.items() if layer(m) in ("facts", "marts")}
    assert not [n for n, m in served.items() if not m["config"]["contract"]["enforced"]]
    untyped = [
        f"{name}.{column['name']}"
        for name, column in columns(models, "facts", "marts")
        if not column["data_type"]
    ]
    assert not untyped


@pytest.mark.parametrize("ending", TYPES)
def test_a_columns_name_tells_its_type(models: dict[str, Any], ending: str) -> None:
    wrong = [
        f"{name}.{column['name']}: {column['data_type']}"
        for name, column in columns(models, "facts", "marts")
        if re.search(ending, column["name"])
        and not re.fullmatch(TYPES[ending], column["data_type"] or "")
    ]
    assert not wrong


def test_money_stands_beside_its_currency(models: dict[str, Any]) -> None:
    wrong = [
        name
        for name, node in models.items()
        if layer(node) in ("facts", "marts")
        and any(column.endswith("_amount") for column in node["columns"])
        and "currency_code" not in node["columns"]
    ]
    assert not wrong


def test_names_are_words(models: dict[str, Any]) -> None:
    wrong = [
        f"{name}.{column['name']}"
        for name, column in columns(models, *MAY_READ)
        if ABBREVIATIONS & set(column["name"].split("_"))
    ]
    assert not wrong


def test_every_table_is_checked_as_it_is_made(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    made = [*models.values()]
    made += [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]
    unchecked = [
        node["name"]
        for node in made
        if "{{ assert_well_formed() }}"
        not in [hook["sql"] for hook in node["config"]["post-hook"]]
    ]
    assert not unchecked
    assert not [n["name"] for n in made if not n["config"]["meta"].get("primary_key")]


def test_every_fact_and_mart_with_a_rule_has_a_unit_test(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    tested = {unit_test["model"] for unit_test in manifest["unit_tests"].values()}
    wrong = [
        name
        for name in models
        if name.startswith(("fct_", "kpi_")) and name not in tested
    ]
    assert not wrong


def test_singular_tests_are_shown_at_their_model(manifest: dict[str, Any]) -> None:
    """Without the reference Dagster silently leaves the test out of its checks."""
    wrong = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and not node.get("test_metadata")
        and not node["config"]["meta"].get("dagster", {}).get("ref", {}).get("name")
    ]
    assert not wrong


def test_reference_data_is_dated_and_sourced(manifest: dict[str, Any]) -> None:
    wrong = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
        and not {"valid_from", "valid_to", "source"} <= set(node["columns"])
    ]
    assert not wrong
