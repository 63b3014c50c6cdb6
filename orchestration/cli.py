"""``returns``: the command line. Thin: every command is one call of a module."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from orchestration.alerts.command import alerts
from orchestration.cli_options import FOLDER, chosen_home, home_option
from orchestration.dashboard.command import dashboard
from orchestration.dbt_docs.command import docs
from orchestration.postgres.command import postgres
from orchestration.report.command import report
from orchestration.settings import debug_from_environment
from orchestration.superset.command import superset
from orchestration.terminal.explaining import explained, unexpected


class Commands(click.Group):
    """Says what went wrong in one sentence; the traceback is for those who ask."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command and turn what rises into a sentence and an exit status."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted: what was published before is unchanged.", err=True)
            sys.exit(130)
        except Exception as error:
            if context.params.get("debug") or debug_from_environment():
                raise
            click.echo(f"Error: {explained(error) or unexpected(error)}", err=True)
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="returns-warehouse", prog_name="returns")
def main(debug: bool) -> None:
    """How well does an Amazon seller manage returns?

    Lands Amazon's reports, builds facts and measures, checks them, and publishes
    them as tables in <home>/published/current.
    """


@main.command()
@click.option("--out", type=FOLDER, required=True, help="Folder to write to.")
@click.option(
    "--orders",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Order lines to generate.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Same seed, same files."
)
def demo(out: Path, orders: int, seed: int) -> None:
    """Generate demo data in Amazon's formats.

    Writes OUT/inbox, to be landed, and OUT/truth, what really happened.
    """
    from orchestration.demo.generator import generate

    generate(out.resolve(), orders, seed, _say)
    click.echo(
        f"Generated {out / 'inbox'}; what really happened is in {out / 'truth'}."
    )


@main.command()
@click.option(
    "--inbox",
    type=FOLDER,
    help="Folder of Amazon's files. [default: <home>/inbox, else the last run's, "
    "else generated demo data]",
)
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def run(
    context: click.Context,
    inbox: Path | None,
    home_path: Path | None,
    as_json: bool,
) -> None:
    """Land the files, build the tables, ask the gate, publish.

    Ends with a summary of what was found. The exit status is 0 only if the new
    version was published; otherwise readers keep the last good one.
    """
    from orchestration.running import progress
    from orchestration.running.run import run as run_pipeline
    from orchestration.terminal.console import Console
    from orchestration.terminal.telling import summarised, written

    home = chosen_home(home_path)
    with progress.heard_by(Console()):
        outcome = run_pipeline(home, inbox)
    summary = summarised(home, outcome.record) if outcome.success else None
    if as_json:
        found = {**outcome.to_json(), "summary": summary and summary.to_json()}
        click.echo(json.dumps(found, indent=2, default=str))
    elif summary is not None:
        click.echo(written(summary, outcome))
    if not outcome.success:
        _raise_if_asked(context, outcome.record.failures)
        for problem in outcome.problems:
            click.echo(f"Error: {problem}", err=True)
        sys.exit(1)


def _raise_if_asked(
    context: click.Context, failures: list[tuple[str, Exception]]
) -> None:
    asked = context.find_root().params.get("debug") or debug_from_environment()
    if asked and failures:
        raise failures[0][1]


@main.command()
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
def status(home_path: Path | None, as_json: bool) -> None:
    """Show what is published, how the last run went, what landed."""
    from orchestration.terminal.status import status_of, told

    found = status_of(chosen_home(home_path))
    click.echo(json.dumps(found, indent=2, default=str) if as_json else told(found))


@main.command()
@click.argument("name", required=False)
@click.option(
    "--check", "mapping", type=FOLDER, help="Check a mapping of your own (YAML)."
)
@click.option(
    "--try",
    "file",
    type=FOLDER,
    help="Say what would become of a file, and keep nothing.",
)
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def sources(
    name: str | None,
    mapping: Path | None,
    file: Path | None,
    home_path: Path | None,
    as_json: bool,
) -> None:
    """List what can land, and from which tools; check a mapping; try a file.

    NAME is one source, to see its columns. Mappings of your own lie in
    <home>/mappings, or in the folder that RETURNS_MAPPINGS names.
    """
    from orchestration.terminal import landable

    home = chosen_home(home_path)
    found: Any
    if file is not None:
        found = landable.tried(file, home, mapping)
        text = landable.told_tried(found)
    elif mapping is not None:
        found = landable.checked(mapping, home)
        text = landable.told_checked(found)
    else:
        found = landable.landable(home)
        text = landable.told(found)
        if name is not None:
            found = landable.named(found, name)
            text = "\n\n".join(map(landable.told_in_full, found))
    click.echo(json.dumps(found, indent=2, default=str) if as_json else text)
    if file is not None and found["status"] == "refused":
        sys.exit(1)


@main.command()
@home_option
def publish(home_path: Path | None) -> None:
    """Publish the newest build, if the gate passed exactly this build."""
    from orchestration.publication.publish import publish as publish_build
    from orchestration.running.locking import writing

    home = chosen_home(home_path, must_exist=True)
    with writing(home, "returns publish"):
        published = publish_build(home)
    news = "Published" if published.is_new else "Already published, shown again:"
    click.echo(f"{news} {published.version} in {home.published / 'current'}.")


@main.command()
@click.argument("version", required=False)
@home_option
def rollback(version: str | None, home_path: Path | None) -> None:
    """Show readers an earlier VERSION again; without one, the one before.

    VERSION is a name as `returns status` shows it (v12-3f2a91c0), or its number.
    """
    from orchestration.publication.versions import rollback as roll_back

    home = chosen_home(home_path, must_exist=True)
    shown = roll_back(home, version)
    click.echo(
        f"Readers of {home.published / 'current'} now see {shown.version}. Pages and "
        "PostgreSQL follow with `returns dashboard` and `returns postgres`."
    )


@main.command()
@click.option(
    "--out", type=FOLDER, help="Folder to write to. [default: <home>/dictionary]"
)
@home_option
def dictionary(out: Path | None, home_path: Path | None) -> None:
    """Write what each metric and table means, in English and Chinese.

    Two pages for a browser, made from the definitions the tables are built from; each
    publication writes them anew.
    """
    from orchestration.dictionary.pages import write_dictionary
    from orchestration.transformation.dbt_process import ensure_manifest

    home = chosen_home(home_path)
    folder = home.dictionary if out is None else out.resolve()
    page = write_dictionary(ensure_manifest(home), folder)
    click.echo(f"What each number means: {page} (中文: {page.with_name('zh.html')}).")


@main.command()
@home_option
@click.option("--port", type=int, default=3000, show_default=True, help="Port to use.")
def ui(home_path: Path | None, port: int) -> None:
    """Open Dagster's UI on this home: lineage, runs, checks, sensor, schedule."""
    from orchestration.running.ui import command

    home = chosen_home(home_path)
    words = command(home, port)
    click.echo(
        f"Dagster's UI for {home.root}: http://127.0.0.1:{port} (Ctrl-C ends it)"
    )
    os.execv(words[0], words)  # noqa: S606 - our own words


def _say(text: str) -> None:
    click.echo(text, err=True)


main.add_command(alerts)
main.add_command(dashboard)
main.add_command(docs)
main.add_command(postgres)
main.add_command(report)
main.add_command(superset)


if __name__ == "__main__":
    main()
