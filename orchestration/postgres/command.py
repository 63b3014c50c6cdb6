"""``returns postgres``: publish to PostgreSQL by hand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestration.cli_options import chosen_home, home_option


@click.command()
@home_option
@click.option("--again", is_flag=True, help="Load it also where it is shown already.")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=300,
    show_default=True,
    help="Seconds to look for a moment in which no transaction reads.",
)
@click.option(
    "--force", is_flag=True, help="Where there was none, switch all the same."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def postgres(
    home_path: Path | None, again: bool, patience: float, force: bool, as_json: bool
) -> None:
    """Publish the current version to PostgreSQL as schema "marts".

    RETURNS_POSTGRES_URL names the database (postgresql://user:password@host/database),
    RETURNS_POSTGRES_ROLE the role that may read (returns_reader). With the first set,
    every run does this by itself.
    """
    from orchestration.postgres.publish import publish_to_postgres, told
    from orchestration.postgres.target import demanded_target

    target = demanded_target()
    home = chosen_home(home_path, must_exist=True)
    outcome = publish_to_postgres(
        home, target, patience=patience, again=again, force=force
    )
    click.echo(json.dumps(vars(outcome), indent=2) if as_json else told(outcome))
