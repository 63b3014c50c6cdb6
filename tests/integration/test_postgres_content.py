"""What PostgreSQL holds after a publication: every value, type, key and comment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from psycopg import errors, sql

from orchestration.postgres.errors import PostgresError
from orchestration.postgres.publish import publish_to_postgres
from orchestration.postgres.target import Target, target_from
from orchestration.publication.publish import publish
from orchestration.publication.versions import current, rollback
from orchestration.running.run import RunOutcome
from orchestration.settings import Home
from tests.integration.postgres_server import Server
from tests.small_home import build, built_and_gated, make_home, pass_gate

HARD = {
    "text": (
        "varchar",
        ["'a\\.b'", "''", "null", "'\\N'", "'\"x\", y'", "' two '", "'退货原因 😀'"],
    ),
    "lines": ("varchar", ["e'one\\n\\\\.\\ntwo'", "e'\\r\\n'", "null", "''", "'\\.'"]),
    "exact": ("decimal(28,12)", ["1.1", "-0.000000000001", "null", "9e15"]),
    "huge": ("hugeint", ["170141183460469231731687303715884105727", "null"]),
    "inexact": ("double", ["0.1::double + 0.2", "1e-300", "'nan'", "'inf'", "null"]),
    "yes": ("boolean", ["true", "false", "null"]),
    "day": ("date", ["'2026-03-29'", "null", "'1900-01-01'", "'9999-12-31'"]),
    "moment": ("timestamp", ["'2026-03-29 02:30:00.123456'", "null"]),
    "instant": ("timestamptz", ["'2026-03-29 02:30:00+02'", "null"]),
    "bytes": ("blob", ["'\\x00\\xff'::blob", "null", "''::blob"]),
    "number": ("ubigint", ["18446744073709551615", "null"]),
    "word": ("enum('a', 'b')", ["'a'", "null"]),
}

READ_AS_TEXT = {"instant"}  # DuckDB needs another package to give an instant to Python


@pytest.fixture
def target(database: str) -> Target:
    return target_from(database, "returns_reader")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture(scope="module")
def loaded(
    demo_run: RunOutcome, postgres_server: Server
) -> Iterator[tuple[duckdb.DuckDBPyConnection, psycopg.Connection]]:
    """The demo's version in the file and in PostgreSQL."""
    url = postgres_server.new_database()
    outcome = publish_to_postgres(demo_run.home, target_from(url, "returns_reader"))
    assert not outcome.notes
    shown = current(demo_run.home)
    assert shown
    with duckdb.connect() as file, psycopg.connect(url, autocommit=True) as database:
        file.execute("set TimeZone = 'UTC'")
        file.execute(f"attach '{shown.path / 'marts.duckdb'}' as returns (read_only)")
        file.execute("use returns.marts")
        database.execute("set search_path = marts")
        database.execute("set TimeZone = 'UTC'")
        yield file, database


def tables(file: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in file.execute("show tables").fetchall()]


def test_every_row_of_the_demo_arrives_as_it_is(
    loaded: tuple[duckdb.DuckDBPyConnection, psycopg.Connection],
) -> None:
    file, database = loaded
    assert len(tables(file)) > 200
    for name in tables(file):
        there = database.execute(
            sql.SQL("select * from {}").format(sql.Identifier(name))
        )
        expected = file.execute(f'select * from "{name}"').fetchall()
        assert sorted(map(repr, there)) == sorted(map(repr, expected)), name


def test_tables_have_their_keys_and_comments(
    loaded: tuple[duckdb.DuckDBPyConnection, psycopg.Connection],
) -> None:
    file, database = loaded
    keyed = database.execute(
        "select c.relname from pg_constraint k join pg_class c on c.oid = k.conrelid"
        " where k.contype = 'p' and k.connamespace = 'marts'::regnamespace"
    )
    # The ledger and what the publication says of itself have none.
    without = {*tables(file)} - {name for (name,) in keyed}
    assert without == {
        "landing_files",
        "landing_rejects",
        "publication",
        "publication_checks",
    }
    related = database.execute(
        "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint"
        " where contype = 'f' and convalidated"
    ).fetchall()
    assert ("fct_returns", "fct_order_lines") in related
    assert ("fct_returns", "dim_return_reasons") not in related, "its test only warns"
    commented = "select table_name, column_name, comment from duckdb_columns()"
    for table, column, comment in file.execute(
        f"{commented} where comment <> ''"
    ).fetchall():
        said = database.execute(
            "select col_description(%s::regclass, attnum) from pg_attribute"
            " where attrelid = %s::regclass and attname = %s",
            [table, table, column],
        ).fetchone()
        assert said and said[0].removesuffix(" (UTC)") == comment, (table, column)


