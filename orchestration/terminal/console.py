"""Shows a run on a terminal: what goes on now, and how long each phase took."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TextIO

TITLES = {
    "clear": "Clearing demo data away",
    "demo": "Generating demo data",
    "parse": "Reading the dbt project",
    "landing": "Landing files",
    "build": "Building and testing tables",
    "gate": "Asking the gate",
    "publish": "Publishing",
    "dashboard": "Building the dashboard",
    "postgres": "Publishing to PostgreSQL",
}
_WIDTH = 32


@dataclass
class Console:
    """A listener that writes to a terminal, or plain lines where there is none."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _last: dict[str, str] = field(default_factory=dict)

    @property
    def _overwrites(self) -> bool:
        return self.stream.isatty()

    def started(self, phase: str) -> None:
        """Say what begins; on a terminal its line is filled in as it goes."""
        if self._overwrites and phase in TITLES:
            self._show(f"\r\033[K{_title(phase)}")

    def advanced(self, phase: str, text: str) -> None:
        """Show how far it has come."""
        self._last[phase] = text
        if self._overwrites and phase in TITLES:
            self._show(f"\r\033[K{_title(phase)}{text}")

    def learned(self, phase: str, result: object) -> None:
        """Need not know: the summary tells."""

    def failed(self, phase: str, error: Exception) -> None:
        """Mark the phase; the summary says why."""
        self._last[phase] = "failed"

    def ended(self, phase: str, seconds: float) -> None:
        """Leave one line with what it came to and how long it took."""
        told = self._last.pop(phase, "")
        if phase not in TITLES:
            return
        start = "\r\033[K" if self._overwrites else ""
        self._show(f"{start}{_title(phase)}{told:<30} {seconds:6.1f} s\n")

    def _show(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def _title(phase: str) -> str:
    return f"  {TITLES[phase]:<{_WIDTH}}"
