"""The main job as a person runs it: again, with other files, and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.publication.versions import current, list_versions
from orchestration.running.inboxes import demo_inbox
from orchestration.running.run import RunOutcome
from orchestration.settings import Home

CopyHome = Callable[[], Home]


def returns(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("returns")
    return subprocess.run(
        [str(program), *words, "--home", str(home.root)],
        capture_output=True,
        text=True,
        # An environment of its own: what a run needs is in the home.
        env={"PATH": os.environ["PATH"]},
    )


def scores(home: Home) -> list[tuple[object, ...]]:
    marts = (home.published / "current" / "marts.duckdb").resolve()
    with duckdb.connect(str(marts), read_only=True) as connection:
        return connection.execute(
            "select * from marts.marts.kpi_scorecard_by_seller_month order by all"
        ).fetchall()


def test_a_run_publishes_and_records_what_it_did(demo_run: RunOutcome) -> None:
    home = demo_run.home
    record = json.loads(home.run_record.read_text())
    shown = current(home)
    assert shown is not None
    assert record["success"] is True
    assert record["published"] == shown.version
    phases = ("landing", "load", "build", "gate", "publish", "dashboard")
    assert all(record["phases"][phase] > 0 for phase in phases)
    assert sum(record["phases"][phase] for phase in phases[2:]) < record["seconds"]
    assert record["landing"]["rows_landed"] > 2_000
    assert record["build"]["nodes"]["model"] > 50
    assert record["gate"]["passed"] is True
    assert len(scores(home)) > 12
    for pages in (home.data_docs, home.dashboard, home.dbt_docs, home.dictionary):
        assert (pages / "index.html").exists()


def test_status_tells_what_stands_there(demo_run: RunOutcome) -> None:
    home = demo_run.home
    told = returns(home, "status")
    assert told.returncode == 0, told.stderr
    shown = current(home)
    assert shown is not None
    assert shown.version in told.stdout
    assert "of 100 in" in told.stdout
    status = json.loads(returns(home, "status", "--json").stdout)
    assert status["published"]["version"] == shown.version
    assert status["landed"]["documents"]["landed"] > 10
    assert status["last_run"]["success"] is True
    assert status["writing_now"] is False


def test_the_same_files_again_give_the_same_numbers(copy_home: CopyHome) -> None:
    home = copy_home()
    before = scores(home)
    done = returns(home, "run", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["landing"]["rows_landed"] == 0
    assert set(told["landing"]["documents"]) == {"unchanged", "refused"}
    assert len(list_versions(home)) == 2
    assert told["published"] == current(home).version  # type: ignore[union-attr]
    assert told["summary"]["scores"]
    assert scores(home) == before

    back = returns(home, "rollback")
    assert back.returncode == 0, back.stderr
    assert current(home).number == 1  # type: ignore[union-attr]
    refused = returns(home, "publish")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: ")
    assert "rolled back" in refused.stderr
    wrong = returns(home, "rollback", "v99")
    assert wrong.returncode == 1
    assert "There is no version 'v99'" in wrong.stderr


def test_one_real_file_takes_the_place_of_all_demo_data(
    copy_home: CopyHome, tmp_path: Path
) -> None:
    """A seller starts with whatever there is: here, one report of returns."""
    home = copy_home()
    reports = demo_inbox(home).rglob("*/US/returns/mfn-*.tsv")
    report = max(reports, key=lambda path: path.stat().st_size)
    inbox = tmp_path / "files" / "my-account" / "US"
    inbox.mkdir(parents=True)
    (inbox / "returns.txt").write_bytes(report.read_bytes())
    done = returns(home, "run", "--inbox", str(tmp_path / "files"))
    assert done.returncode == 0, done.stderr
    assert "my-account" in done.stdout
    assert "no data" in done.stdout
    assert not home.demo.exists()
    marts = (home.published / "current" / "marts.duckdb").resolve()
    with duckdb.connect(str(marts), read_only=True) as connection:
        sellers = connection.execute(
            "select distinct seller_id from marts.marts.fct_returns"
        ).fetchall()
    assert sellers == [("my-account",)]
