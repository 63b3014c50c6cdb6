"""One writer at a time: the lock that every step which writes the warehouse holds."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from orchestration.errors import ReturnsError
from orchestration.settings import Home

# A run holds the lock from end to end, and so does each of its steps: within one
# process the lock is taken once and counted.
_held: dict[Path, int] = {}

# DuckDB's own lock, which a `dbt build` typed by hand holds without knowing of ours.
_FOREIGN_LOCK = "Could not set lock on file"
_FOREIGN_HOLDER = re.compile(r"\(PID (\d+)\)")


class WarehouseLockedError(ReturnsError):
    """Somebody else is writing the warehouse."""


@contextmanager
def writing(home: Home, what: str) -> Iterator[None]:
    """Hold the warehouse for writing, or say who holds it.

    The kernel gives the lock back when its holder dies, however it dies, so there is
    no stale lock to clear by hand.

    Args:
        home: whose warehouse.
        what: the holder's work, in words that the next one in line reads.

    Raises:
        WarehouseLockedError: another process holds it.
    """
    path = home.lock.resolve()
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarehouseLockedError(_occupied(home, file)) from error
        _sign(file, what)
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
            file.truncate(0)


def is_held(home: Home) -> bool:
    """Return whether a process, this one included, holds the warehouse for writing."""
    if home.lock.resolve() in _held:
        return True
    if not home.lock.exists():
        return False
    with home.lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


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
