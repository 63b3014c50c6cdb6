"""Landing that begins while Dagster still loads; its op waits for what is left.

Most of landing is DuckDB's work and most of loading is Python's: side by side they
take little more than the longer of the two.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import progress
from orchestration.landing.landing import FileOutcome, LandingSummary, land_inbox
from orchestration.settings import Home

PHASE = "landing"

_begun: dict[tuple[Path, Path], _Landing] = {}


class _Landing(threading.Thread):
    """One pass over an inbox. A daemon: Ctrl-C need not wait, landing is crash-safe."""

    def __init__(self, home: Home, inbox: Path) -> None:
        super().__init__(name="landing", daemon=True)
        self._home, self._inbox = home, inbox
        self._summary: LandingSummary | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        """Land, and keep what it came to."""
        try:
            with progress.phase(PHASE):
                self._summary = land_inbox(self._inbox, self._home, _tell)
                progress.learn(PHASE, self._summary)
        except Exception as error:
            self._error = error

    def result(self) -> LandingSummary:
        """Wait until it is over; return the summary or raise what went wrong."""
        if self.ident is not None:
            self.join()
        if self._summary is None:
            raise self._error or RuntimeError("The landing thread ended silently.")
        return self._summary


@contextmanager
def begun(home: Home, inbox: Path) -> Iterator[None]:
    """Begin landing now, for the step of this process that will ask for it.

    The caller holds the warehouse's lock for as long as the block lasts.
    """
    landing = _Landing(home, inbox)
    _begun[home.root, inbox] = landing
    landing.start()
    try:
        yield
    except Exception:
        # Whatever else failed: nobody may find the home still being written.
        landing.join()
        raise
    finally:
        _begun.pop((home.root, inbox), None)


def landed(home: Home, inbox: Path) -> LandingSummary:
    """Return what landing ``inbox`` came to: the pass that was begun, or one now."""
    landing = _begun.pop((home.root, inbox), None)
    if landing is None:
        landing = _Landing(home, inbox)
        landing.run()
    return landing.result()


def _tell(outcome: FileOutcome) -> None:
    progress.advance(PHASE, outcome.file_name)
