"""The dbt project as Dagster assets: one op builds it, node by node as it goes."""

# No `from __future__ import annotations` here: Dagster reads the config's class.
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration import dbt_process, progress
from orchestration.dbt_process import NodeResult, Progress
from orchestration.errors import ReturnsError
from orchestration.locking import writing
from orchestration.settings import home_from_environment

PHASE = "build"
_UNIQUE_ID = "dagster_dbt/unique_id"
_SHOWN_LINES = 8

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


class BuildFailedError(ReturnsError):
    """Models or data tests failed; the message lists each with its reason."""

    def __init__(self, failed: Sequence[NodeResult]) -> None:
        self.failed = tuple(failed)
        super().__init__(describe_failures(failed))


class BuildConfig(dg.Config):
    """How to build."""

    refresh: bool = False


@dataclass(frozen=True)
class Keys:
    """Which asset or check a dbt node is, in the selection of one run."""

    assets: Mapping[str, dg.AssetKey]
    checks: Mapping[str, dg.AssetCheckKey]

    def event(self, result: NodeResult) -> Event | None:
        """Return what Dagster should record of a node; None if it did not run."""
        if result.unique_id in self.assets and result.status == "success":
            return dg.MaterializeResult(
                asset_key=self.assets[result.unique_id], metadata=_metadata(result)
            )
        check = self.checks.get(result.unique_id)
        if check is None or result.status == "skipped":
            return None
        severity = dg.AssetCheckSeverity.WARN
        if result.failed:
            severity = dg.AssetCheckSeverity.ERROR
        return dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=check.name,
            passed=result.status == "pass",
            severity=severity,
            metadata=_metadata(result),
        )


@dbt_assets(  # type: ignore[untyped-decorator]  # dagster_dbt carries no types
    manifest=dbt_process.ensure_manifest(home_from_environment()),
    name="dbt_build",
)
def warehouse(
    context: dg.AssetExecutionContext, config: BuildConfig
) -> Iterator[Event]:
    """Build the seeds, models and data tests that were selected."""
    home = home_from_environment()
    keys = _keys(context.assets_def)
    names = [*keys.assets, *keys.checks] if context.is_subset else None
    failed: list[NodeResult] = []
    with progress.phase(PHASE), writing(home, "dbt build"):
        with dbt_process.taken(home) as dbt:
            for said in dbt.build(build_arguments(names, refresh=config.refresh)):
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


def build_arguments(unique_ids: Sequence[str] | None, *, refresh: bool) -> list[str]:
    """Return the arguments of ``dbt build`` for a selection, or for everything.

    Unit tests check the code, not the data: they run in ``make test``.
    """
    arguments = ["--exclude-resource-type", "unit_test"]
    if refresh:
        arguments.append("--full-refresh")
    if unique_ids is not None:
        names = [unique_id.split(".")[2] for unique_id in unique_ids]
        # Only what was selected: not every test that touches a selected model.
        arguments += ["--indirect-selection", "empty", "--select", *names]
    return arguments


def describe_failures(failed: Sequence[NodeResult]) -> str:
    """Return each failed node with the part of dbt's message that says why."""
    found = [f"{result.kind} {result.name}: {_reason(result)}" for result in failed]
    count = f"{len(found)} dbt node{'s' if len(found) > 1 else ''} failed"
    return "\n  ".join([f"{count}; nothing was published.", *found])


def _reason(result: NodeResult) -> str:
    lines = [line.strip() for line in (result.message or "no message").splitlines()]
    told = [line for line in lines if line and not _is_where(line)]
    return "\n    ".join(told[:_SHOWN_LINES])


def _is_where(line: str) -> bool:
    return line.startswith(("> in macro", "> called by", "compiled code at"))


def _keys(assets: dg.AssetsDefinition) -> Keys:
    return Keys(
        assets={
            assets.get_asset_spec(key).metadata[_UNIQUE_ID]: key for key in assets.keys
        },
        checks={
            assets.get_spec_for_check_key(key).metadata[_UNIQUE_ID]: key
            for key in assets.check_keys
        },
    )


def _metadata(result: NodeResult) -> dict[str, dg.MetadataValue]:
    metadata: dict[str, dg.MetadataValue] = {
        "seconds": dg.MetadataValue.float(round(result.seconds, 3))
    }
    if result.rows is not None:
        metadata["dagster/row_count"] = dg.MetadataValue.int(result.rows)
    if result.kind == "test" and result.status != "pass":
        metadata["failures"] = dg.MetadataValue.int(result.failures or 0)
        metadata["message"] = dg.MetadataValue.text(result.message or "")
    return metadata