def test_hard_values_arrive_exactly(home: Home, target: Target, database: str) -> None:
    build(home, "b1")
    with duckdb.connect(home.warehouse) as warehouse:
        warehouse.execute("set TimeZone = 'UTC'")
        for name, (kind, values) in HARD.items():
            rows = ", ".join(f"({number}, {v})" for number, v in enumerate(values))
            warehouse.execute(
                f"create table facts.{name} as select cast(v as {kind}) as v"
                f" from (values {rows}) as t (n, v) order by n"
            )
    pass_gate(home, "b1")
    publish(home)
    publish_to_postgres(home, target)
    with (
        duckdb.connect(
            home.published / "current" / "returns.duckdb", read_only=True
        ) as file,
        psycopg.connect(database) as connection,
    ):
        file.execute("set TimeZone = 'UTC'")
        connection.execute("set TimeZone = 'UTC'")
        for name in HARD:
            value = "cast(v as varchar)" if name in READ_AS_TEXT else "v"
            expected = file.execute(f"select {value} from marts.{name}").fetchall()
            text = "cast(v as text)" if name in READ_AS_TEXT else "v"
            there = connection.execute(f"select {text} from marts.{name}").fetchall()
            assert [str(v) for (v,) in there] == [str(v) for (v,) in expected], name


def test_readers_may_read_and_no_more(
    home: Home, target: Target, database: str
) -> None:
    built_and_gated(home, "b1")
    publish(home)
    for build_id in ("b2", "b3"):
        publish_to_postgres(home, target)
        built_and_gated(home, build_id)
        publish(home)
    publish_to_postgres(home, target)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set role returns_reader")
        found = connection.execute("select distinct build_id from marts.fct_returns")
        assert found.fetchall() == [("b3",)]
        for forbidden in (
            "delete from marts.fct_returns",
            "create table marts.mine (a int)",
            "drop table marts.fct_returns",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_the_same_version_is_left_as_it_is(home: Home, target: Target) -> None:
    built_and_gated(home, "b1")
    publish(home)
    assert publish_to_postgres(home, target).is_new
    assert not publish_to_postgres(home, target).is_new
    assert publish_to_postgres(home, target, again=True).is_new


def test_a_rollback_comes_to_postgres_too(
    home: Home, target: Target, database: str
) -> None:
    for build_id in ("b1", "b2"):
        built_and_gated(home, build_id)
        publish(home)
        publish_to_postgres(home, target)
    rollback(home)
    assert publish_to_postgres(home, target).version == "v1-b1"
    with psycopg.connect(database) as connection:
        row = connection.execute("select version from marts.publication").fetchone()
        assert row == ("v1-b1",)


def test_somebody_elses_marts_are_not_touched(
    home: Home, target: Target, database: str
) -> None:
    built_and_gated(home, "b1")
    publish(home)
    with psycopg.connect(database) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.precious as select 1 as a")
    with pytest.raises(PostgresError, match="was not published from here"):
        publish_to_postgres(home, target)
    with psycopg.connect(database) as connection:
        assert connection.execute("select a from marts.precious").fetchone() == (1,)


def test_a_view_of_ones_own_keeps_its_version_and_is_named(
    home: Home, target: Target, database: str
) -> None:
    built_and_gated(home, "b1")
    publish(home)
    publish_to_postgres(home, target)
    with psycopg.connect(database) as connection:
        connection.execute("create view mine as select build_id from marts.fct_returns")
    built_and_gated(home, "b2")
    publish(home)
    (note,) = publish_to_postgres(home, target).notes
    assert "view mine depends on" in note
    with psycopg.connect(database) as connection:
        assert connection.execute("select distinct build_id from mine").fetchall() == [
            ("b1",)
        ]


def test_the_password_is_in_no_message(postgres_server: Server) -> None:
    wrong = f"postgresql://owner:s3cr3t-word@127.0.0.1:{postgres_server.port}/postgres"
    target = target_from(wrong, "returns_reader")
    assert "s3cr3t" not in repr(target)
    with pytest.raises(PostgresError) as failure, target.connected():
        pass
    assert "s3cr3t" not in str(failure.value)
    assert failure.value.__suppress_context__
    for unclear in (
        "postgresql://owner:s3cr3t@word@127.0.0.1/postgres",
        "postgresql://owner:s3cr3t/word@127.0.0.1/postgres",
        "postgresql://owner:s3cr3t%ord@127.0.0.1/postgres",
        "s3cr3t",
    ):
        with pytest.raises(PostgresError, match="is not of the form") as failure:
            target_from(unclear, "returns_reader")
        assert "s3cr3t" not in str(failure.value)
