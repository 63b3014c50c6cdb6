"""Dagster's SQLite storage, quicker: it stays connected between two events.

Named in a home's ``dagster.yaml``, so every process of Dagster uses it: the daemon
that queues a run, the run itself, the web server.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy

# Dagster lets a storage of one's own be named; it exports no public name of its own.
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine

# The index of all runs, and the events of the latest ones.
_KEPT_FILES = 6


class ConnectedEventLogStorage(SqliteEventLogStorage):
    """Dagster's event log, which keeps its connection to each file that is in use.

    Dagster connects anew for each event, and has SQLAlchemy compile each statement
    anew. Whenever a connection is the file's last one, closing it empties the
    write-ahead log and waits for the disk. Together 10 to 20 ms an event, with four
    events an asset.
    """

    def __init__(self, base_dir: str) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        if shard not in self._initialized_dbs:
            # Dagster's own first connection makes the tables of a file that may be new.
            self._forget(shard)
            with super()._connect(shard):
                pass
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                # One user at a time, who holds the lock of this storage.
                poolclass=sqlalchemy.StaticPool,
                connect_args={
                    "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
                    "check_same_thread": False,
                },
            )
            sqlalchemy.event.listen(engine, "connect", _hurry)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        if len(self._engines) > _KEPT_FILES:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def _forget(self, shard: str) -> None:
        with self._db_lock:
            if shard in self._engines:
                self._engines.pop(shard).dispose()

    def dispose(self) -> None:
        """Let go of the files."""
        super().dispose()
        for shard in list(self._engines):
            self._forget(shard)


class ConnectedSqliteStorage(DagsterSqliteStorage):
    """Dagster's own storage with the quicker event log."""

    def __init__(
        self, base_dir: str, inst_data: ConfigurableClassData | None = None
    ) -> None:
        super().__init__(base_dir, inst_data)
        folder = Path(base_dir) / "history" / "runs"
        self._event_log_storage = ConnectedEventLogStorage(str(folder))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> ConnectedSqliteStorage:
        """Make the storage that ``dagster.yaml`` describes."""
        return cls.from_local(inst_data=inst_data, **config_value)


def _hurry(connection: Any, _record: Any) -> None:
    # With a write-ahead log this cannot damage the file; a power cut may cost the last
    # events of a run.
    connection.execute("pragma synchronous = normal")
