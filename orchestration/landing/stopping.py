"""Ending a landing from another thread: at its next document, or inside a query."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


class Stopped(BaseException):
    """Landing was asked to end. No error, as KeyboardInterrupt is none."""


class Stop:
    """A request to end that one thread makes and another one hears."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._connection: duckdb.DuckDBPyConnection | None = None

    def ask(self) -> None:
        """Ask for the end, and cut short the query that runs now.

        A query that begins just afterwards is not cut: ask again until it is over.
        """
        with self._lock:
            self._asked = True
            if self._connection is not None:
                self._connection.interrupt()

    def raise_if_asked(self) -> None:
        """Raise ``Stopped`` if the end was asked for."""
        if self._asked:
            raise Stopped

    @contextmanager
    def heard_by(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Let the request reach the queries of ``connection`` inside the block."""
        with self._lock:
            self._connection = connection
        try:
            self.raise_if_asked()
            yield
        except duckdb.InterruptException as error:
            self.raise_if_asked()
            # DuckDB saw Ctrl-C in this thread before Python did.
            raise KeyboardInterrupt from error
        finally:
            with self._lock:
                self._connection = None
