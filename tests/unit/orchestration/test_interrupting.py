from __future__ import annotations

import contextlib
import signal
import threading

import pytest

from orchestration.running import interrupting


def test_ctrl_c_that_somebody_swallowed_is_raised_later() -> None:
    usual = signal.getsignal(signal.SIGINT)
    with interrupting.heard() as ctrl_c:
        ctrl_c.raise_if_pressed()
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            ctrl_c.raise_if_pressed()
    assert signal.getsignal(signal.SIGINT) is usual


def test_another_thread_leaves_signals_alone() -> None:
    usual = signal.getsignal(signal.SIGINT)
    seen = []

    def listen() -> None:
        with interrupting.heard() as ctrl_c:
            ctrl_c.raise_if_pressed()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert seen == [usual]
