"""Dagster's instance of a home: its settings, and quick, patient event storage."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from orchestration.files import write_atomically
from orchestration.settings import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

TEMPLATE = Path(__file__).with_name("dagster.yml")
BY_HAND = {"returns/started_by": "returns run"}

# What a run on the terminal prints is for the terminal: copying it into files takes
# Dagster four processes more. Dagster exports no public name for the class; its
# documentation names this module.
_BY_HAND_SETTINGS = "by_hand.yaml"
_NO_COPIES = {
    "module": "dagster._core.storage.noop_compute_log_manager",
    "class": "NoOpComputeLogManager",
}


def prepare(home: Home) -> None:
    """Give a home its ``dagster.yaml``; one that is there may have been adapted."""
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        write_atomically(settings, TEMPLATE.read_text(encoding="utf-8"))
    adapted = yaml.safe_load(settings.read_text(encoding="utf-8")) or {}
    by_hand = yaml.safe_dump({**adapted, "compute_logs": _NO_COPIES})
    write_atomically(home.dagster / _BY_HAND_SETTINGS, by_hand)


@contextmanager
def opened(home: Home) -> Iterator[DagsterInstance]:
    """Open the home's instance for a run by hand in this process.

    Dagster's SQLite storage connects anew for each event. Whenever a connection is
    the file's last one, closing it empties the write-ahead log and waits for the
    disk: 15 ms and more an event, with three events an asset. Keeping one connection
    of our own open to each file leaves that to the end of the run.
    """
    import sqlalchemy
    from dagster import DagsterInstance

    kept = _KeptConnections()
    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", kept.on_connect)
    try:
        place = str(home.dagster)
        with DagsterInstance.from_config(place, _BY_HAND_SETTINGS) as instance:
            yield instance
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", kept.on_connect)
        kept.close()


def close_abandoned_runs(instance: DagsterInstance) -> int:
    """Mark runs as failed that were started by hand and died without saying so.

    Only for the holder of the warehouse's lock: nobody else is running then. A run
    that seems to go on for ever would keep Dagster's queue from starting others.
    """
    from dagster import DagsterRunStatus, RunsFilter

    unfinished = RunsFilter(
        statuses=[DagsterRunStatus.STARTED, DagsterRunStatus.STARTING],
        tags=BY_HAND,
    )
    runs = instance.get_runs(unfinished)
    for run in runs:
        instance.report_run_failed(run, "The process of this run ended without a word.")
    return len(runs)


class _KeptConnections:
    """One open connection to each SQLite file that this process uses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, sqlite3.Connection] = {}

    def on_connect(self, connection: Any, _record: Any) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        # With a write-ahead log this cannot damage the file; a power cut may cost
        # the last events of a run.
        connection.execute("pragma synchronous = normal")
        path = connection.execute("pragma database_list").fetchone()[2]
        if not path:
            return
        with self._lock:
            if path not in self._kept:
                self._kept[path] = sqlite3.connect(path, check_same_thread=False)
            # Only a connection that has read counts as a user of the log.
            self._kept[path].execute("select 1 from sqlite_master limit 1").fetchall()

    def close(self) -> None:
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()
