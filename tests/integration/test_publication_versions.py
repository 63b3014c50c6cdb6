"""How versions follow each other: readers, dead publishers, retention, rollback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.publication.errors import PublicationError, PublicationRefused
from orchestration.publication.publish import publish
from orchestration.publication.versions import (
    list_versions,
    retire,
    rollback,
)
from orchestration.settings import PROJECT_ROOT, Home
from tests.small_home import built_and_gated, make_home, names, read


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


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
        connection.execute("insert into raw.files_seen values ('b', 'landed', null)")
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
