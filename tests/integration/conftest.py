"""One whole run on demo data, made once; tests that change things work on copies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.demo.generator import generate
from orchestration.running.run import RunOutcome, run
from orchestration.settings import Home, use_home
from tests.integration.postgres_server import database, postgres_server

__all__ = ["database", "postgres_server"]  # fixtures that live beside their server

if TYPE_CHECKING:
    from tests.integration.cause_units import Causes

ORDER_LINES = 2_000
SEED = 11


@pytest.fixture(autouse=True)
def same_environment() -> Iterator[None]:
    """Runs set the environment for what they start; the next test begins anew."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> RunOutcome:
    """A good run. Its home has a space in its path and must not be changed."""
    home = Home(tmp_path_factory.mktemp("a home") / "var")
    generate(home.demo, ORDER_LINES, SEED)
    outcome = run(home)
    assert outcome.success, outcome.problems
    return outcome


@pytest.fixture(scope="module")
def causes(demo_run: RunOutcome) -> Iterator[Causes]:
    """What the causes of the good run are worked out from, by other means."""
    from tests.integration.cause_units import Causes, warehouse_of

    for warehouse in warehouse_of(demo_run):
        yield Causes(warehouse)


@pytest.fixture
def copy_home(demo_run: RunOutcome, tmp_path: Path) -> Callable[[], Home]:
    """Give the home of the good run to a test that will change it."""

    def copy() -> Home:
        home = Home(tmp_path / "a copy")
        shutil.copytree(demo_run.home.root, home.root, symlinks=True)
        use_home(home)
        return home

    return copy
