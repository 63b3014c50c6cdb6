"""When the pipeline runs by itself: on new files, and every morning."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration.running import inbox_state
from orchestration.running.inboxes import chosen_inbox
from orchestration.running.locking import is_held
from orchestration.settings import home_from_environment

# How often the inbox is looked at. Dagster's daemon itself goes round every 5 seconds.
LOOK_SECONDS = 5
# A file that is still being copied grows: wait until nothing has changed for a while.
QUIET = timedelta(seconds=5)

# Each event is in the UI; the terminal that serves it need not print thousands.
IN_FEW_WORDS = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}

returns_pipeline = dg.define_asset_job(
    "returns_pipeline",
    # A month is told when it is over: the report has a schedule of its own.
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets("monthly_report"),
    description="Land the inbox, build the warehouse, ask the gate, publish.",
)

# Off until somebody switches it on in the UI: looking must not start a run.
every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=returns_pipeline,
    cron_schedule="0 6 * * *",
    run_config=IN_FEW_WORDS,
    description="A run a day, also without new files: deadlines pass meanwhile.",
)


@dg.sensor(
    job=returns_pipeline,
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
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
    landed = inbox_state.last_landed(home, inbox)
    return decide(inbox, context.cursor, datetime.now(UTC), landed)


def decide(
    inbox: Path, cursor: str | None, now: datetime, landed: str | None = None
) -> dg.SensorResult | dg.SkipReason:
    """Return the run that the files of ``inbox`` call for, given what was seen before.

    Args:
        inbox: the folder that is watched.
        cursor: the state that the last run was asked for.
        now: when this is asked.
        landed: the state that has landed last, whoever asked for that run.
    """
    state = inbox_state.look(inbox)
    if state is None:
        return dg.SkipReason(f"There are no files in {inbox}.")
    if state.fingerprint == landed:
        return dg.SkipReason("Nothing has changed since the last run.")
    if state.fingerprint == cursor:
        return dg.SkipReason("Nothing has changed since the last run was asked for.")
    if any(abs(now - arrived) < QUIET for arrived in state.arrivals):
        return dg.SkipReason("Files are still arriving; waiting until that has ended.")
    request = dg.RunRequest(run_key=state.fingerprint, run_config=IN_FEW_WORDS)
    return dg.SensorResult(run_requests=[request], cursor=state.fingerprint)
