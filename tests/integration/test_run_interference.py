"""A run and a person with dbt in another terminal: neither harms the other.

The second process is real each time; the run is halted at the moment in question by
a listener, so nothing depends on timing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.publication.versions import current, list_versions
from orchestration.running import progress
from orchestration.running.inboxes import demo_inbox
from orchestration.running.locking import writing
from orchestration.running.run import run
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.transformation.dbt_process import NodeResult

DBT = str(Path(sys.executable).with_name("dbt"))
RETURNS = str(Path(sys.executable).with_name("returns"))
CopyHome = Callable[[], Home]


class At:
    """A listener that does something once, when a phase begins, ends or tells."""

    def __init__(self, moment: str, phase: str, act: Callable[[], object]) -> None:
        self._when, self._act = (moment, phase), act
        self.done = False

    def _at(self, moment: str, phase: str) -> None:
        if not self.done and (moment, phase) == self._when:
            self.done = True
            self._act()

    def started(self, phase: str) -> None:
        self._at("started", phase)

    def advanced(self, phase: str, text: str) -> None:
        self._at("advanced", phase)

    def learned(self, phase: str, result: object) -> None:
        if isinstance(result, NodeResult):
            self._at("node", phase)

    def failed(self, phase: str, error: Exception) -> None:
        self._at("failed", phase)

    def ended(self, phase: str, seconds: float) -> None:
        self._at("ended", phase)


def dbt_by_hand(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    target = home.root / "by hand"
    return subprocess.run(
        [DBT, *words, "--target-path", str(target), "--log-path", str(target)],
        cwd=PROJECT_ROOT,
        env={**os.environ, "RETURNS_HOME": str(home.root)},
        capture_output=True,
        text=True,
    )


@contextmanager
def held_open(home: Home) -> Iterator[int]:
    """Hold the warehouse as dbt does while it builds: open for writing."""
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]);"
        "print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.kill()


def test_a_run_meets_a_warehouse_that_dbt_holds(copy_home: CopyHome) -> None:
    home = copy_home()
    before = current(home)
    with held_open(home) as pid:
        outcome = run(home, demo_inbox(home))
    [problem] = outcome.problems
    assert f"open in another program (process {pid})" in problem
    assert current(home) == before


def test_a_second_run_is_told_to_wait(copy_home: CopyHome) -> None:
    home = copy_home()
    with writing(home, "returns run"):
        done = subprocess.run(
            [RETURNS, "run", "--home", str(home.root)], capture_output=True, text=True
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"in use by returns run, process {os.getpid()}" in done.stderr


def test_dbt_by_hand_meets_a_run_that_builds(copy_home: CopyHome) -> None:
    """Theirs fails with DuckDB's own words; ours goes on and publishes."""
    home = copy_home()
    by_hand: list[subprocess.CompletedProcess[str]] = []
    act = At(
        "node",
        "build",
        lambda: by_hand.append(dbt_by_hand(home, "run", "--select", "dim_sellers")),
    )
    with progress.heard_by(act):
        outcome = run(home, demo_inbox(home))
    [theirs] = by_hand
    assert theirs.returncode != 0
    assert "Could not set lock on file" in theirs.stdout
    assert outcome.success, outcome.problems
    assert len(list_versions(home)) == 2


def test_dbt_by_hand_between_gate_and_publication(copy_home: CopyHome) -> None:
    """What the gate did not see is not published."""
    home = copy_home()
    before = current(home)
    by_hand: list[subprocess.CompletedProcess[str]] = []
    act = At(
        "ended",
        "gate",
        lambda: by_hand.append(dbt_by_hand(home, "run", "--select", "dim_sellers")),
    )
    with progress.heard_by(act):
        outcome = run(home, demo_inbox(home))
    assert by_hand[0].returncode == 0, by_hand[0].stdout
    [problem] = outcome.problems
    assert "The gate has not seen the newest build" in problem
    assert current(home) == before


def test_a_failing_model_is_named_and_nothing_is_published(
    copy_home: CopyHome,
) -> None:
    home = copy_home()
    before = current(home)

    def lose_the_calendar() -> None:
        with duckdb.connect(home.warehouse) as connection:
            connection.execute("drop view raw.holidays cascade")

    with progress.heard_by(At("ended", "lake", lose_the_calendar)):
        outcome = run(home, demo_inbox(home))
    [problem] = outcome.problems
    assert "dbt node" in problem
    assert "stg_calendar__holidays" in problem
    assert "holidays does not exist" in problem
    assert current(home) == before
    assert outcome.to_json()["build"]["failed"]


def test_a_full_disk_ends_in_one_sentence(copy_home: CopyHome) -> None:
    """A limit on file sizes stands for a full disk: the same error, from the kernel."""
    import resource

    home = copy_home()
    before = current(home)
    limit = 2_000_000
    done = subprocess.run(
        [RETURNS, "run", "--home", str(home.root)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "disk is full" in done.stderr
    assert current(home) == before


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "tiny disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("mounting a small file system needs rights this account lacks")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk_ends_in_one_sentence(tiny_disk: Path) -> None:
    done = subprocess.run(
        [RETURNS, "run", "--home", str(tiny_disk / "home")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr
    assert "full" in done.stderr
    assert not (tiny_disk / "home" / "published" / "current").exists()
