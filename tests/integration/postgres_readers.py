"""People who read PostgreSQL while it is published to, each in a way of their own."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

import psycopg
from psycopg import IsolationLevel

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])

TABLES = ("fct_returns", "fct_refunds", "kpi_return_rate_by_sku_month", "marketplaces")
LONGEST_PAUSE = 0.15  # seconds between two readings of one reader
READ_ROLE = "set role returns_reader"


@dataclass
class Seen:
    """What one reader saw."""

    reads: int = 0
    versions: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    longest_seconds: float = 0.0

    def take(self, found: set[object]) -> None:
        """Note what one reading showed: one build, or it was torn."""
        self.reads += 1
        if len(found) != 1:
            self.problems.append(f"one reading showed {sorted(map(str, found))}")
            return
        (build,) = map(str, found)
        if build not in self.versions[-1:]:
            self.versions.append(build)


def one_statement(connection: psycopg.Connection, seen: Seen) -> None:
    """Read all tables in one statement."""
    asked = " union ".join(f"select build_id from marts.{name}" for name in TABLES)
    seen.take({build for (build,) in connection.execute(asked)})


def prepared(connection: psycopg.Connection, seen: Seen) -> None:
    """The same by a statement that the server has prepared long ago."""
    asked = " union ".join(f"select build_id from marts.{name}" for name in TABLES)
    rows = connection.execute(asked, prepare=True)
    seen.take({build for (build,) in rows})


def by_search_path(connection: psycopg.Connection, seen: Seen) -> None:
    """Read by bare names, as people at a prompt do."""
    connection.execute("set search_path = marts")
    asked = " union ".join(f"select build_id from {name}" for name in TABLES)
    seen.take({build for (build,) in connection.execute(asked)})


def one_transaction(connection: psycopg.Connection, seen: Seen) -> None:
    """Read the tables one by one, in an order of one's own, with pauses between."""
    with connection.transaction():
        seen.take(_one_by_one(connection))


def repeatable(connection: psycopg.Connection, seen: Seen) -> None:
    """The same in a transaction that keeps to what it saw first."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        seen.take(_one_by_one(connection))


def late(connection: psycopg.Connection, seen: Seen) -> None:
    """Begin with something else, and come to the tables when they may be newer."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        connection.execute("select count(*) from pg_class")
        _work_for(0.02)
        seen.take(_one_by_one(connection))


WAYS: tuple[Callable[[psycopg.Connection, Seen], None], ...] = (
    one_statement,
    prepared,
    by_search_path,
    one_transaction,
    repeatable,
    late,
)


def read(url: str, way: int, stop: Event, result: Connection) -> None:
    """Read in one way until told to stop, and report."""
    seen = Seen()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(READ_ROLE)
        while not stop.is_set():
            began = time.monotonic()
            try:
                WAYS[way](connection, seen)
            except psycopg.Error as error:
                seen.problems.append(f"{type(error).__name__}: {error}")
            seen.longest_seconds = max(seen.longest_seconds, time.monotonic() - began)
            stop.wait(random.uniform(0, LONGEST_PAUSE))
    result.send(seen)


@contextmanager
def reading(url: str) -> Iterator[list[Seen]]:
    """Let one reader of each way read while the block runs; then tell what they saw."""
    stop = processes.Event()
    told: list[Seen] = []
    readers = []
    for way in range(len(WAYS)):
        ours, theirs = processes.Pipe(duplex=False)
        reader = processes.Process(target=read, args=(url, way, stop, theirs))
        reader.start()
        readers.append((reader, ours))
    try:
        yield told
    finally:
        stop.set()
        for reader, ours in readers:
            told.append(ours.recv())
            reader.join()


def _one_by_one(connection: psycopg.Connection) -> set[object]:
    found: set[object] = set()
    for name in random.sample(TABLES, len(TABLES)):
        rows = connection.execute(f"select distinct build_id from marts.{name}")
        found |= {build for (build,) in rows} or {f"{name} is empty"}
        _work_for(0.002)
    return found


def _work_for(seconds: float) -> None:
    """Keep a transaction open for a while, as one does who works on what was read."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
