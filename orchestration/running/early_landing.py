"""Landing that begins while Dagster still loads; its op waits for what is left.

Most of landing, and of generating demo data, is DuckDB's work; most of loading is
Python's: side by side they take little more than the longer of the two.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.landing.landing import FileOutcome, LandingSummary, land_inbox
from orchestration.landing.stopping import Stop
from orchestration.running import inbox_state, progress
from orchestration.running.sources import Source, demand_unmixed, provide
from orchestration.settings import Home

PHASE = "landing"
_PAUSE_SECONDS = 0.05
_SWITCH_SECONDS = 0.0002

_begun: dict[tuple[Path, Path], _Landing] = {}


class _Landing(threading.Thread):
    """One pass over an inbox, which its starter ends: no daemon.

    A daemon thread is cut off inside DuckDB when the process exits, and leaves work
    files with personal data behind.
    """

    def __init__(self, home: Home, source: Source) -> None:
        super().__init__(name="landing")
        self._home, self._source = home, source
        self._asked_to_end = Stop()
        self._summary: LandingSummary | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Generate demo data if need be, land, and keep what it came to."""
        try:
            provide(self._home, self._source, self._asked_to_end)
            self._summary = _land(self._home, self._source.inbox, self._asked_to_end)
        except BaseException as error:
            self._error = error

    def result(self) -> LandingSummary:
        """Wait until it is over; return the summary or raise what went wrong."""
        self.join()
        if self._summary is None:
            raise self._error or RuntimeError("The landing thread ended silently.")
        return self._summary

    def end(self) -> None:
        """Return once the thread is over, also where Ctrl-C is pressed again."""
        pressed: KeyboardInterrupt | None = None
        while self.is_alive():
            try:
                self._asked_to_end.ask()
                self.join(_PAUSE_SECONDS)
            except KeyboardInterrupt as again:
                pressed = again
        if pressed is not None:
            raise pressed


@contextmanager
def begun(home: Home, source: Source) -> Iterator[None]:
    """Begin landing now, for the step of this process that will ask for it.

    The caller holds the warehouse's lock for as long as the block lasts. However the
    block ends, landing has ended then: nobody finds the home still being written.
    """
    landing = _Landing(home, source)
    _begun[home.root, source.inbox] = landing
    usual = sys.getswitchinterval()
    try:
        # Landing asks for the interpreter between hundreds of short queries; what
        # loads beside it must not make it wait long each time.
        sys.setswitchinterval(_SWITCH_SECONDS)
        landing.start()
        yield
    finally:
        _begun.pop((home.root, source.inbox), None)
        landing.end()
        sys.setswitchinterval(usual)


def landed(home: Home, inbox: Path) -> LandingSummary:
    """Return what landing ``inbox`` came to: the pass that was begun, or one now."""
    landing = _begun.pop((home.root, inbox), None)
    if landing is not None:
        return landing.result()
    demand_unmixed(home, inbox)
    return _land(home, inbox)


def _land(home: Home, inbox: Path, stop: Stop | None = None) -> LandingSummary:
    with progress.phase(PHASE):
        # Seen before: what arrives meanwhile is another state, for another run.
        state = inbox_state.look(inbox) if inbox.is_dir() else None
        summary = land_inbox(inbox, home, _tell, stop)
        inbox_state.note_landed(home, inbox, state)
        progress.learn(PHASE, summary)
    return summary


def _tell(outcome: FileOutcome) -> None:
    progress.advance(PHASE, outcome.file_name)
