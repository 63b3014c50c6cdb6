"""dbt's unit tests: one case each, on a warehouse of empty tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from orchestration.landing.lake import ensure_tables, register_views
from orchestration.settings import PROJECT_ROOT, Home

MODELS = PROJECT_ROOT / "dbt_project" / "models"


def declared() -> list[str]:
    """Return the names of all unit tests, without dbt: pytest collects by them."""
    return sorted(
        test["name"]
        for path in MODELS.rglob("*.yml")
        for test in (yaml.safe_load(path.read_text()) or {}).get("unit_tests", [])
    )


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home = Home(tmp_path_factory.mktemp("unit_tests"))
    ensure_tables(home)
    register_views(home)
    places = [
        *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target-path", str(home.dbt_target), "--log-path", str(home.dbt_target)),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETURNS_HOME", str(home.root))
        parsed = dbtRunner().invoke(["--quiet", "parse", *places])
        assert parsed.success, parsed.exception
        runner = dbtRunner(manifest=parsed.result)
        try:
            # A unit test reads the columns of what its model reads, not its rows.
            kinds = ["--resource-type", "seed", "--resource-type", "model"]
            built = runner.invoke(["--quiet", "build", "--empty", *kinds, *places])
            assert built.success, built.exception or failures(built.result)
            only = ["--resource-type", "unit_test"]
            tested = runner.invoke(["--quiet", "test", *only, *places])
        finally:
            DuckDBConnectionManager.close_all_connections()
    assert tested.result is not None, tested.exception
    yield {
        result.node.name: result
        for result in tested.result.results
        if result.node.resource_type == "unit_test"
    }


def failures(results: Any) -> list[str]:
    return [f"{r.node.name}: {r.message}" for r in results if r.status != "success"]


@pytest.mark.parametrize("name", declared())
def test_unit_test(name: str, results: dict[str, Any]) -> None:
    result = results[name]
    assert result.status == "pass", result.message


def test_every_unit_test_has_run(results: dict[str, Any]) -> None:
    assert sorted(results) == declared()
    assert len(results) > 50, "rules without unit tests"
