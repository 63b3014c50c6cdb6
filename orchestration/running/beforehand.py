"""What a run that Dagster starts has begun before its first step: Dagster resources.

All steps run in one process, so what takes seconds to load can load while the first
steps work. ``returns run`` has begun it already, even earlier.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import dagster as dg

from orchestration.gate import gate_process
from orchestration.running.locking import is_held
from orchestration.settings import Home, home_from_environment
from orchestration.transformation import dbt_process


@dg.resource(description="dbt, which loads and parses while files land.")
def early_dbt(_context: dg.InitResourceContext) -> Iterator[None]:
    """Start dbt for the step that will build."""
    yield from _begun(dbt_process.prepared)


@dg.resource(description="The gate, which loads while tables are built.")
def early_gate(_context: dg.InitResourceContext) -> Iterator[None]:
    """Start the gate for the step that will ask it."""
    yield from _begun(gate_process.prepared)


def _begun(
    prepared: Callable[[Home], AbstractContextManager[object]],
) -> Iterator[None]:
    home = home_from_environment()
    if is_held(home):
        # By `returns run`, this process: all has begun. By another: the first step
        # will say so, and nothing may touch the home until then.
        yield
    else:
        with prepared(home):
            yield


EARLY = {
    "early_dbt": early_dbt,
    "early_gate": early_gate,
}
