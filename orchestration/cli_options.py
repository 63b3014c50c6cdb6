"""What several commands of ``returns`` take: the home they work on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from orchestration.running.homes import demand_home
from orchestration.settings import Home, home_from_environment

FOLDER = click.Path(path_type=Path)


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--home``, as ``home_path``."""
    return click.option(
        "--home",
        "home_path",
        type=FOLDER,
        help="Directory of everything generated. [default: RETURNS_HOME, or var in "
        "the project]",
    )(command)


def chosen_home(path: Path | None, *, must_exist: bool = False) -> Home:
    """Return the home that a command was given, else the environment's."""
    home = home_from_environment() if path is None else Home(path.resolve())
    demand_home(home, must_exist=must_exist)
    return home
