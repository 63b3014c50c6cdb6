"""The two dashboards in a real Superset on a real PostgreSQL, seen in a browser.

``make test-superset`` installs Superset in an environment of its own and runs this; it
is too heavy for every run of the suite.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orchestration.running.run import RunOutcome
from orchestration.settings import PROJECT_ROOT
from orchestration.superset.assets import read
from tests.integration.postgres_server import Server, _free_port, running_server

INSTALLED = os.environ.get("RETURNS_TEST_SUPERSET")
SECRET = "a secret of the test"
DASHBOARDS = ("returns-overview", "returns-evidence")
PATIENCE_SECONDS = 180

pytestmark = pytest.mark.skipif(
    INSTALLED is None, reason="make test-superset runs it, in an environment of its own"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture(scope="module")
def tables(server: Server, demo_run: RunOutcome) -> str:
    """The published tables in PostgreSQL, as our own command puts them there."""
    url = server.new_database()
    returns("postgres", "--home", str(demo_run.home.root), RETURNS_POSTGRES_URL=url)
    return url


@pytest.fixture(scope="module")
def address(
    server: Server, tables: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A Superset with nothing in it but its first user."""
    folder = tmp_path_factory.mktemp("superset")
    environment = os.environ | {
        "SUPERSET_SECRET_KEY": "of the test, and longer than forty-two letters",
        "SUPERSET_METADATA_URL": server.new_database(),
        "SUPERSET_CONFIG_PATH": str(PROJECT_ROOT / "bi/superset/superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "FLASK_APP": "superset.app:create_app()",
    }
    programs = Path(str(INSTALLED)) / "bin"
    who = ("--username", "admin", "--firstname", "A", "--lastname", "B")
    for words in (
        ("db", "upgrade"),
        ("fab", "create-admin", *who, "--email", "a@example.com", "--password", SECRET),
        ("init",),
    ):
        done = subprocess.run(
            [programs / "superset", *words],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
    with served(programs, environment, folder / "log") as url:
        yield url


@contextmanager
def served(programs: Path, environment: dict[str, str], log: Path) -> Iterator[str]:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    words = ["-w", "1", "-k", "gthread", "--threads", "8", "-t", "120"]
    with log.open("w") as written:
        process = subprocess.Popen(
            [
                *(programs / "gunicorn", *words, "-b", url.removeprefix("http://")),
                "superset.app:create_app()",
            ],
            env=environment,
            stdout=written,
            stderr=written,
        )
    try:
        limit = time.monotonic() + PATIENCE_SECONDS
        while not answers(f"{url}/health"):
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < limit, log.read_text()[-3000:]
        yield url
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def returns(*words: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *words],
        cwd=PROJECT_ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def loaded(url: str, tables: str, home: Path, language: str) -> None:
    said = returns(
        *("superset", "--url", url, "--lang", language, "--home", str(home)),
        RETURNS_SUPERSET_DATABASE_URL=tables,
        RETURNS_SUPERSET_PASSWORD=SECRET,
    )
    assert SECRET not in said
    assert all(f"/superset/dashboard/{name}/" in said for name in DASHBOARDS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_dashboards_paint_every_chart_from_the_tables(
    address: str, tables: str, demo_run: RunOutcome, tmp_path: Path, language: str
) -> None:
    """Also a second time and in another language: assets are changed, not added."""
    loaded(address, tables, demo_run.home.root, language)
    browser = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or pytest.skip("no chromium here")
    kinds = {chart.title: chart for chart in read(language).charts.values()}
    with browser.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        page = chromium.new_page(viewport={"width": 1366, "height": 6000})
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        signed_in(page, address)
        for name in DASHBOARDS:
            answered = seen(page, address, name)
            page.screenshot(path=tmp_path / f"{name}.{language}.png")
            assert answered
            assert not [a for a in answered if a["error"] or a["status"] != "success"]
            checked(answered, tables)
            shown = page.inner_text("body")
            dashboard = name.replace("-", "_")
            rows = next(
                d.rows for d in read(language).dashboards if d.name == dashboard
            )
            titles = [read(language).charts[c].title for _, row in rows for c, _ in row]
            assert all(title in shown for title in titles)
            assert set(titles) <= kinds.keys()
        chromium.close()


def signed_in(page: Any, address: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("#username", "admin")
    page.fill("#password", SECRET)
    page.press("#password", "Enter")
    page.wait_for_url("**/welcome/**")


def seen(page: Any, address: str, name: str) -> list[dict[str, Any]]:
    """Return what Superset answered while it painted a dashboard to the end."""
    answers_of_page: list[dict[str, Any]] = []

    def note(response: Any) -> None:
        if "/api/v1/chart/data" in response.url:
            assert response.ok, response.text()[:2000]
            answers_of_page.extend(response.json()["result"])

    page.on("response", note)
    page.goto(f"{address}/superset/dashboard/{name}/")
    page.wait_for_selector(".dashboard-chart")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "!document.querySelector('.dashboard-chart .loading,"
        " .dashboard-chart [aria-label=Loading]')"
    )
    page.remove_listener("response", note)
    return answers_of_page


def checked(answered: list[dict[str, Any]], tables: str) -> None:
    """A chart is given rows where PostgreSQL has rows for the same question."""
    with psycopg.connect(tables) as connection:
        for answer in answered:
            query = answer["query"].strip().rstrip(";")
            rows = connection.execute(f"select count(*) from ({query}) told").fetchone()
            assert rows is not None
            # A row a month holds all its series, so there may be fewer, never none.
            assert answer["rowcount"] <= rows[0], query
            assert bool(answer["rowcount"]) == bool(rows[0]), query
