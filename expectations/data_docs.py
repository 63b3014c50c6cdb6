"""Static pages of the gate's verdicts: no script, no network, readable by a seller.

``data_docs/index.html`` is the newest verdict, ``data_docs/runs/<build_id>.html`` the
ones before it, as long as their receipts are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from expectations.receipt import GateReport, Result, read_receipt
from expectations.suites import Suite
from orchestration.files import write_atomically
from orchestration.settings import Home

TEMPLATES = Path(__file__).parent / "templates"

SIGNS = {
    "passed": ("✓", "Passed"),
    "warning": ("!", "Warning"),
    "blocked": ("✕", "Blocks"),
    "error": ("✕", "Could not be asked"),
    "skipped": ("–", "Not asked"),
}
TALLIES = {
    "passed": "passed",
    "warning": "to know",
    "blocked": "block",
    "error": "could not be asked",
    "skipped": "had nothing to compare",
}


@dataclass(frozen=True)
class SuiteView:
    """One table's section of a page."""

    title: str
    table: str
    results: list[Result]


def write_data_docs(home: Home, report: GateReport, suites: tuple[Suite, ...]) -> Path:
    """Write the pages of ``report`` and return the one to open."""
    runs = home.data_docs / "runs"
    if report.build_id is not None:
        page = render(report, suites, earlier=[], root="../")
        write_atomically(runs / f"{report.build_id}.html", page)
    kept = {path.stem: path for path in home.gate.glob("*.json")}
    for path in runs.glob("*.html"):
        if path.stem not in kept:
            path.unlink()
    earlier = sorted(
        (read_receipt(path) for path in kept.values()),
        key=lambda receipt: receipt.validated_at,
        reverse=True,
    )
    others = [receipt for receipt in earlier if receipt.build_id != report.build_id]
    index = home.data_docs / "index.html"
    write_atomically(index, render(report, suites, earlier=others, root=""))
    return index


def render(
    report: GateReport,
    suites: tuple[Suite, ...],
    *,
    earlier: list[GateReport],
    root: str,
) -> str:
    """Return one page: the verdict, what needs attention, and every question."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("gate.html").render(
        report=report,
        verdict=verdict(report),
        counts=_counts(report),
        attention=sorted(
            (result for result in report.results if result.blocks or result.warns),
            key=lambda result: not result.blocks,
        ),
        suites=_views(report, suites),
        titles={suite.name: suite.title for suite in suites},
        questions=_questions(suites),
        earlier=[(receipt, verdict(receipt)) for receipt in earlier],
        root=root,
        signs=SIGNS,
        tallies=TALLIES,
        kind=kind,
    )


def kind(result: Result) -> str:
    """Return how a result is shown: a warning that failed does not look blocked."""
    if result.status == "failed":
        return "blocked" if result.blocks else "warning"
    return result.status


def verdict(report: GateReport) -> str:
    """Return ``passed``, ``warning`` or ``blocked``."""
    if not report.passed:
        return "blocked"
    return "warning" if report.warnings else "passed"


def _counts(report: GateReport) -> dict[str, int]:
    kinds = [kind(result) for result in report.results]
    return {name: kinds.count(name) for name in SIGNS}


def _views(report: GateReport, suites: tuple[Suite, ...]) -> list[SuiteView]:
    views = [
        SuiteView(
            suite.title,
            suite.table,
            [result for result in report.results if result.suite == suite.name],
        )
        for suite in suites
    ]
    return [view for view in views if view.results]


def _questions(suites: tuple[Suite, ...]) -> dict[tuple[str, str], str]:
    """How each question is asked, for the reader who wants to repeat it."""
    return {
        (suite.name, expectation.name): str(
            expectation.kwargs.get("unexpected_rows_query")
            or f"{expectation.type}: {expectation.kwargs}"
        )
        .replace("{batch}", suite.table)
        .strip()
        for suite in suites
        for expectation in suite.expectations
    }
