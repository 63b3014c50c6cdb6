"""What may be published, what a version holds, and how to go back."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from orchestration.publication.errors import PublicationError, PublicationRefused
from orchestration.publication.publish import publish
from orchestration.publication.versions import (
    current,
    list_versions,
)
from orchestration.settings import Home
from tests.small_home import build, built_and_gated, make_home, names, pass_gate, read


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


def test_a_version_holds_every_published_table_twice(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1", rows=3)
    publication = publish(home)
    assert publication.version == "v1-aaaa1111"
    assert publication.is_new and publication.is_current
    assert publication.row_counts == {
        "fct_refunds": 3,
        "fct_returns": 3,
        "kpi_return_rate_by_sku_month": 3,
        "landing_files": 1,
        "landing_rejects": 1,
        "marketplaces": 3,
        "publication": 1,
        "publication_checks": len(pass_gate(home, "aaaa1111-1").results),
    }
    for table, rows in publication.row_counts.items():
        parquet = publication.path / "parquet" / f"{table}.parquet"
        assert read(home, f"select count(*) from {table}") == [(rows,)]
        assert duckdb.read_parquet(str(parquet)).count("*").fetchall() == [(rows,)]
    assert read(home, "select version, build_id from publication") == [
        ("v1-aaaa1111", "aaaa1111-1")
    ]


def test_the_file_opened_by_itself_answers_to_its_full_names(home: Home) -> None:
    """Catalog and schema are both called ``marts``: the README says how to write it."""
    built_and_gated(home, "aaaa1111-1", rows=3)
    marts = publish(home).path / "marts.duckdb"
    with duckdb.connect(marts, read_only=True) as connection:
        query = "select count(*) from marts.marts.fct_returns"
        assert connection.execute(query).fetchall() == [(3,)]


def test_by_its_other_name_the_file_answers_to_what_drivers_write(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1", rows=3)
    file = publish(home).path / "returns.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        query = "select count(*) from marts.fct_returns"
        assert connection.execute(query).fetchall() == [(3,)]
    engine = sa.create_engine(
        f"duckdb:///{file}", connect_args={"read_only": True}, poolclass=sa.NullPool
    )
    table = sa.table("fct_returns", schema="marts")
    with engine.connect() as session:
        counted = session.execute(sa.select(sa.func.count()).select_from(table))
        assert counted.scalar() == 3


def test_no_log_is_left_and_files_are_read_only(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    path = publish(home).path
    assert names(path) == {
        "marts.duckdb",
        "returns.duckdb",
        "manifest.json",
        "parquet",
    }
    files = [file for file in path.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o444}


def test_the_manifest_tells_what_can_be_checked(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    path = publish(home).path
    manifest = json.loads((path / "manifest.json").read_text())
    assert set(manifest["files"]) == {
        str(file.relative_to(path))
        for file in path.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    }
    for name, file in manifest["files"].items():
        content = (path / name).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)
    assert manifest["gate"]["passed"] is True
    assert manifest["tables"]["fct_returns"]["source"] == "facts.fct_returns"


def test_descriptions_of_dbt_are_comments(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    node = {
        "schema": "facts",
        "name": "fct_returns",
        "resource_type": "model",
        "description": "One row is one returned line; it's described.",
        "columns": {"line": {"name": "line", "description": "Position."}},
    }
    home.dbt_target.mkdir()
    others = ("sources", "metrics", "saved_queries", "exposures")
    manifest = {"nodes": {"model.x.fct_returns": node}, **{key: {} for key in others}}
    (home.dbt_target / "manifest.json").write_text(json.dumps(manifest))
    publish(home)
    assert read(
        home, "select comment from duckdb_tables() where table_name = 'fct_returns'"
    ) == [(node["description"],)]
    assert read(
        home,
        "select comment from duckdb_columns()"
        " where table_name = 'fct_returns' and column_name = 'line'",
    ) == [("Position.",)]


def test_publishing_the_same_build_again_changes_nothing(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    first = publish(home)
    again = publish(home)
    assert (again.version, again.is_new) == (first.version, False)
    assert len(list_versions(home)) == 1


def test_without_a_gate_result_nothing_is_published(home: Home) -> None:
    build(home, "aaaa1111-1")
    with pytest.raises(PublicationRefused, match="has not seen the newest build"):
        publish(home)
    assert current(home) is None


def test_a_newer_build_needs_its_own_gate_result(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    publish(home)
    build(home, "bbbb2222-1")
    with pytest.raises(PublicationRefused, match="newest build bbbb2222-1"):
        publish(home)
    assert read(home, "select distinct build_id from fct_returns") == [("aaaa1111-1",)]


def test_a_failed_gate_keeps_the_last_good_version(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    publish(home)
    build(home, "bbbb2222-1")
    pass_gate(home, "bbbb2222-1", passed=False, reason="Returns vanished.")
    with pytest.raises(PublicationRefused, match="Returns vanished"):
        publish(home)
    assert read(home, "select distinct build_id from fct_returns") == [("aaaa1111-1",)]


def test_a_write_after_the_gate_refuses(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("update facts.fct_returns set noise = 'changed by hand'")
    with pytest.raises(PublicationRefused, match="changed after the gate"):
        publish(home)


def test_a_touched_warehouse_of_the_same_size_refuses(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    later = home.warehouse.stat().st_mtime_ns + 1
    os.utime(home.warehouse, ns=(later, later))
    with pytest.raises(PublicationRefused, match="changed after the gate"):
        publish(home)


def test_suites_edited_after_the_gate_refuse(home: Home) -> None:
    build(home, "aaaa1111-1")
    pass_gate(home, "aaaa1111-1", suites_sha256="of other suites")
    with pytest.raises(PublicationRefused, match="suites changed"):
        publish(home)


def test_a_result_that_skips_questions_refuses(home: Home) -> None:
    build(home, "aaaa1111-1")
    pass_gate(home, "aaaa1111-1", results=[])
    with pytest.raises(PublicationRefused, match="not answer every question"):
        publish(home)


def test_a_result_copied_from_another_build_refuses(home: Home) -> None:
    build(home, "aaaa1111-1")
    pass_gate(home, "aaaa1111-1")
    build(home, "bbbb2222-1")
    (home.gate / "aaaa1111-1.json").rename(home.gate / "bbbb2222-1.json")
    with pytest.raises(PublicationRefused, match="of another build"):
        publish(home)


def test_a_damaged_result_refuses(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    (home.gate / "aaaa1111-1.json").write_text('{"passed": true}')
    with pytest.raises(PublicationRefused, match="damaged"):
        publish(home)


def test_a_missing_or_unbuilt_warehouse_refuses(tmp_path: Path) -> None:
    with pytest.raises(PublicationRefused, match="no warehouse yet"):
        publish(Home(tmp_path / "empty"))
    with pytest.raises(PublicationRefused, match="No build is recorded"):
        publish(make_home(tmp_path / "unbuilt"))


def test_a_warehouse_locked_by_a_writer_refuses(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    script = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held');"
        "sys.stdout.flush(); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(PublicationRefused, match="cannot be read now"):
            publish(home)
        writer.communicate()


def test_an_error_while_writing_leaves_nothing_behind(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_and_gated(home, "aaaa1111-1")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("orchestration.publication.publish.manifest", full)
    with pytest.raises(PublicationError, match="No space left on device"):
        publish(home)
    assert names(home.published) == {".lock"}
