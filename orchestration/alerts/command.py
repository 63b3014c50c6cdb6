"""``returns alerts``: tell what is new, or show what holds."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli_options import chosen_home, home_option
from orchestration.settings import alert_environment

if TYPE_CHECKING:
    from orchestration.alerts.alerting import Alerts


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell nobody; show what would be told.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@home_option
def alerts(dry_run: bool, as_json: bool, home_path: Path | None) -> None:
    """Tell people what the published numbers give reason to tell.

    What holds and was not told yet goes to alerts/alerts.jsonl in the home and to the
    webhook and mail server that RETURNS_ALERT_... variables name; what is over, too.
    The exit status is 1 if a channel took nothing: it is told the next time.
    """
    from orchestration.alerts.alerting import alert
    from orchestration.alerts.channels import channels
    from orchestration.alerts.configuration import configuration

    home = chosen_home(home_path, must_exist=True)
    configured = configuration(alert_environment())
    told = alert(
        home,
        configured,
        channels(home, configured),
        datetime.now(UTC),
        is_rehearsal=dry_run,
    )
    text = json.dumps(told.to_json(), indent=2, ensure_ascii=False)
    click.echo(text if as_json else written(told, is_rehearsal=dry_run))
    if told.failed:
        sys.exit(1)


def written(told: Alerts, *, is_rehearsal: bool) -> str:
    """Return the answer for a person: what holds, then who was told."""
    from orchestration.alerts.texts import said

    lines: list[str] = []
    heading = None
    for event in told.holding:
        if event["title"] != heading:
            heading = event["title"]
            kind = said(event["severity"], told.language)
            lines.append(f"[{kind}] {heading}")
        lines.append(f"  {event['text']}")
    if not lines:
        lines.append("Nothing holds now.")
    lines.append("")
    word = "would be told" if is_rehearsal else "was told"
    for channel, count in told.told.items():
        failure = told.failed.get(channel)
        lines.append(f"{channel}: {failure or f'{word} {count}'}")
    if told.held_back:
        lines.append(f"{told.held_back} wait until the quiet time is over.")
    lines += [f"{watch} not asked: {why}" for watch, why in told.unanswered.items()]
    return "\n".join(lines)
