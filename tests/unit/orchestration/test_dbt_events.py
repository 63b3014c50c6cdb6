"""What dbt's results become: events for Dagster, sentences for a person."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.transformation.dbt_events import (
    Keys,
    build_arguments,
    describe_failures,
)
from orchestration.transformation.dbt_process import NodeResult

MODEL = "model.returns_warehouse.fct_returns"
TEST = "test.returns_warehouse.primary_key_fct_returns.0a1b"
KEYS = Keys(
    assets={MODEL: dg.AssetKey(["facts", "fct_returns"])},
    checks={
        TEST: dg.AssetCheckKey(
            dg.AssetKey(["facts", "fct_returns"]), "primary_key_fct_returns"
        )
    },
)


def test_a_built_model_is_recorded_with_its_rows() -> None:
    event = KEYS.event(NodeResult(MODEL, "success", 0.25, rows=7))
    assert isinstance(event, dg.MaterializeResult)
    assert event.asset_key == dg.AssetKey(["facts", "fct_returns"])
    assert event.metadata is not None
    assert event.metadata["dagster/row_count"] == dg.MetadataValue.int(7)


@pytest.mark.parametrize(
    ("status", "passed", "severity"),
    [
        ("pass", True, dg.AssetCheckSeverity.WARN),
        ("warn", False, dg.AssetCheckSeverity.WARN),
        ("fail", False, dg.AssetCheckSeverity.ERROR),
        ("error", False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_a_data_test_is_a_check(
    status: str, passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    event = KEYS.event(NodeResult(TEST, status, 0.1, failures=3, message="Got 3"))
    assert isinstance(event, dg.AssetCheckResult)
    assert (event.passed, event.severity) == (passed, severity)


@pytest.mark.parametrize(
    "result",
    [
        NodeResult(MODEL, "error", 0.1),
        NodeResult(MODEL, "skipped", 0.0),
        NodeResult(TEST, "skipped", 0.0),
        NodeResult("operation.returns_warehouse.on-run-end-0", "success", 0.0),
    ],
)
def test_what_did_not_run_leaves_no_event(result: NodeResult) -> None:
    assert KEYS.event(result) is None


def test_a_whole_build_selects_nothing() -> None:
    """A selection would make the build a partial one in the eyes of the gate."""
    assert "--select" not in build_arguments(None)


def test_a_selection_builds_what_was_selected_and_no_more() -> None:
    arguments = build_arguments([MODEL, TEST])
    assert arguments[-5:] == [
        *("--indirect-selection", "empty"),
        *("--select", "fct_returns", "primary_key_fct_returns"),
    ]


def test_a_failure_tells_where_and_why_and_no_stack_of_macros() -> None:
    told = describe_failures(
        [
            NodeResult(
                MODEL,
                "error",
                0.1,
                message=(
                    "Runtime Error in model fct_returns (dbt_project/models/x.sql)\n"
                    '  Catalog Error: Table "y" does not exist!\n\n'
                    "  > in macro statement (macros/etc/statement.sql)\n"
                    "  compiled code at /some/where.sql"
                ),
            ),
            NodeResult(TEST, "fail", 0.1, failures=2, message="Got 2 results"),
        ]
    )
    assert told.splitlines() == [
        "2 dbt nodes failed; nothing was published.",
        "  model fct_returns (dbt_project/models/x.sql): "
        'Catalog Error: Table "y" does not exist!',
        "  test primary_key_fct_returns: Got 2 results",
    ]
