"""``returns postgres`` and the asset, with a database named and without."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.postgres.assets import postgres
from orchestration.publication.publish import publish
from orchestration.settings import Home, use_home
from tests.small_home import built_and_gated, make_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = make_home(tmp_path / "home")
    built_and_gated(home, "b1")
    publish(home)
    use_home(home)
    return home


def test_the_command_publishes_and_then_finds_it_there(
    home: Home, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETURNS_POSTGRES_URL", database)
    words = ["postgres", "--home", str(home.root)]
    first, second = (CliRunner().invoke(main, words) for _ in range(2))
    assert first.exit_code == second.exit_code == 0, first.output + second.output
    assert "Published v1-b1" in first.output
    assert "already shows v1-b1" in second.output
    password = database.split(":")[2].split("@")[0]
    assert password not in first.output + second.output


def test_without_a_database_the_command_says_so(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RETURNS_POSTGRES_URL", raising=False)
    result = CliRunner().invoke(main, ["postgres", "--home", str(home.root)])
    assert result.exit_code == 1
    assert "RETURNS_POSTGRES_URL does not name a database" in result.output


@pytest.mark.parametrize("is_named", [True, False])
def test_the_asset_is_made_where_a_database_is_named(
    home: Home, database: str, monkeypatch: pytest.MonkeyPatch, is_named: bool
) -> None:
    monkeypatch.setenv("RETURNS_POSTGRES_URL", database if is_named else "")
    result = dg.materialize([postgres])
    assert result.success
    made = [event.asset_key for event in result.get_asset_materialization_events()]
    assert made == [dg.AssetKey(["postgres", "marts"])] * is_named
