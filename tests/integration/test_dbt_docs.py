"""dbt's own page in a real browser, opened from disk with nothing to call."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt_docs.page import write_dbt_docs
from orchestration.running.run import RunOutcome
from orchestration.settings import PROJECT_ROOT, Home
from tests.integration.test_dagster_ui import CHROMIUM, FLAGS, WAIT_MS

MODEL = "model.returns_warehouse.kpi_scorecard_by_seller_month"

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="looking at a page needs chromium on the PATH"
)


@needs_browser
def test_the_page_opens_from_disk_and_asks_nobody(demo_run: RunOutcome) -> None:
    from playwright.sync_api import sync_playwright

    page_file = demo_run.home.dbt_docs / "index.html"
    asked: list[str] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page: Any = browser.new_page(viewport={"width": 1366, "height": 768})
        page.context.set_offline(True)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{page_file.as_uri()}#!/model/{MODEL}")
        page.wait_for_selector("text=seller_id", timeout=WAIT_MS, state="attached")
        text = page.inner_text("body")
        browser.close()
    assert "kpi_scorecard_by_seller_month" in text
    assert "DECIMAL" in text or "DOUBLE" in text
    assert errors == []
    foreign = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    assert foreign == []


def test_a_run_writes_it_without_the_places_of_this_machine(
    demo_run: RunOutcome,
) -> None:
    text = (demo_run.home.dbt_docs / "index.html").read_text(encoding="utf-8")
    for place in (PROJECT_ROOT, demo_run.home.root, Path(sys.prefix)):
        assert str(place) not in text
    assert "INLINE DATA" not in text


def test_it_is_written_anew_only_when_the_project_has_changed(
    copy_home: Callable[[], Home],
) -> None:
    home = copy_home()
    manifest = home.dbt_target / "manifest.json"
    page = write_dbt_docs(home, manifest)
    written = page.stat().st_mtime_ns
    assert write_dbt_docs(home, manifest).stat().st_mtime_ns == written
    shutil.copyfile(manifest, manifest.with_suffix(".new"))
    manifest.with_suffix(".new").replace(manifest)
    assert write_dbt_docs(home, manifest).stat().st_mtime_ns > written
