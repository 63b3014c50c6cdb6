"""``returns docs``: dbt's own page."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli_options import chosen_home, home_option


@click.command()
@home_option
def docs(home_path: Path | None) -> None:
    """Write every model with its SQL, columns and lineage, as dbt shows them.

    One page for a browser, <home>/dbt_docs/index.html, which opens from disk; each run
    writes it anew where the project has changed.
    """
    from orchestration.dbt_docs.page import write_dbt_docs
    from orchestration.transformation.dbt_process import ensure_manifest

    home = chosen_home(home_path, must_exist=True)
    page = write_dbt_docs(home, ensure_manifest(home))
    click.echo(f"Models, SQL and lineage: {page}.")
