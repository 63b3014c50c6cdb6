"""A file in the inbox, the sensor's tick, the run it asks for, the page people open.

The daemon's part, waiting, is left out: the tick is evaluated by hand, the run is
executed as its worker would. `tests/benchmarks/near_real_time.py` measures the whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.publication.versions import current
from orchestration.running.automation import new_files
from orchestration.running.run import JOB, RunOutcome
from orchestration.settings import Home, use_home


@pytest.fixture(autouse=True)
def own_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETURNS_INBOX", raising=False)


def tick() -> dg.SensorResult | dg.SkipReason:
    result = new_files(dg.build_sensor_context())
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def drop(inbox: Path) -> None:
    """Put a document that nobody has seen into the inbox, arrived a minute ago."""
    folder = inbox / "northwind-outdoor" / "fba-returns"
    header, first, *_ = max(folder.glob("*.txt")).read_bytes().splitlines()
    file = folder / "dropped.txt"
    file.write_bytes(b"\n".join([header, first, b""]))
    arrived = (datetime.now(UTC) - timedelta(minutes=1)).timestamp()
    os.utime(file, (arrived, arrived))


def test_a_run_from_the_terminal_leaves_the_sensor_nothing_to_do(
    demo_run: RunOutcome,
) -> None:
    use_home(demo_run.home)
    waits = tick()
    assert isinstance(waits, dg.SkipReason)
    assert waits.skip_message == "Nothing has changed since the last run."


def test_the_sensor_looks_without_being_switched_on() -> None:
    assert new_files.default_status == dg.DefaultSensorStatus.RUNNING


def test_a_dropped_file_reaches_the_dashboard_by_the_run_that_is_asked_for(
    copy_home: Callable[[], Home],
) -> None:
    from orchestration.definitions import defs

    home = copy_home()
    before = current(home)
    drop(home.demo / "inbox")
    asked = tick()
    assert isinstance(asked, dg.SensorResult)
    [request] = asked.run_requests or []
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        result = defs.resolve_job_def(JOB).execute_in_process(
            instance=instance, run_config=request.run_config, raise_on_error=False
        )
    assert result.success
    shown = current(home)
    assert shown is not None
    assert before is not None
    assert shown.number == before.number + 1
    assert shown.version in (home.dashboard / "index.html").read_text(encoding="utf-8")
    assert isinstance(tick(), dg.SkipReason)
