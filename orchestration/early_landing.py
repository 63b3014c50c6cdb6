"""Landing that begins while Dagster still loads; its op waits for what is left.

Most of landing, and of generating demo data, is DuckDB's work; most of loading is
Python's: side by side they take little more than the longer of the two.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import progress
from orchestration.landing.landing import FileOutcome, LandingSummary, land_inbox
from orchestration.settings import Home
from orchestration.sources import Source, demand_unmixed, provided

PHASE = "landing"

_begun: dict[tuple[Path, Path], _Landing] = {}


class _Landing(threading.Thread):
    """One pass over an inbox. A daemon: Ctrl-C need not wait, landing is crash-safe."""

    def __init__(self, home: Home, source: Source) -> None:
        super().__init__(name="landing", daemon=True)
        self._home, self._source = home, source
        self._summary: LandingSummary | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        """Generate demo data if need be, land, and keep what it came to."""
        try:
            provided(self._home, self._source)
            self._summary = _land(self._home, self._source.inbox)
        except Exception as error:
            self._error = error

    def result(self) -> LandingSummary:
        """Wait until it is over; return the summary or raise what went wrong."""
        self.join()
        if self._summary is None:
            raise self._error or RuntimeError("The landing thread ended silently.")
        return self._summary


@contextmanager
def begun(home: Home, source: Source) -> Iterator[None]:
    """Begin landing now, for the step of this process that will ask for it.

    The caller holds the warehouse's lock for as long as the block lasts.
    """
    landing = _Landing(home, source)
    _begun[home.root, source.inbox] = landing
    landing.start()
    try:
        yield
    except Exception:
        # Whatever else failed: nobody may find the home still being written.
        landing.join()
        raise
    finally:
        _begun.pop((home.root, source.inbox), None)


def landed(home: Home, inbox: Path) -> LandingSummary:
    """Return what landing ``inbox`` came to: the pass that was begun, or one now."""
    landing = _begun.pop((home.root, inbox), None)
    if landing is not None:
        return landing.result()
    demand_unmixed(home, inbox)
    return _land(home, inbox)


def _land(home: Home, inbox: Path) -> LandingSummary:
    with progress.phase(PHASE):
        summary = land_inbox(inbox, home, _tell)
        progress.learn(PHASE, summary)
    return summary


def _tell(outcome: FileOutcome) -> None:
    progress.advance(PHASE, outcome.file_name)
