"""How the steps of a run tell whoever started it what they are doing.

A step does not know whether a terminal, a test or nobody listens: in a run that
Dagster's daemon starts nobody does, and the events in the UI say it all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Listener(Protocol):
    """What can be heard of a run."""

    def started(self, phase: str) -> None:
        """Hear that a phase has begun."""

    def advanced(self, phase: str, text: str) -> None:
        """Hear how far a phase has come, in words to show."""

    def learned(self, phase: str, result: object) -> None:
        """Hear what a phase found out."""

    def failed(self, phase: str, error: Exception) -> None:
        """Hear that a phase has failed, and why."""

    def ended(self, phase: str, seconds: float) -> None:
        """Hear that a phase is over, well or badly."""


_listeners: list[Listener] = []


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear everything that happens inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Tell listeners that the block is the phase ``name`` and how long it took."""
    began = time.monotonic()
    for listener in _listeners:
        listener.started(name)
    try:
        yield
    except Exception as error:
        for listener in _listeners:
            listener.failed(name, error)
        raise
    finally:
        seconds = time.monotonic() - began
        for listener in _listeners:
            listener.ended(name, seconds)


def advance(phase_name: str, text: str) -> None:
    """Tell listeners how far a phase has come."""
    for listener in _listeners:
        listener.advanced(phase_name, text)


def learn(phase_name: str, result: object) -> None:
    """Tell listeners what a phase found out."""
    for listener in _listeners:
        listener.learned(phase_name, result)
