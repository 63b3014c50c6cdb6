"""The metrics dictionary beside what was published, looked at in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.running.run import RunOutcome

CHROMIUM = shutil.which("chromium")
SIZES = {"laptop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("looking at the pages needs chromium on the PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def test_a_publication_leaves_the_dictionary_and_the_command_writes_the_same(
    demo_run: RunOutcome, tmp_path: Path
) -> None:
    home = demo_run.home
    done = CliRunner().invoke(
        main, ["dictionary", "--home", str(home.root), "--out", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "index.html") in done.output
    for page in ("index.html", "zh.html"):
        written = (home.dictionary / page).read_text(encoding="utf-8")
        assert written == (tmp_path / page).read_text(encoding="utf-8")
        assert "kpi_scorecard_by_seller_month" in written


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["index.html", "zh.html"])
def test_it_is_readable(
    demo_run: RunOutcome, browser: Any, page: str, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    seen = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    asked: list[str] = []
    seen.on("request", lambda request: asked.append(request.url))
    seen.goto(f"{(demo_run.home.dictionary / page).as_uri()}#metric-return_rate")
    # As a reader who has opened everything: the widest the page can get.
    seen.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert seen.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.locator("#metric-return_rate h4").is_visible()
    light, ink = (
        seen.evaluate(f"getComputedStyle(document.body).{what}")
        for what in ("backgroundColor", "color")
    )
    assert (brightness(light) > brightness(ink)) == (scheme == "light")
    assert [url for url in asked if not url.startswith("file:")] == []
    seen.close()


def test_the_other_language_opens_at_the_same_entry(
    demo_run: RunOutcome, browser: Any
) -> None:
    page = browser.new_page()
    page.goto((demo_run.home.dictionary / "index.html").as_uri())
    page.click("#metric-return_rate a.switch")
    assert page.url.endswith("/zh.html#metric-return_rate")
    assert page.locator("#metric-return_rate h4").inner_text() == "退货率"
    page.close()


def brightness(colour: str) -> int:
    """Add up the parts of ``rgb(r, g, b)``."""
    return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(", ")))
