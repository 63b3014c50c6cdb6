"""One writer at a time: the lock that every step which writes the warehouse holds."""

from __future__ import annotations

import fcntl
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from orchestration.errors import ReturnsError
from orchestration.settings import Home

# Whoever only looks whether the lock is held has it for a moment: no reason to fail.
PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 0.02

# DuckDB's own lock, which a `dbt build` typed by hand holds without knowing of ours.
_FOREIGN_LOCK = "Could not set lock on file"
_FOREIGN_HOLDER = re.compile(r"\(PID (\d+)\)")


class WarehouseLockedError(ReturnsError):
    """Somebody else is writing the warehouse."""


class _Hold:
    """The lock as one thread holds it: given back when the last holder leaves."""

    def __init__(self, key: tuple[Path, int], file: IO[str]) -> None:
        self._key, self._file, self.count = key, file, 0

    def leave(self) -> None:
        with _guard:
            self.count -= 1
            if self.count:
                return
            del _held[self._key]
        self._file.truncate(0)
        self._file.close()


# A run holds the lock from end to end, and so does each of its steps: within one
# thread the lock is taken once and counted. Other threads wait in line as other
# processes do.
_held: dict[tuple[Path, int], _Hold] = {}
_guard = threading.Lock()


@contextmanager
def writing(home: Home, what: str) -> Iterator[None]:
    """Hold the warehouse for writing, or say who holds it.

    The kernel gives the lock back when its holder dies, however it dies, so there is
    no stale lock to clear by hand.

    Args:
        home: whose warehouse.
        what: the holder's work, in words that the next one in line reads.

    Raises:
        WarehouseLockedError: another process, or thread, holds it.
    """
    key = (home.lock.resolve(), threading.get_ident())
    with _guard:
        hold = _held.get(key)
        if hold is not None:
            hold.count += 1
    if hold is None:
        file = _taken(home, what)
        with _guard:
            hold = _held[key] = _Hold(key, file)
            hold.count = 1
    try:
        yield
    finally:
        hold.leave()


def is_held(home: Home) -> bool:
    """Return whether somebody, this process included, holds the warehouse.

    Looking needs no more than to read. It shares the lock for a moment with others
    who look; ``writing`` outlasts that.
    """
    try:
        file = home.lock.open(encoding="utf-8")
    except FileNotFoundError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _taken(home: Home, what: str) -> IO[str]:
    """Return the lock's file, locked and signed."""
    home.lock.parent.mkdir(parents=True, exist_ok=True)
    file = home.lock.open("a+", encoding="utf-8")
    try:
        _lock(home, file)
        _sign(file, what)
    except BaseException:
        file.close()
        raise
    return file


def _lock(home: Home, file: IO[str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise WarehouseLockedError(_occupied(home, file)) from error
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def foreign_lock(message: str) -> str | None:
    """Return a sentence for DuckDB's complaint about a lock; None for anything else."""
    if _FOREIGN_LOCK not in message:
        return None
    holder = _FOREIGN_HOLDER.search(message)
    who = f" (process {holder.group(1)})" if holder else ""
    return (
        f"The warehouse is open in another program{who}, a dbt build or a database "
        "tool perhaps: close it, then run again."
    )


def _sign(file: IO[str], what: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    file.truncate(0)
    json.dump({"pid": os.getpid(), "what": what, "since": since}, file)
    file.flush()


def _occupied(home: Home, file: IO[str]) -> str:
    file.seek(0)
    try:
        holder = json.loads(file.read())
        who = f"{holder['what']}, process {holder['pid']}, since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        # The holder has the lock but has not signed yet.
        who = "another process"
    return (
        f"The warehouse {home.warehouse} is in use by {who}: wait until it has "
        "ended, then run again."
    )
