"""One writer at a time, shown with a real second process."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.running import locking
from orchestration.running.locking import (
    WarehouseLockedError,
    foreign_lock,
    is_held,
    writing,
)
from orchestration.settings import Home

HOLDER = """
import sys
from pathlib import Path
from orchestration.running.locking import writing
from orchestration.settings import Home
with writing(Home(Path(sys.argv[1])), "a test"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE_SECONDS", 0.0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "a home")


@contextmanager
def second_process(home: Home) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_told_who_writes(home: Home) -> None:
    with second_process(home) as other:
        with pytest.raises(WarehouseLockedError) as raised, writing(home, "us"):
            pass
        assert f"a test, process {other.pid}" in str(raised.value)
        assert is_held(home)


def test_the_lock_of_a_killed_process_is_free(home: Home) -> None:
    with second_process(home) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with writing(home, "us"):
            assert is_held(home)
    assert not is_held(home)


def test_steps_of_one_process_share_the_lock(home: Home) -> None:
    with writing(home, "the run"):
        with writing(home, "its step"):
            pass
        # The step's end must not give the run's lock away.
        held = subprocess.run(
            [sys.executable, "-c", HOLDER, str(home.root)],
            input="",
            capture_output=True,
            text=True,
        )
        assert "WarehouseLockedError" in held.stderr


def test_another_thread_waits_in_line_as_another_process_does(home: Home) -> None:
    refused: list[Exception] = []

    def write() -> None:
        try:
            with writing(home, "the thread"):
                pass
        except WarehouseLockedError as error:
            refused.append(error)

    with writing(home, "the run"):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert "in use by the run" in str(refused[0])


def test_the_lock_lasts_until_its_last_holder_leaves(home: Home) -> None:
    """Dagster may close a step's generator after what surrounds it has ended."""
    outer, inner = writing(home, "the run"), writing(home, "its step")
    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert is_held(home)
    inner.__exit__(None, None, None)
    assert not is_held(home)
    with writing(home, "the next run"):
        assert is_held(home)


def test_who_only_looks_makes_no_run_fail(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(home, "an earlier run"):
        pass
    looking = home.lock.open()
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(locking, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr("time.sleep", lambda _seconds: looking.close())
    with writing(home, "us"):
        assert looking.closed
        assert is_held(home)


def test_looking_needs_no_more_than_to_read(home: Home) -> None:
    with writing(home, "us"):
        pass
    home.lock.chmod(0o444)
    assert not is_held(home)


def test_looking_does_not_create_a_lock(home: Home) -> None:
    assert not is_held(home)
    assert not home.lock.exists()


def test_duckdbs_own_lock_is_told_in_one_sentence(home: Home) -> None:
    home.root.mkdir()
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
        with pytest.raises(duckdb.IOException) as raised:
            duckdb.connect(str(home.warehouse))
        sentence = foreign_lock(str(raised.value))
        process.kill()
    assert sentence is not None
    assert f"(process {process.pid})" in sentence
    assert foreign_lock("IO Error: No such file or directory") is None
