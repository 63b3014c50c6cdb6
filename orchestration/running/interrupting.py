"""Ctrl-C that is not lost: some libraries swallow it while they are imported."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class CtrlC:
    """Whether Ctrl-C was pressed, whoever caught the exception it raised."""

    def __init__(self) -> None:
        self._pressed = False

    def hear(self, number: int, frame: FrameType | None) -> None:
        """Note that it was pressed and raise ``KeyboardInterrupt``, as usual."""
        self._pressed = True
        signal.default_int_handler(number, frame)

    def raise_if_pressed(self) -> None:
        """Raise ``KeyboardInterrupt`` if it was pressed and has come to nothing."""
        if self._pressed:
            raise KeyboardInterrupt


@contextmanager
def heard() -> Iterator[CtrlC]:
    """Note every Ctrl-C inside the block; outside the main thread there is none."""
    ctrl_c = CtrlC()
    if threading.current_thread() is not threading.main_thread():
        yield ctrl_c
        return
    usual = signal.signal(signal.SIGINT, ctrl_c.hear)
    try:
        yield ctrl_c
    finally:
        signal.signal(signal.SIGINT, usual)
