"""Dagster's instance of a home and its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from orchestration.files import write_atomically
from orchestration.settings import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

TEMPLATE = Path(__file__).with_name("dagster.yml")
BY_HAND = {"returns/started_by": "returns run"}

# What a run on the terminal prints is for the terminal: copying it into files takes
# Dagster four processes more. Dagster exports no public name for the class; its
# documentation names this module.
_BY_HAND_SETTINGS = "by_hand.yaml"
_NO_COPIES = {
    "module": "dagster._core.storage.noop_compute_log_manager",
    "class": "NoOpComputeLogManager",
}


def prepare(home: Home) -> None:
    """Give a home its ``dagster.yaml``; one that is there may have been adapted."""
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        write_atomically(settings, TEMPLATE.read_text(encoding="utf-8"))
    adapted = yaml.safe_load(settings.read_text(encoding="utf-8")) or {}
    storage = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["storage"]
    has_storage = any("storage" in name for name in adapted)
    by_hand = yaml.safe_dump(
        {
            **({} if has_storage else {"storage": storage}),
            **adapted,
            "compute_logs": _NO_COPIES,
        }
    )
    write_atomically(home.dagster / _BY_HAND_SETTINGS, by_hand)


@contextmanager
def opened(home: Home) -> Iterator[DagsterInstance]:
    """Open the home's instance for a run by hand in this process."""
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(home.dagster), _BY_HAND_SETTINGS) as instance:
        yield instance


def close_abandoned_runs(instance: DagsterInstance) -> int:
    """Mark runs as failed that were started by hand and died without saying so.

    Only for the holder of the warehouse's lock: nobody else is running then. A run
    that seems to go on for ever would keep Dagster's queue from starting others.
    """
    from dagster import DagsterRunStatus, RunsFilter

    unfinished = RunsFilter(
        statuses=[DagsterRunStatus.STARTED, DagsterRunStatus.STARTING],
        tags=BY_HAND,
    )
    runs = instance.get_runs(unfinished)
    for run in runs:
        instance.report_run_failed(run, "The process of this run ended without a word.")
    return len(runs)
