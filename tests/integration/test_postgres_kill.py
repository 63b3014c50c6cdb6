"""Publishers to PostgreSQL are killed at random moments; the next one goes on."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from orchestration.postgres import state
from orchestration.postgres.publish import publish_to_postgres
from orchestration.postgres.target import target_from
from orchestration.publication.publish import publish
from orchestration.settings import Home
from tests.small_home import TABLES, built_and_gated, make_home

KILLS = 12
ROWS = 500
SEED = 20261124
ROLE = "returns_reader"

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def publish_and_die(root: Path, url: str, last: int | None, done: Connection) -> None:
    """Publish; with ``last``, die at the n-th call of a function of psycopg or ours."""
    calls: Counter[str] = Counter()

    def count(frame: object, event: str, argument: object) -> None:
        calls.update([event])
        if calls["call"] == last:
            os.kill(os.getpid(), signal.SIGKILL)

    # In this thread alone: it plans, commits and switches; loaders die with it.
    target = target_from(url, ROLE)
    sys.setprofile(count)
    publish_to_postgres(Home(root), target)
    sys.setprofile(None)
    done.send(calls["call"])


def attempt(root: Path, url: str, last: int | None) -> int | None:
    """Publish in a process of its own; return how many calls that took, if it lived."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=publish_and_die, args=(root, url, last, theirs))
    process.start()
    theirs.close()
    try:
        calls = int(ours.recv())
    except EOFError:
        calls = None
    process.join()
    return calls


def seen(url: str) -> str:
    """Return the build that readers see: one, in each table, or it is torn."""
    with psycopg.connect(url) as connection:
        connection.execute(f"set role {ROLE}")
        builds: Counter[tuple[str, int]] = Counter()
        for name in (name for names in TABLES.values() for name in names):
            row = connection.execute(
                f"select min(build_id), max(build_id), count(*) from marts.{name}"
            ).fetchone()
            assert row and row[0] == row[1]
            builds.update([(str(row[0]), int(row[2]))])
        ((build, rows),) = builds
        assert rows == ROWS
        return build


def test_publishers_killed_anywhere_leave_whole_versions(
    tmp_path: Path, database: str
) -> None:
    chance = random.Random(SEED)
    home = make_home(tmp_path / "home")
    built_and_gated(home, "b000", ROWS)
    publish(home)
    assert attempt(home.root, database, None)
    built_and_gated(home, "b001", ROWS)
    publish(home)
    calls = attempt(home.root, database, None)
    assert calls
    died = 0
    for number in range(2, 2 + KILLS):
        before, build = seen(database), f"b{number:03}"
        built_and_gated(home, build, ROWS)
        publish(home)
        if attempt(home.root, database, chance.randrange(1, calls)) is None:
            died += 1
            assert seen(database) in {before, build}
        # Sometimes the same version again, sometimes the next one.
        if chance.random() < 0.7:
            publish_to_postgres(home, target_from(database, ROLE))
            assert seen(database) == build
    assert died > KILLS / 2
    publish_to_postgres(home, target_from(database, ROLE))
    with psycopg.connect(database) as connection:
        assert not state.retired_schemas(connection)
        assert state.version_in(connection, state.LOADING) is None
