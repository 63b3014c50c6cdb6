"""Dagster's UI in a real browser: the lineage from a file to a published mart."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.running.run import RunOutcome
from orchestration.settings import PROJECT_ROOT, Home

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 60_000
GROUPS = (
    *("raw", "reference", "staging", "intermediate"),
    *("facts", "marts", "published"),
)
SCORECARD = "kpi_scorecard_by_seller_month"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="the tests of Dagster's UI need chromium on the PATH"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(
    demo_run: RunOutcome, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    tmp_path = tmp_path_factory.mktemp("ui")
    home = Home(tmp_path / "home")
    shutil.copytree(demo_run.home.root, home.root, symlinks=True)
    port = free_port()
    server = Path(sys.executable).with_name("dagster-webserver")
    log = (tmp_path / "webserver.log").open("w")
    process = subprocess.Popen(
        [
            *(str(server), "--host", "127.0.0.1", "--port", str(port)),
            *("--module-name", "orchestration.definitions"),
            *("--working-directory", str(PROJECT_ROOT)),
        ],
        env={
            **os.environ,
            "RETURNS_HOME": str(home.root),
            "DAGSTER_HOME": str(home.dagster),
        },
        stdout=log,
        stderr=log,
        start_new_session=True,
        # Dagster gives SIGTERM the handler of SIGINT; where that is ignored, as under
        # a shell's `&`, the server could not be stopped.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1900, "height": 1100})
        foreign: list[str] = []
        page.on("request", lambda request: note_foreign(foreign, request.url, address))
        wait_for_server(page, address)
        yield page
        browser.close()
    assert foreign == [], "the UI asked other hosts"


def note_foreign(foreign: list[str], url: str, address: str) -> None:
    if url.startswith("http") and not url.startswith(address):
        foreign.append(url)


def wait_for_server(page: Any, address: str) -> None:
    from playwright.sync_api import Error

    for _ in range(240):
        try:
            page.goto(address)
        except Error:
            page.wait_for_timeout(250)
        else:
            return
    raise AssertionError("Dagster's server did not start")


def picture(page: Any, tmp_path: Path, name: str) -> None:
    folder = Path(os.environ.get("RETURNS_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(folder / f"{name}.png"))


def test_the_way_of_a_file_to_the_scorecard_is_shown(
    page: Any, address: str, tmp_path: Path
) -> None:
    way = f"/assets/published/{SCORECARD}?view=lineage&lineageScope=upstream"
    page.goto(f"{address}{way}&lineageDepth=12")
    page.wait_for_selector(f"text={SCORECARD}", timeout=WAIT_MS)
    # Long names are cut in the middle of the graph's nodes.
    for name in ("mfn_returns", "fct_returns", *GROUPS):
        page.wait_for_selector(f"svg >> text={name}", timeout=WAIT_MS, state="attached")
    picture(page, tmp_path, "lineage")


def test_every_layer_is_a_group(page: Any, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/asset-groups")
    for group in GROUPS:
        page.wait_for_selector(f"svg >> text={group}", timeout=WAIT_MS)
    picture(page, tmp_path, "groups")


def test_the_gates_answers_are_shown(page: Any, address: str, tmp_path: Path) -> None:
    where = f"/assets/marts/{SCORECARD}?view=checks&checkDetail=expectations"
    page.goto(f"{address}{where}")
    page.wait_for_selector("text=blocking asset check", timeout=WAIT_MS)
    page.wait_for_selector("text=asked", timeout=WAIT_MS)
    picture(page, tmp_path, "checks")


def test_the_run_of_the_command_line_is_listed(
    page: Any, address: str, tmp_path: Path
) -> None:
    page.goto(f"{address}/runs")
    page.wait_for_selector("text=Success", timeout=WAIT_MS)
    page.wait_for_selector("text=returns_pipeline", timeout=WAIT_MS)
    picture(page, tmp_path, "runs")
