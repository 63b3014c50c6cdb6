"""What dbt's results mean for Dagster and for a person. Decides; runs nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dagster as dg

from orchestration.errors import ReturnsError
from orchestration.transformation.dbt_process import NodeResult

_UNIQUE_ID = "dagster_dbt/unique_id"
_SHOWN_LINES = 8
# "Runtime Error in model kpi_x (dbt_project/models/…/kpi_x.sql)"
_HEADING = re.compile(r"[\w ]+ in \w+ \S+ \((?P<path>[^()]+)\)")

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


class BuildFailedError(ReturnsError):
    """Models or data tests failed; the message lists each with its reason."""

    def __init__(self, failed: Sequence[NodeResult]) -> None:
        self.failed = tuple(failed)
        super().__init__(describe_failures(failed))


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


def build_arguments(unique_ids: Sequence[str] | None) -> list[str]:
    """Return the arguments of ``dbt build`` for a selection, or for everything.

    Unit tests check the code, not the data: they run in ``make test``.
    """
    arguments = ["--exclude-resource-type", "unit_test"]
    if unique_ids is not None:
        names = [unique_id.split(".")[2] for unique_id in unique_ids]
        # Only what was selected: not every test that touches a selected model.
        arguments += ["--indirect-selection", "empty", "--select", *names]
    return arguments


def describe_failures(failed: Sequence[NodeResult]) -> str:
    """Return each failed node with the part of dbt's message that says why."""
    count = f"{len(failed)} dbt node{'s' if len(failed) > 1 else ''} failed"
    told = [f"{result.kind} {_where_and_why(result)}" for result in failed]
    return "\n  ".join([f"{count}; nothing was published.", *told])


def _where_and_why(result: NodeResult) -> str:
    lines = [line.strip() for line in (result.message or "no message").splitlines()]
    heading = _HEADING.fullmatch(lines[0])
    where = f" ({heading['path']})" if heading else ""
    why = [line for line in lines[1 if heading else 0 :] if _says_why(line)]
    return f"{result.name}{where}: " + "\n    ".join(why[:_SHOWN_LINES])


def _says_why(line: str) -> bool:
    return line != "" and not line.startswith(
        ("> in macro", "> called by", "compiled code at")
    )


def keys_of(assets: dg.AssetsDefinition) -> Keys:
    """Return the assets and checks of a definition, by their dbt node."""
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
