"""Whether the gate's stored verdict allows exactly this build to be published."""

from __future__ import annotations

from pathlib import Path

from expectations.receipt import (
    Fingerprint,
    GateError,
    GateReport,
    read_receipt,
    receipt_path,
)
from expectations.suites import SUITES, load_suites, suites_sha256
from orchestration.publication.errors import PublicationRefused
from orchestration.publication.warehouse import Build
from orchestration.settings import Home


def demanded_receipt(home: Home, build: Build, suites: Path = SUITES) -> GateReport:
    """Return the verdict that lets ``build`` be published.

    Raises:
        PublicationRefused: the gate has not seen this build, did not pass it, saw
            another state of the warehouse, or asked other questions.
    """
    path = receipt_path(home, build.build_id)
    if not path.exists():
        raise PublicationRefused(
            f"The gate has not seen the newest build {build.build_id}: run the gate."
        )
    try:
        receipt = read_receipt(path)
    except GateError as error:
        raise PublicationRefused(str(error)) from error
    problem = _problem(receipt, build, suites)
    if problem is not None:
        raise PublicationRefused(problem)
    demand_untouched(home, receipt)
    return receipt


def demand_untouched(home: Home, receipt: GateReport) -> None:
    """Raise unless the warehouse is the file that the gate looked at."""
    if Fingerprint.of(home.warehouse) != receipt.warehouse:
        raise PublicationRefused(
            "The warehouse changed after the gate looked at it: run the gate again."
        )


def _problem(receipt: GateReport, build: Build, suites: Path) -> str | None:
    if receipt.build_id != build.build_id:
        return f"The gate result stored for build {build.build_id} is of another build."
    if receipt.suites_sha256 != suites_sha256(suites):
        return "The suites changed after the gate ran: run the gate again."
    if not receipt.passed or receipt.blocking:
        return f"The gate did not pass build {build.build_id}: {receipt.reason}"
    asked = {(result.suite, result.expectation) for result in receipt.results}
    expected = {
        (suite.name, expectation.name)
        for suite in load_suites(suites)
        for expectation in suite.expectations
    }
    if asked != expected:
        return "The gate result does not answer every question: run the gate again."
    return None
