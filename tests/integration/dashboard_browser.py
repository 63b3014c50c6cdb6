"""What the tests of the dashboard share: a browser, a page, what it says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
WAIT_MS = 30_000


@contextmanager
def launched() -> Iterator[Any]:
    """Yield a headless browser; skip visibly where there is none."""
    if CHROMIUM is None:
        pytest.skip("looking at the dashboard needs chromium on the PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def looked_at(
    browser: Any, file: Path, size: str = "laptop", scheme: str = "light"
) -> Iterator[Any]:
    """Yield an offline page that fails the test if anything went wrong in it.

    Yielded is a function that opens an address of the dashboard and waits until its
    page is drawn.
    """
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        offline=True,
        accept_downloads=True,
        locale="en-GB",
    )
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def opened(name: str, query: str = "lang=en") -> Any:
        address = f"{file.as_uri()}#/{name}?{query}"
        if page.url not in ("about:blank", address):
            # Only what follows the # changes: the page draws anew, as by a link.
            page.evaluate("delete document.body.dataset.ready")
        page.goto(address)
        page.wait_for_selector(f"body[data-ready={name}]", timeout=WAIT_MS)
        return page

    yield opened
    schemes = ("file:", "data:", "blob:", "about:")
    assert [url for url in asked if not url.startswith(schemes)] == []
    assert said == []
    context.close()
