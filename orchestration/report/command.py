"""``returns report``: the monthly report by hand."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli_options import chosen_home, home_option


@click.command()
@click.option("--month", help="YYYY-MM. [default: the last whole month of the data]")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language. [default: both]"
)
@click.option("--seller", help="One seller account.")
@click.option("--all", "every", is_flag=True, help="Every seller. [default]")
@home_option
def report(
    month: str | None,
    lang: str | None,
    seller: str | None,
    every: bool,
    home_path: Path | None,
) -> None:
    """Write the report of a month as HTML and PDF, one for each seller account.

    Made from the published version; <home>/reports/index.html lists all there are.
    """
    if seller is not None and every:
        raise click.UsageError("Name one seller with --seller, or take --all of them.")
    from orchestration.report.writing import month_of, write_reports
    from orchestration.transformation.dbt_process import ensure_manifest

    home = chosen_home(home_path, must_exist=True)
    chosen = None if month is None else month_of(month)
    languages = ("en", "zh") if lang is None else (lang,)
    manifest = ensure_manifest(home)
    for written in write_reports(home, manifest, chosen, seller, languages):
        click.echo(f"{written.page}\n{written.pdf}")
