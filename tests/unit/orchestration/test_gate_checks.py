"""The gate's verdict as Dagster checks: what blocks, what warns, what is shown."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from expectations.receipt import GateReport, Result
from expectations.suites import Expectation, Suite
from orchestration.gate.assets import (
    SUITES,
    asset_of,
    check_results,
    check_specs,
    describe_blocking,
)

EXPECTATION = Expectation("known", "Codes are known.", "critical", "x", {})
SUITE = Suite("fct_returns", "facts.fct_returns", "Returns", ("k",), (EXPECTATION,))


def result(status: str, severity: str = "critical", **details: Any) -> Result:
    return Result(
        suite="fct_returns",
        table="facts.fct_returns",
        expectation="known",
        description="Codes are known.",
        severity=severity,
        status=status,  # type: ignore[arg-type]
        **details,
    )


def report(*results: Result, passed: bool = False) -> GateReport:
    return GateReport(
        build_id="b",
        build_recorded_at=None,
        passed=passed,
        reason=None if passed else "a reason",
        warehouse=None,
        suites_sha256="s",
        compared_with=None,
        validated_at="2026-01-01",
        seconds=0.1,
        results=list(results),
    )


@pytest.mark.parametrize(
    ("status", "severity", "passed", "shown"),
    [
        ("passed", "critical", True, dg.AssetCheckSeverity.WARN),
        ("skipped", "critical", True, dg.AssetCheckSeverity.WARN),
        ("failed", "critical", False, dg.AssetCheckSeverity.ERROR),
        ("failed", "warning", False, dg.AssetCheckSeverity.WARN),
        # A question that could not be asked is no answer: it stops the publication.
        ("error", "warning", False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_each_answer_has_its_consequence(
    status: str, severity: str, passed: bool, shown: dg.AssetCheckSeverity
) -> None:
    [check] = check_results(report(result(status, severity)), [SUITE])
    assert (check.passed, check.severity) == (passed, shown)


def test_a_suite_without_answers_does_not_pass() -> None:
    [check] = check_results(report(passed=True), [SUITE])
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR


def test_a_failure_shows_what_was_seen_and_an_example() -> None:
    failed = result(
        "failed", observed="2 of 9 rows outside", sample=[{"k": "R|1"}], reason=None
    )
    [check] = check_results(report(failed), [SUITE])
    shown = str(check.metadata["answers"].value)
    assert "2 of 9 rows outside" in shown
    assert "k=R|1" in shown
    told = describe_blocking(report(failed))
    assert "facts.fct_returns known: 2 of 9 rows outside" in told
    assert "k=R|1" in told


def test_every_suite_is_one_blocking_check_on_its_table() -> None:
    specs = check_specs(SUITES)
    assert len(specs) == len({spec.key for spec in specs}) == len(SUITES) > 0
    assert all(spec.blocking for spec in specs)


def test_tables_of_the_ledger_have_the_landing_key() -> None:
    assert asset_of("raw.landing_files").path == ["landing", "landing_files"]
    assert asset_of("marts.kpi_x").path == ["marts", "kpi_x"]
