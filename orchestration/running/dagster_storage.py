"""Dagster's SQLite storage, without a wait for the disk at each event.

Named in a home's ``dagster.yaml``, so every process of Dagster uses it: the daemon
that queues a run, the run itself, the web server.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy

# Dagster's documentation names the module for a storage of one's own; it is not public.
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData

# Lists of runs and of ticks, the index, the events of the latest runs.
_KEPT_FILES = 6


class PatientSqliteStorage(DagsterSqliteStorage):
    """Dagster's own storage, which keeps a connection to each file that is in use.

    Dagster connects anew for each event. Whenever a connection is the file's last one,
    closing it empties the write-ahead log and waits for the disk: 15 ms and more an
    event, with four events an asset. Keeping a connection of our own open leaves that
    to the end.
    """

    def __init__(
        self, base_dir: str, inst_data: ConfigurableClassData | None = None
    ) -> None:
        self._kept = _KeptConnections(Path(base_dir))
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> PatientSqliteStorage:
        """Make the storage that ``dagster.yaml`` describes."""
        return cls.from_local(inst_data=inst_data, **config_value)

    def dispose(self) -> None:
        """Let go of the files."""
        super().dispose()
        self._kept.close()


class _KeptConnections:
    """One open connection to each SQLite file below a folder that is in use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, sqlite3.Connection] = OrderedDict()
        sqlalchemy.event.listen(sqlalchemy.Engine, "connect", self._on_connect)

    def close(self) -> None:
        """Keep none any more."""
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", self._on_connect)
        with self._lock:
            for connection in self._kept.values():
                connection.close()
            self._kept.clear()

    def _on_connect(self, connection: Any, _record: Any) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        path = connection.execute("pragma database_list").fetchone()[2]
        if not path or self._folder not in Path(path).parents:
            return
        # With a write-ahead log this cannot damage the file; a power cut may cost
        # the last events of a run.
        connection.execute("pragma synchronous = normal")
        with self._lock:
            if path not in self._kept:
                self._kept[path] = sqlite3.connect(path, check_same_thread=False)
            self._kept.move_to_end(path)
            # Only a connection that has read counts as a user of the log.
            self._kept[path].execute("select 1 from sqlite_master limit 1").fetchall()
            while len(self._kept) > _KEPT_FILES:
                self._kept.popitem(last=False)[1].close()
