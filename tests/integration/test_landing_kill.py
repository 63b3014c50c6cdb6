"""Landing is killed at many moments; running it again must give the same lake."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.lake import ensure_tables
from orchestration.landing.landing import land_inbox
from orchestration.settings import Home
from tests.unit.landing.test_properties import lake
from tests.unit.landing.trial import Trial, document, row

# Moments counted by what Python does with files: opening, renaming, removing.
WATCHED = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"})
STEPS = 16
MOMENTS = 8


def fill(trial: Trial) -> None:
    """Put in one document of every way there is to land."""
    orders = [row("all_orders", sku=f"S{number}") for number in range(300)]
    trial.put("a/US/orders.txt", document("all_orders", *orders))
    trial.put("a/US/packed.gz", gzip.compress(document("all_orders", *orders[:50])))
    returns = [row("fba_returns", product_name="café")] * 20
    broken = document("fba_returns", *returns, "broken").decode().encode("cp1252")
    trial.put("a/DE/broken.txt", broken)
    trial.put("a/DE/empty.txt", document("mfn_returns"))
    trial.put("b/no report.txt", b"hello")


def land_and_die(inbox: Path, home: Path, step: int) -> None:
    """Land in a process that kills itself before its ``step``-th file operation."""
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in WATCHED and arguments and str(home) in str(arguments):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    land_inbox(inbox, Home(home))
    os._exit(0 if seen < step else 1)


def land_and_count(inbox: Path, home: Path, counted: Any) -> None:
    """Land and tell how many file operations that took."""
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        seen += event in WATCHED and bool(arguments) and str(home) in str(arguments)

    sys.addaudithook(count)
    land_inbox(inbox, Home(home))
    counted.put(seen)


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    """Fork from a process that has imported landing and opened no database."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """A lake that no one disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "inbox").mkdir()
    trial = Trial(folder / "inbox", Home(folder / "home"))
    ensure_tables(trial.home)
    shutil.copytree(trial.home.root, folder / "empty")
    fill(trial)
    trial.land()
    return trial


def disturbed(expected: Trial, folder: Path) -> Trial:
    """A fresh home over the same inbox; its tables exist, nothing has landed."""
    shutil.copytree(expected.inbox.parent / "empty", folder / "home")
    return Trial(expected.inbox, Home(folder / "home"))


def assert_whole(trial: Trial, expected: Trial) -> None:
    """What a reader sees is made of whole documents; landing again completes it."""
    seen = lake(trial)
    for entry in seen["landing_files"]:
        rows = [
            item
            for item in seen.get(entry["lake_table"] or "", [])
            if item["_file_key"] == entry["file_key"]
        ]
        assert len(rows) == (entry["rows_landed"] or 0)
    trial.land()
    assert lake(trial) == lake(expected)
    assert names(trial.home) == names(expected.home)


def names(home: Home) -> list[str]:
    """Every file of the home: nothing may be left over or missing."""
    return sorted(
        str(path.relative_to(home.root))
        for path in home.root.rglob("*")
        if path.is_file()
    )


def run(forks: ForkServerContext, target: Callable[..., None], *arguments: Any) -> Any:
    process = forks.Process(target=target, args=arguments)
    process.start()
    return process


def test_killed_before_any_file_operation_landing_completes_when_run_again(
    forks: ForkServerContext, expected: Trial, tmp_path: Path
) -> None:
    counted = forks.Queue()
    trial = disturbed(expected, tmp_path / "count")
    process = run(forks, land_and_count, trial.inbox, trial.home.root, counted)
    total = counted.get(timeout=60)
    process.join()
    assert total > STEPS
    for number in range(STEPS):
        step = 1 + number * (total - 1) // (STEPS - 1)
        trial = disturbed(expected, tmp_path / str(step))
        process = run(forks, land_and_die, trial.inbox, trial.home.root, step)
        process.join()
        assert process.exitcode == -signal.SIGKILL, f"step {step} of {total}"
        assert_whole(trial, expected)
        shutil.rmtree(trial.home.root)


def test_killed_at_any_moment_landing_completes_when_run_again(
    forks: ForkServerContext, expected: Trial, tmp_path: Path
) -> None:
    trial = disturbed(expected, tmp_path / "time")
    started = time.monotonic()
    run(forks, land_inbox, trial.inbox, trial.home).join()
    duration = time.monotonic() - started
    for number in range(MOMENTS):
        trial = disturbed(expected, tmp_path / f"moment{number}")
        process = run(forks, land_inbox, trial.inbox, trial.home)
        process.join(duration * (number + 1) / (MOMENTS + 1))
        process.kill()
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}
        assert_whole(trial, expected)
