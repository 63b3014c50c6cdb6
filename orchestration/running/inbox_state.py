"""What the inbox looked like: names, sizes and times of its files, never their bytes.

Each landing notes the state that it began with, whoever started it. So the sensor asks
for a run when files have changed since then, and for none because nobody had told it
of the last one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.files import write_atomically
from orchestration.landing.inbox import find_deliveries
from orchestration.settings import Home

_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class InboxState:
    """One state of an inbox: what tells it from others, when its files arrived."""

    fingerprint: str
    arrivals: tuple[datetime, ...]


@dataclass(frozen=True)
class _File:
    """A file of the inbox: name, size and time, and when it arrived at the latest."""

    state: tuple[str, int, int]
    arrived: datetime


def look(inbox: Path) -> InboxState | None:
    """Return the state of ``inbox``; None without files."""
    files = sorted(_files(inbox), key=lambda file: file.state)
    if not files:
        return None
    return InboxState(
        fingerprint=_fingerprint(file.state for file in files),
        arrivals=tuple(file.arrived for file in files),
    )


def note_landed(home: Home, inbox: Path, state: InboxState | None) -> None:
    """Note the state of ``inbox`` that a landing into ``home`` began with."""
    note = {"inbox": str(inbox.resolve()), "state": state and state.fingerprint}
    write_atomically(home.landed_inbox, json.dumps(note, indent=2))


def last_landed(home: Home, inbox: Path) -> str | None:
    """Return the fingerprint that the last landing of ``inbox`` began with."""
    if not home.landed_inbox.exists():
        return None
    note = json.loads(home.landed_inbox.read_text(encoding="utf-8"))
    return str(note["state"]) if note["inbox"] == str(inbox.resolve()) else None


def _fingerprint(files: Iterable[tuple[str, int, int]]) -> str:
    return hashlib.sha256(repr(list(files)).encode()).hexdigest()[:32]


def _files(inbox: Path) -> Iterator[_File]:
    for delivery in find_deliveries(inbox):
        for path in (delivery.path, delivery.meta):
            if path is not None:
                yield _seen(path, str(path.relative_to(inbox)))


def _seen(path: Path, name: str) -> _File:
    try:
        stat = path.stat()
    except OSError:
        # A link to nowhere, or gone since it was listed: a state like any other.
        return _File((name, -1, -1), _LONG_AGO)
    # A file may be dated in the future, or keep the date it had where it came from;
    # it arrived no later than its entry in the inbox last changed.
    arrived = min(stat.st_mtime, stat.st_ctime)
    return _File(
        (name, stat.st_size, stat.st_mtime_ns), datetime.fromtimestamp(arrived, UTC)
    )
