"""A step that fails outside of a phase is a problem of the run all the same."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from orchestration.running.recording import Recorder
from orchestration.running.run import RunOutcome, failed_steps
from orchestration.settings import Home


@dg.op
def good() -> None:
    """Do nothing."""


@dg.op
def broken() -> None:
    """Fail as code does that cannot be imported."""
    raise ImportError("cannot import name 'pages'")


@dg.job
def both() -> None:
    """Run the two."""
    good()
    broken()


def test_a_failed_step_is_told_with_its_reason(tmp_path: Path) -> None:
    found = failed_steps(both.execute_in_process(raise_on_error=False))
    assert found == ["The step broken failed: ImportError: cannot import name 'pages'"]
    record = Recorder(failed_steps=found)
    outcome = RunOutcome(Home(tmp_path), tmp_path, "run", "2026-11-24", 1.0, record)
    assert outcome.problems == found
    assert not outcome.success


def test_after_a_good_run_no_step_failed() -> None:
    @dg.job
    def fine() -> None:
        good()

    assert failed_steps(fine.execute_in_process()) == []
