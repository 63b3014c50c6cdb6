"""When the pipeline runs by itself: on new files, and every morning."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration.landing.inbox import find_deliveries
from orchestration.running.inboxes import chosen_inbox
from orchestration.running.locking import is_held
from orchestration.settings import home_from_environment

# A file that is still being copied grows: wait until nothing has changed for a while.
QUIET = timedelta(seconds=10)
_LONG_AGO = datetime.fromtimestamp(0, UTC)

returns_pipeline = dg.define_asset_job(
    "returns_pipeline",
    selection=dg.AssetSelection.all(),
    description="Land the inbox, build the warehouse, ask the gate, publish.",
)

# Off until somebody switches them on in the UI: looking must not start a run.
every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=returns_pipeline,
    cron_schedule="0 6 * * *",
    description="A run a day, also without new files: deadlines pass meanwhile.",
)


@dataclass(frozen=True)
class _File:
    """A file of the inbox: name, size and time, and when it arrived at the latest."""

    state: tuple[str, int, int]
    arrived: datetime


@dg.sensor(
    job=returns_pipeline,
    minimum_interval_seconds=30,
    description="A run as soon as the files of the inbox have changed.",
)
def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for one run per change of the inbox's files."""
    home = home_from_environment()
    if is_held(home):
        # Without moving the cursor: a run asked for now would fail and be forgotten.
        return dg.SkipReason("A run is writing the warehouse; asking again later.")
    inbox = chosen_inbox(home)
    if inbox is None:
        return dg.SkipReason("There is no inbox with files yet.")
    return decide(inbox, context.cursor, datetime.now(UTC))


def decide(
    inbox: Path, cursor: str | None, now: datetime
) -> dg.SensorResult | dg.SkipReason:
    """Return the run that the files of ``inbox`` call for, given the last seen state.

    Args:
        inbox: the folder that is watched.
        cursor: the state that the last run was asked for.
        now: when this is asked.
    """
    files = sorted(_files(inbox), key=lambda file: file.state)
    if not files:
        return dg.SkipReason(f"There are no files in {inbox}.")
    state = fingerprint(file.state for file in files)
    if state == cursor:
        return dg.SkipReason("Nothing has changed since the last run was asked for.")
    if any(abs(now - file.arrived) < QUIET for file in files):
        return dg.SkipReason("Files are still arriving; waiting until that has ended.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=state)], cursor=state)


def fingerprint(files: Iterable[tuple[str, int, int]]) -> str:
    """Return what tells one state of the inbox from another."""
    return hashlib.sha256(repr(list(files)).encode()).hexdigest()[:32]


def _files(inbox: Path) -> Iterator[_File]:
    for delivery in find_deliveries(inbox):
        for path in (delivery.path, delivery.meta):
            if path is not None:
                yield _seen(path, str(path.relative_to(inbox)))


def _seen(path: Path, name: str) -> _File:
    try:
        stat = path.stat()
    except OSError:
        # A link to nowhere, or gone since it was listed: a state like any other.
        return _File((name, -1, -1), _LONG_AGO)
    # A file may be dated in the future, or keep the date it had where it came from;
    # it arrived no later than its entry in the inbox last changed.
    arrived = min(stat.st_mtime, stat.st_ctime)
    return _File(
        (name, stat.st_size, stat.st_mtime_ns), datetime.fromtimestamp(arrived, UTC)
    )
