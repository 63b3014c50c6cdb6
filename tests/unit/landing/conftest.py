from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.landing.lake import ensure_tables
from orchestration.settings import Home
from tests.unit.landing.trial import Trial


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its empty tables: made once, copied for every test."""
    home = Home(tmp_path_factory.mktemp("landing") / "home")
    ensure_tables(home)
    return home.root


@pytest.fixture
def new_trial(empty_home: Path, tmp_path: Path) -> Callable[[str], Trial]:
    """Make trials with an inbox and a home of their own."""

    def make(name: str) -> Trial:
        shutil.copytree(empty_home, tmp_path / name / "home")
        inbox = tmp_path / name / "inbox"
        inbox.mkdir()
        return Trial(inbox, Home(tmp_path / name / "home"))

    return make


@pytest.fixture
def trial(new_trial: Callable[[str], Trial]) -> Trial:
    return new_trial("trial")
