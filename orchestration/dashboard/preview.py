"""Builds the dashboard, or one page of it, and takes pictures of it.

For those who write pages: ``python -m orchestration.dashboard.preview --help``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from orchestration.dashboard.building import build_dashboard
from orchestration.dashboard.pages import PAGES, load_page, load_pages
from orchestration.settings import Home, home_from_environment

SIZES = {"laptop": (1366, 768), "phone": (390, 844)}


@click.command()
@click.option("--home", "root", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.")
@click.option("--page", "names", multiple=True, help="Only this page; repeatable.")
@click.option("--shots", type=click.Path(path_type=Path), help="Folder for pictures.")
@click.option("--query", default="", help="What to choose: seller=…&marketplace=DE.")
@click.option("--dark", is_flag=True, help="Take the pictures in the dark.")
def preview(
    root: Path | None,
    out: Path | None,
    names: tuple[str, ...],
    shots: Path | None,
    query: str,
    dark: bool,
) -> None:
    """Write the dashboard of a home and say where; with --shots, look at it."""
    home = home_from_environment() if root is None else Home(root.resolve())
    if names:
        # Only these files are read: others may be half-written.
        paths = [p for p in sorted(PAGES.glob("*.yml")) if p.stem[3:] in names]
        pages = tuple(load_page(path) for path in paths)
    else:
        pages = load_pages()
    page = build_dashboard(home, out and out.resolve(), pages)
    click.echo(f"{page} ({page.stat().st_size / 1e6:.2f} MB)")
    if shots is not None:
        scheme = "dark" if dark else "light"
        take_pictures(page, shots, [one.name for one in pages], query, scheme)


def take_pictures(
    page: Path, folder: Path, names: list[str], query: str, scheme: str
) -> None:
    """Take a picture of each page, in each language, on laptop and phone."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        for size, (width, height) in SIZES.items():
            seen = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            seen.on("console", lambda message: click.echo(f"console: {message.text}"))
            seen.on("pageerror", lambda error: click.echo(f"error: {error}"))
            for name in names:
                for language in ("en", "zh"):
                    address = f"{page.as_uri()}#/{name}?lang={language}&{query}"
                    seen.goto("about:blank")
                    seen.goto(address)
                    seen.wait_for_selector(f"body[data-ready={name}]", timeout=20_000)
                    target = folder / f"{name}-{language}-{size}-{scheme}.png"
                    seen.screenshot(path=target, full_page=True)
                    click.echo(str(target))
        browser.close()


if __name__ == "__main__":
    preview()
