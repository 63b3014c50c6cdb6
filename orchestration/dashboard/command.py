"""``returns dashboard``: build it anew, open it, or serve it on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli_options import FOLDER, chosen_home, home_option


@click.command()
@click.option(
    "--out", type=FOLDER, help="Folder to write to. [default: <home>/dashboard]"
)
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@click.option(
    "--serve", is_flag=True, help="Serve it to this machine until Ctrl-C, and open it."
)
@click.option("--port", type=int, default=8080, show_default=True, help="Port to use.")
@home_option
def dashboard(
    out: Path | None, is_opened: bool, serve: bool, port: int, home_path: Path | None
) -> None:
    """Build the dashboard of what is published, in English and Chinese.

    One file that opens from disk, without a server or a network; each run builds it
    anew.
    """
    from orchestration.dashboard.building import build_dashboard

    home = chosen_home(home_path, must_exist=True)
    page = build_dashboard(home, None if out is None else out.resolve())
    click.echo(f"The dashboard: {page} (中文: {page.with_name('zh.html')}).")
    if serve:
        from orchestration.dashboard.serving import serve_until_interrupted

        serve_until_interrupted(page.parent, port)
    elif is_opened:
        click.launch(page.as_uri())
