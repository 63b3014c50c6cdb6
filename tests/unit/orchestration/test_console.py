"""What a run shows while it goes on."""

from __future__ import annotations

import io

import pytest

from orchestration.running import progress
from orchestration.terminal.console import TITLES, Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO) -> str:
    with progress.heard_by(Console(stream)), progress.phase("landing"):
        progress.advance("landing", "a.txt")
        progress.advance("landing", "b.txt")
    return stream.getvalue()


def test_without_a_terminal_each_phase_is_one_plain_line() -> None:
    text = shown(io.StringIO())
    assert text.count("\n") == 1
    assert "\r" not in text
    assert text.startswith(f"  {TITLES['landing']}")
    assert "b.txt" in text


def test_a_terminal_sees_each_step_on_one_line() -> None:
    text = shown(Terminal())
    assert text.count("\n") == 1
    assert "a.txt" in text


def test_a_failed_phase_says_so_and_the_error_rises() -> None:
    stream = io.StringIO()
    with (
        pytest.raises(ValueError, match="broken"),
        progress.heard_by(Console(stream)),
        progress.phase("build"),
    ):
        raise ValueError("broken")
    assert "failed" in stream.getvalue()


def test_inner_phases_are_not_shown() -> None:
    stream = io.StringIO()
    with progress.heard_by(Console(stream)), progress.phase("load"):
        progress.advance("load", "x")
    assert stream.getvalue() == ""
