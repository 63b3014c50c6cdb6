"""The main job, as ``returns run`` starts it: land, build, ask, publish.

It is the same Dagster job that the UI runs, on the home's own Dagster instance, with
what takes long to load started first: dbt parses and Great Expectations imports in
processes of their own while this one generates and lands.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.files import write_atomically
from orchestration.gate import gate_process
from orchestration.running import early_landing, instance, interrupting, progress
from orchestration.running.homes import demand_home
from orchestration.running.locking import writing
from orchestration.running.recording import Recorder
from orchestration.running.sources import (
    Source,
    chosen_source,
    finish_clearing,
    make_room,
)
from orchestration.settings import Home, use_home
from orchestration.transformation import dbt_process, parsing

if TYPE_CHECKING:
    from dagster import Definitions, ExecuteInProcessResult

JOB = "returns_pipeline"


@dataclass(frozen=True)
class RunOutcome:
    """What a run did and how it ended."""

    home: Home
    inbox: Path
    run_id: str | None
    started_at: str
    seconds: float
    record: Recorder

    @property
    def problems(self) -> list[str]:
        """What went wrong, one text each; empty after a good run."""
        found = self.record.problems()
        gate = self.record.gate
        if gate is not None and not gate.passed and not found:
            from orchestration.gate.assets import describe_blocking

            found.append(describe_blocking(gate))
        found = found or [*self.record.failed_steps]
        if not found and self.record.publication is None:
            found.append("The run ended before anything was published.")
        return found

    @property
    def success(self) -> bool:
        """Whether the run published and nothing went wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return the run as plain JSON values, as kept in ``run.json``."""
        publication = self.record.publication
        return {
            "success": self.success,
            "problems": self.problems,
            "home": str(self.home.root),
            "inbox": str(self.inbox),
            "dagster_run_id": self.run_id,
            "started_at": self.started_at,
            "seconds": self.seconds,
            "phases": self.record.seconds,
            "landing": self.record.landed(),
            "build": self.record.build(),
            "gate": self.record.gate and _gate(self.record.gate.to_json()),
            "published": publication and publication.version,
        }


def run(home: Home, inbox: Path | None = None) -> RunOutcome:
    """Run everything on ``home`` and return how it went.

    Args:
        home: where everything generated lives; created if need be.
        inbox: the folder of files; None for the home's own, the last one, or demo data.

    Raises:
        ReturnsError: the run could not begin. What goes wrong once it has begun is in
            the outcome.
    """
    began, started_at = time.monotonic(), datetime.now(UTC)
    demand_home(home)
    home.root.mkdir(parents=True, exist_ok=True)
    use_home(home)
    recorder = Recorder()
    with writing(home, "returns run"), progress.heard_by(recorder):
        finish_clearing(home)
        source = chosen_source(home, inbox)
        run_id = None
        try:
            result = _everything(home, source)
            run_id, recorder.failed_steps = result.run_id, failed_steps(result)
        except Exception as error:
            recorder.failed("run", error)
        outcome = RunOutcome(
            home=home,
            inbox=source.inbox,
            run_id=run_id,
            started_at=started_at.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - began, 3),
            record=recorder,
        )
        write_atomically(home.run_record, json.dumps(outcome.to_json(), indent=2))
    return outcome


def _everything(home: Home, source: Source) -> ExecuteInProcessResult:
    # In this thread, before landing begins in another one.
    make_room(home, source)
    instance.prepare(home)
    is_parsed = parsing.adopt(home)
    with (
        interrupting.heard() as ctrl_c,
        dbt_process.prepared(home) as dbt,
        gate_process.prepared(home),
        early_landing.begun(home, source),
        instance.opened(home) as dagster,
    ):
        instance.close_abandoned_runs(dagster)
        with progress.phase("parse"):
            if not is_parsed:
                dbt.wait_until_parsed()
        with progress.phase("load"):
            from orchestration.definitions import defs
        ctrl_c.raise_if_pressed()
        return _executed(defs, dagster, source)


def _executed(
    defs: Definitions, dagster: Any, source: Source
) -> ExecuteInProcessResult:
    result = defs.resolve_job_def(JOB).execute_in_process(
        instance=dagster,
        raise_on_error=False,
        tags=instance.BY_HAND,
        run_config={
            "ops": {"landing": {"config": {"inbox": str(source.inbox)}}},
            # What happens is shown by whoever listens; the events are in the UI.
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        },
    )
    if _was_interrupted(result):
        raise KeyboardInterrupt
    return result


def failed_steps(result: ExecuteInProcessResult) -> list[str]:
    """Return one text for each step that Dagster says failed."""
    errors = {
        event.step_key: event.step_failure_data.error
        for event in result.all_events
        if event.is_step_failure
    }
    return [
        f"The step {step} failed: {error and (error.cause or error).message.strip()}"
        for step, error in errors.items()
    ]


def _was_interrupted(result: ExecuteInProcessResult) -> bool:
    """Return whether Ctrl-C ended a step: Dagster keeps that to its events."""
    from dagster import DagsterExecutionInterruptedError

    names = {DagsterExecutionInterruptedError.__name__, KeyboardInterrupt.__name__}
    failures = [e.step_failure_data for e in result.all_events if e.is_step_failure]
    return any(f.error is not None and f.error.cls_name in names for f in failures)


def _gate(report: dict[str, Any]) -> dict[str, Any]:
    """Leave out what passed: the whole verdict is in the gate's own file."""
    told = [r for r in report["results"] if r["status"] not in {"passed", "skipped"}]
    return {**report, "asked": len(report["results"]), "results": told}
