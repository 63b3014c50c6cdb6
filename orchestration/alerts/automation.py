"""When people are told by itself: after each publication, and after a failed gate."""

import hashlib
from datetime import UTC, datetime

import dagster as dg

from orchestration.alerts.alerting import alert
from orchestration.alerts.channels import channels
from orchestration.alerts.configuration import configuration
from orchestration.alerts.errors import AlertError
from orchestration.alerts.memory import Memory
from orchestration.alerts.watching import outcomes
from orchestration.settings import Home, alert_environment, home_from_environment

# How often what did not get through, or waits for the end of quiet time, is tried.
RETRY_SECONDS = 900


class UndeliveredError(AlertError):
    """Some channel took nothing; it is tried again."""


@dg.op
def tell_people(context: dg.OpExecutionContext) -> None:
    """Look at what is published and tell each channel what it has not heard yet."""
    home = home_from_environment()
    configured = configuration(alert_environment())
    told = alert(home, configured, channels(home, configured), datetime.now(UTC))
    context.add_output_metadata(
        {
            "version": told.version or "nothing published",
            "holding": len(told.holding),
            "told": told.told,
            "held back": told.held_back,
            "not asked": told.unanswered,
        }
    )
    if told.failed:
        raise UndeliveredError(
            "; ".join(f"{name}: {why}" for name, why in told.failed.items())
        )


@dg.job(description="Tell people what the published numbers give reason to tell.")
def alerts() -> None:
    """Tell people, on their own: a message that fails must not fail a publication."""
    tell_people()


@dg.sensor(
    job=alerts,
    minimum_interval_seconds=30,
    # Costs nothing, and without a webhook or a mail server it only writes a log.
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts after each publication and each verdict of the gate.",
)
def something_to_tell(
    context: dg.SensorEvaluationContext,
) -> dg.SensorResult | dg.SkipReason:
    """Ask for a look at a new version, failure or day, and while a message waits."""
    home = home_from_environment()
    state = fingerprint(home, datetime.now(UTC))
    if state is None:
        return dg.SkipReason("Nothing has been published or checked yet.")
    if state == context.cursor:
        return dg.SkipReason("Nothing has changed since the last look.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=state)], cursor=state)


def fingerprint(home: Home, now: datetime) -> str | None:
    """Return what tells one reason to look from another; None, if there is none.

    Args:
        home: what is published, and what was told.
        now: the time of this look.
    """
    link = home.published / "current"
    version = link.readlink().name if link.is_symlink() else None
    failures = [row for row in outcomes(home) if row["is_failed"]]
    if version is None and not failures:
        return None
    reasons: list[object] = [version, failures, now.date()]
    if _is_waiting(home):
        reasons.append(int(now.timestamp()) // RETRY_SECONDS)
    return hashlib.sha256(repr(reasons).encode()).hexdigest()[:32]


def _is_waiting(home: Home) -> bool:
    """Return whether some event was told to nobody, or to some channels only."""
    names = [
        channel.name for channel in channels(home, configuration(alert_environment()))
    ]
    return any(
        event.concerns(name)
        for event in Memory.read(home).events.values()
        for name in names
    )
