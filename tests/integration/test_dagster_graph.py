"""What Dagster shows: every asset, in its group, joined from file to published mart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.running.run import RunOutcome
from orchestration.settings import PROJECT_ROOT
from tests.list_assets import lines

LISTED = Path(__file__).parents[1] / "fixtures" / "assets.txt"


@pytest.fixture(scope="module")
def definitions(demo_run: RunOutcome) -> dg.Definitions:
    from orchestration.definitions import defs

    return defs


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> Any:
    return definitions.resolve_asset_graph()


def groups(graph: Any) -> dict[str, str]:
    return {
        key.to_user_string(): graph.get(key).group_name
        for key in graph.get_all_asset_keys()
    }


def test_no_asset_is_lost_or_moves_unnoticed(graph: Any) -> None:
    """A lost asset has no symptom of its own: the list is kept in a file."""
    listed = LISTED.read_text(encoding="utf-8").splitlines()
    assert lines(graph) == listed, (
        "the assets have changed; if that is meant: "
        "python -m tests.list_assets > tests/fixtures/assets.txt"
    )


def test_every_asset_is_in_the_group_of_its_layer(graph: Any) -> None:
    layers = dict.fromkeys(("amazon_sp", "operations", "landing", "calendar"), "raw")
    layers |= dict.fromkeys(("dashboard", "dbt_docs", "monthly_report"), "reading")
    for key, group in groups(graph).items():
        first = key.split("/")[0]
        assert group == layers.get(first, first), key


def test_a_file_is_the_ancestor_of_the_published_scorecard(graph: Any) -> None:
    scorecard = dg.AssetKey(["published", "kpi_scorecard_by_seller_month"])
    upstream = dg.AssetSelection.assets(scorecard).upstream().resolve(graph)
    names = {key.to_user_string() for key in upstream}
    for report in ("mfn_returns", "fba_returns", "all_orders", "settlements_v2"):
        assert f"amazon_sp/{report}" in names
    layers = {name.split("/")[0] for name in names}
    assert {"amazon_sp", "staging", "intermediate", "facts", "marts"} <= layers
    assert "reference/score_curves" in names


def test_every_asset_is_materializable_described_and_owned(graph: Any) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.is_materializable, f"{key} is a source that nothing lands"
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key


def test_every_suite_guards_an_asset_that_exists(
    definitions: dg.Definitions, graph: Any
) -> None:
    gate = {key for key in graph.asset_check_keys if key.name == "expectations"}
    assert gate
    known = graph.get_all_asset_keys()
    assert {key.asset_key for key in gate} <= set(known)


def test_data_tests_are_checks(graph: Any) -> None:
    """A singular test that names no model is silently no check."""
    import json

    from orchestration.settings import home_from_environment
    from orchestration.transformation.parsing import manifest_path

    manifest = json.loads(manifest_path(home_from_environment()).read_text())
    tests = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    }
    checks = {key.name for key in graph.asset_check_keys}
    assert tests - checks == set()


def test_loading_the_definitions_imports_neither_dbt_nor_great_expectations(
    demo_run: RunOutcome,
) -> None:
    check = (
        "import sys, orchestration.definitions;"
        "heavy = {'great_expectations', 'dbt.cli.main', 'pandas'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=PROJECT_ROOT,
        env={**__import__("os").environ, "RETURNS_HOME": str(demo_run.home.root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
