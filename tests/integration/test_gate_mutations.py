"""Each expectation notices what it is there for, and only that."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from expectations.runner import examine
from expectations.suites import SUITES, load_suites
from orchestration.running.run import RunOutcome
from orchestration.settings import Home
from tests.integration.gate_mutations import MUTATIONS

EXPECTATIONS = {
    (suite.name, expectation.name)
    for suite in load_suites()
    for expectation in suite.expectations
}


@pytest.fixture(scope="module")
def good(demo_run: RunOutcome, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The tables the gate asks about, and as publication: small, quickly copied."""
    home = Home(tmp_path_factory.mktemp("good"))
    version = home.published / "v1-00000000"
    version.mkdir(parents=True)
    (home.published / "current").symlink_to(version.name)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo_run.home.warehouse}' as origin (read_only)")
        connection.execute(f"attach '{home.warehouse}' as warehouse")
        connection.execute(f"attach '{version / 'marts.duckdb'}' as published")
        connection.execute("create schema published.marts")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'origin'"
            " and schema_name in ('facts', 'marts', 'meta')"
        ).fetchall()
        for schema in ("facts", "marts", "meta"):
            connection.execute(f"create schema warehouse.{schema}")
        for schema, table in tables:
            source = f"from origin.{schema}.{table}"
            connection.execute(f"create table warehouse.{schema}.{table} as {source}")
            connection.execute(f"create table published.marts.{table} as {source}")
        # the month the generator leaves out is a true warning: as if it had landed
        for place in ("warehouse.marts", "published.marts"):
            connection.execute(
                f"update {place}.kpi_data_coverage_by_seller_month"
                " set coverage_share = 1 where month_start_date = '2026-03-01'"
                " and coverage_measure = 'days_in_jp_of_all_orders'"
            )
    return home


def copied(good: Home, root: Path) -> Home:
    shutil.copytree(good.root, root, symlinks=True)
    return Home(root)


def mutate(home: Home, sql: str) -> None:
    published = (home.published / "current" / "marts.duckdb").resolve()
    with duckdb.connect(home.warehouse) as connection:
        connection.execute(f"attach '{published}' as published")
        changed = [
            connection.execute(statement).fetchall()[0][0]
            for statement in sql.split(";")
            if statement.strip()
        ]
    assert all(changed), "the mutation changes nothing"


def only(suite: str, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(SUITES / f"{suite}.yml", folder)
    return folder


def test_every_expectation_has_a_mutation() -> None:
    assert set(MUTATIONS) == EXPECTATIONS


def test_good_data_pass_every_expectation(good: Home) -> None:
    report = examine(good)
    answers = {(r.suite, r.expectation): r.status for r in report.results}
    assert {key for key, status in answers.items() if status != "passed"} == set()
    assert set(answers) == EXPECTATIONS
    assert report.passed


@pytest.mark.parametrize(("suite", "name"), sorted(EXPECTATIONS))
def test_a_mutation_breaks_exactly_its_expectation(
    suite: str, name: str, good: Home, tmp_path: Path
) -> None:
    home = copied(good, tmp_path / "home")
    mutate(home, MUTATIONS[suite, name])
    report = examine(home, folder=only(suite, tmp_path / "suites"))
    broken = [result for result in report.results if result.status != "passed"]
    assert [(result.expectation, result.status) for result in broken] == [
        (name, "failed")
    ]
    assert broken[0].unexpected_count and broken[0].sample
    assert report.passed is (broken[0].severity == "warning")
