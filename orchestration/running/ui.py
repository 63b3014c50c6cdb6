"""Starts Dagster's UI on a home."""

from __future__ import annotations

import sys

from orchestration.running import instance
from orchestration.settings import PROJECT_ROOT, Home, use_home
from orchestration.transformation import dbt_process


def command(home: Home, port: int) -> list[str]:
    """Return the command that serves the UI, once the home is ready for it."""
    home.root.mkdir(parents=True, exist_ok=True)
    use_home(home)
    instance.prepare(home)
    # Now, once: else each of Dagster's processes would read the dbt project anew.
    dbt_process.ensure_manifest(home)
    return [
        # Dagster recommends another command of its own, which we do not need.
        *(sys.executable, "-W", "ignore", "-m", "dagster", "dev"),
        *("--module-name", "orchestration.definitions"),
        *("--working-directory", str(PROJECT_ROOT)),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]
