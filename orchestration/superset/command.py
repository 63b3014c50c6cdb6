"""``returns superset``: the dashboards of ``bi/superset`` into a Superset."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli_options import FOLDER, chosen_home, home_option
from orchestration.settings import (
    postgres_url_from_environment,
    superset_database_from_environment,
    superset_password_from_environment,
)


@click.command()
@click.option("--url", help="Address of Superset, such as http://127.0.0.1:8088.")
@click.option("--user", default="admin", show_default=True, help="Who loads them.")
@click.option(
    "--out",
    type=FOLDER,
    help="Write the archive to this file instead of loading it.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of titles, columns and definitions.",
)
@home_option
def superset(
    url: str | None, user: str, out: Path | None, language: str, home_path: Path | None
) -> None:
    """Load datasets, metrics, charts and two dashboards into Apache Superset.

    Superset reads the tables in PostgreSQL: at RETURNS_SUPERSET_DATABASE_URL, best as
    the role that may only read, else at RETURNS_POSTGRES_URL. The password of --user
    is taken from RETURNS_SUPERSET_PASSWORD. A second load changes what the first left.
    """
    from orchestration.superset.assets import read
    from orchestration.superset.bundle import bundle, zipped
    from orchestration.superset.datasets import words_of
    from orchestration.superset.loading import Superset, load, masked
    from orchestration.transformation.dbt_process import ensure_manifest

    if (url is None) == (out is None):
        raise click.UsageError("Say where to: either --url or --out.")
    home = chosen_home(home_path)
    database = superset_database_from_environment() or postgres_url_from_environment()
    if database is None:
        raise click.UsageError(
            "Name the database: set RETURNS_SUPERSET_DATABASE_URL or "
            "RETURNS_POSTGRES_URL."
        )
    address, secret = masked(database)
    words, manifest = words_of(ensure_manifest(home), language)
    files = bundle(manifest, read(language), words, address)
    if out is not None:
        out.write_bytes(zipped(files))
        click.echo(f"Wrote {out}: {len(files)} assets for Superset.")
        return
    password = superset_password_from_environment()
    if password is None:
        raise click.UsageError(f"Set RETURNS_SUPERSET_PASSWORD: who is {user}?")
    load(Superset(str(url), user, password), files, secret)
    click.echo(f"Loaded {len(files)} assets. The dashboards are at:")
    for name in ("returns-overview", "returns-evidence"):
        click.echo(f"  {str(url).rstrip('/')}/superset/dashboard/{name}/")
