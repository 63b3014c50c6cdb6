"""Six people read in six ways while one version follows the other: nobody sees two."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from orchestration.postgres import state
from orchestration.postgres.errors import ReadersBusyError
from orchestration.postgres.publish import publish_to_postgres
from orchestration.postgres.target import Target, target_from
from orchestration.publication.publish import publish
from orchestration.settings import Home
from tests.integration.postgres_readers import WAYS, reading
from tests.small_home import built_and_gated, make_home

VERSIONS = 6
ROWS = 3_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def target(database: str) -> Target:
    return target_from(database, "returns_reader")


def next_version(home: Home, build_id: str, rows: int = 10) -> None:
    built_and_gated(home, build_id, rows)
    publish(home)


def shown(database: str) -> str:
    with psycopg.connect(database) as connection:
        (row,) = connection.execute("select distinct build_id from marts.fct_returns")
        return str(row[0])


def test_readers_under_load_see_no_error_and_no_mixture(
    home: Home, target: Target, database: str
) -> None:
    builds = [f"b{number:02}" for number in range(VERSIONS)]
    next_version(home, builds[0], ROWS)
    publish_to_postgres(home, target)
    with reading(database) as told:
        for build_id in builds[1:]:
            next_version(home, build_id, ROWS)
            outcome = publish_to_postgres(home, target)
            assert not outcome.notes
    assert len(told) == len(WAYS)
    for seen in told:
        assert not seen.problems
        assert seen.reads > VERSIONS
        assert seen.versions == sorted(seen.versions)
    assert any(len(seen.versions) > 2 for seen in told), "nobody read in between"
    assert shown(database) == builds[-1]


def test_an_open_transaction_keeps_its_version_until_it_ends(
    home: Home, target: Target, database: str
) -> None:
    next_version(home, "one")
    publish_to_postgres(home, target)
    next_version(home, "two")
    with psycopg.connect(database, application_name="a forgotten tab") as reader:
        first = reader.execute("select distinct build_id from marts.fct_returns")
        assert first.fetchall() == [("one",)]
        with pytest.raises(ReadersBusyError, match="a forgotten tab"):
            publish_to_postgres(home, target, patience=0.2)
        second = reader.execute("select distinct build_id from marts.fct_refunds")
        assert second.fetchall() == [("one",)]
    outcome = publish_to_postgres(home, target)
    assert outcome.is_new
    assert outcome.rows == 0, "what was loaded already was loaded again"
    assert shown(database) == "two"


def test_forced_it_switches_and_says_who_was_reading(
    home: Home, target: Target, database: str
) -> None:
    next_version(home, "one")
    publish_to_postgres(home, target)
    next_version(home, "two")
    with psycopg.connect(database, application_name="a forgotten tab") as reader:
        reader.execute("select count(*) from marts.fct_returns")
        outcome = publish_to_postgres(home, target, patience=0.2, force=True)
        switched, stays = outcome.notes
        assert "a forgotten tab" in switched
        assert "stays for now" in stays
        assert shown(database) == "two"
    # What could not be cleared then is cleared by whoever comes next.
    assert not publish_to_postgres(home, target).notes
    with psycopg.connect(database) as connection:
        assert not state.retired_schemas(connection)


def test_a_transaction_that_looked_elsewhere_first_finds_whole_tables(
    home: Home, target: Target, database: str
) -> None:
    """Its snapshot is older than the rows: without FREEZE it would find none."""
    next_version(home, "one")
    publish_to_postgres(home, target)
    next_version(home, "two")
    with psycopg.connect(database) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("select count(*) from pg_class")
        publish_to_postgres(home, target)
        found = reader.execute(
            "select build_id, count(*) from marts.fct_returns group by 1"
        ).fetchall()
        assert found == [("two", 10)]
