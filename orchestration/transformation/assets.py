"""The dbt project as Dagster assets: one op builds it, node by node as it goes."""

# No `from __future__ import annotations` here: Dagster reads the context's class.
from collections.abc import Iterator

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.running import progress
from orchestration.running.locking import writing
from orchestration.settings import home_from_environment
from orchestration.transformation import dbt_process
from orchestration.transformation.dbt_events import (
    BuildFailedError,
    Event,
    build_arguments,
    keys_of,
)
from orchestration.transformation.dbt_process import NodeResult, Progress

PHASE = "build"


@dbt_assets(  # type: ignore[untyped-decorator]  # dagster_dbt carries no types
    manifest=dbt_process.ensure_manifest(home_from_environment()),
    name="dbt_build",
    required_resource_keys={"early_dbt"},
)
def warehouse(context: dg.AssetExecutionContext) -> Iterator[Event]:
    """Build the seeds, models and data tests that were selected."""
    home = home_from_environment()
    keys = keys_of(context.assets_def)
    names = [*keys.assets, *keys.checks] if context.is_subset else None
    failed: list[NodeResult] = []
    with progress.phase(PHASE), writing(home, "dbt build"):
        with dbt_process.taken(home) as dbt:
            for said in dbt.build(build_arguments(names)):
                if isinstance(said, Progress):
                    progress.advance(PHASE, f"{said.index}/{said.total}")
                    continue
                progress.learn(PHASE, said)
                failed += [said] if said.failed else []
                event = keys.event(said)
                if event is not None:
                    yield event
        if failed:
            raise BuildFailedError(failed)
