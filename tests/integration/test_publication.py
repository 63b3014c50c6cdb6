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

from orchestration.publication.errors import PublicationError, PublicationRefused
from orchestration.publication.publish import publish
from orchestration.publication.versions import (
    current,
    list_versions,
    retire,
    rollback,
)
from orchestration.settings import PROJECT_ROOT, Home
from tests.small_home import build, built_and_gated, make_home, pass_gate


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


def read(home: Home, query: str) -> list[tuple[object, ...]]:
    marts = home.published / "current" / "marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{marts}' as returns (read_only)")
        connection.execute("use returns.marts")
        return connection.execute(query).fetchall()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


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


def test_no_log_is_left_and_files_are_read_only(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    path = publish(home).path
    assert names(path) == {"marts.duckdb", "manifest.json", "parquet"}
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
    manifest = {"nodes": {"model.x.fct_returns": node}, "sources": {}}
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


def test_a_reader_keeps_its_file_while_the_next_version_appears(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    publish(home)
    marts = home.published / "current" / "marts.duckdb"
    with duckdb.connect(marts, read_only=True) as reader:
        built_and_gated(home, "bbbb2222-1")
        publish(home)
        query = "select distinct build_id from marts.marts.fct_returns"
        assert reader.execute(query).fetchall() == [("aaaa1111-1",)]
        # A reader that comes now, while the first still reads, sees the new one.
        fresh = [sys.executable, "-c", READ, str(marts), query]
        seen = subprocess.run(fresh, capture_output=True, text=True, check=True).stdout
        assert seen == "[('bbbb2222-1',)]\n"


READ = (
    "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
    "print(c.execute(sys.argv[2]).fetchall())"
)


def test_retention_keeps_the_newest_versions(home: Home) -> None:
    for number in range(1, 6):
        built_and_gated(home, f"{number}aaa0000-1")
        publish(home, keep=3)
    assert [found.number for found in list_versions(home)] == [5, 4, 3]


def test_retention_spares_what_readers_see_or_just_saw(home: Home) -> None:
    for number in range(1, 4):
        built_and_gated(home, f"{number}aaa0000-1")
        publish(home)
    rollback(home, "1")
    retire(home, keep=1, spared="v2-2aaa0000")
    assert [found.number for found in list_versions(home)] == [3, 2, 1]
    retire(home, keep=1)
    assert [found.number for found in list_versions(home)] == [3, 1]


def test_the_next_publisher_clears_up_after_a_dead_one(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    for name in (".building-1", ".retired-v1-x"):
        (home.published / name / "parquet").mkdir(parents=True)
    (home.published / ".current-1").symlink_to("nowhere")
    (home.published / ".rollback.json.1").touch()
    publish(home)
    assert names(home.published) == {".lock", "current", "v1-aaaa1111"}


def test_a_version_whose_publisher_died_before_showing_it_is_shown(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    publish(home)
    built_and_gated(home, "bbbb2222-1")
    second = publish(home)
    (home.published / "current").unlink()
    (home.published / "current").symlink_to("v1-aaaa1111")
    again = publish(home)
    assert (again.version, again.is_new) == (second.version, False)
    assert again.is_current


def test_rollback_goes_one_back_or_where_it_is_told(home: Home) -> None:
    with pytest.raises(PublicationError, match="Nothing has been published"):
        rollback(home)
    for letter in "abc":
        built_and_gated(home, f"{letter * 8}-1")
        publish(home)
    assert rollback(home).version == "v2-bbbbbbbb"
    assert read(home, "select distinct build_id from fct_returns") == [("bbbbbbbb-1",)]
    assert rollback(home).version == "v1-aaaaaaaa"
    with pytest.raises(PublicationError, match="no version before v1"):
        rollback(home)
    with pytest.raises(PublicationError, match="there are v3-cccccccc, v2"):
        rollback(home, "v9")
    assert rollback(home, "v3-cccccccc").is_current


def test_a_rollback_is_not_undone_by_the_same_data_and_code(home: Home) -> None:
    for letter in "ab":
        built_and_gated(home, f"{letter * 8}-1")
        publish(home)
    rollback(home)
    with pytest.raises(PublicationRefused, match="v2-bbbbbbbb holds the same data"):
        publish(home)
    built_and_gated(home, "cccccccc-1")  # tonight's schedule, nothing new landed
    with pytest.raises(PublicationRefused, match="was rolled back"):
        publish(home)
    assert read(home, "select distinct build_id from fct_returns") == [("aaaaaaaa-1",)]


def test_new_data_publishes_after_a_rollback(home: Home) -> None:
    for letter in "ab":
        built_and_gated(home, f"{letter * 8}-1")
        publish(home)
    rollback(home)
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("insert into raw.files_seen values ('b', 'landed')")
    built_and_gated(home, "cccccccc-1")
    assert publish(home).version == "v3-cccccccc"


def test_rolling_forward_allows_the_build_again(home: Home) -> None:
    for letter in "ab":
        built_and_gated(home, f"{letter * 8}-1")
        publish(home)
    rollback(home)
    rollback(home, "v2")
    assert publish(home).version == "v2-bbbbbbbb"


def test_a_copied_current_is_not_overwritten(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    (home.published / "current").mkdir(parents=True)
    with pytest.raises(PublicationError, match="is a copy, not a link"):
        publish(home)


def test_publishers_wait_for_each_other(home: Home) -> None:
    built_and_gated(home, "aaaa1111-1")
    script = (
        "import sys; from pathlib import Path;"
        "from orchestration.publication.publish import publish;"
        "from orchestration.settings import Home;"
        "print(publish(Home(Path(sys.argv[1]))).is_new)"
    )
    publishers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(home.root)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = sorted(publisher.communicate()[0].strip() for publisher in publishers)
    assert answers == ["False", "False", "True"]
    assert names(home.published) == {".lock", "current", "v1-aaaa1111"}
