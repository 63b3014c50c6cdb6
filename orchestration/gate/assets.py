"""The gate as blocking Dagster checks: one a suite, on the table that it asks about.

Great Expectations itself runs in a process of its own and must not be imported here:
every Dagster process would pay seconds for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from expectations.receipt import GateReport, Result
from expectations.suites import Suite, load_suites
from orchestration.errors import ReturnsError
from orchestration.gate import gate_process
from orchestration.running import progress
from orchestration.running.locking import writing
from orchestration.settings import home_from_environment

PHASE = "gate"
CHECK = "expectations"
# Schemas of the warehouse whose tables are not dbt's have another key.
_FIRST_PARTS = {"raw": "landing"}

SUITES = load_suites()


class GateClosedError(ReturnsError):
    """The gate did not let the build through."""


def asset_of(table: str) -> dg.AssetKey:
    """Return the asset of a warehouse table such as ``marts.kpi_scorecard``."""
    schema, name = table.split(".")
    return dg.AssetKey([_FIRST_PARTS.get(schema, schema), name])


def check_specs(suites: Iterable[Suite]) -> list[dg.AssetCheckSpec]:
    """Return one blocking check a suite; its text lists what the suite asks."""
    return [
        dg.AssetCheckSpec(
            name=CHECK,
            asset=asset_of(suite.table),
            blocking=True,
            description="\n".join(
                [
                    f"{suite.title}: what is asked before publication.",
                    *(f"- {e.description} ({e.severity})" for e in suite.expectations),
                ]
            ),
        )
        for suite in suites
    ]


@dg.multi_asset_check(
    name="gate", specs=check_specs(SUITES), required_resource_keys={"early_gate"}
)
def gate() -> Iterator[dg.AssetCheckResult]:
    """Ask every suite about the newest build; the verdict is stored beside it."""
    home = home_from_environment()
    with progress.phase(PHASE):
        with writing(home, "the gate"), gate_process.taken(home) as process:
            report = process.validate()
        progress.learn(PHASE, report)
        if not report.results:
            raise GateClosedError(report.reason or "The gate had nothing to ask.")
        yield from check_results(report, SUITES)
        if not report.passed and not report.blocking:
            raise GateClosedError(report.reason)


def check_results(
    report: GateReport, suites: Iterable[Suite]
) -> Iterator[dg.AssetCheckResult]:
    """Yield the outcome of each suite's check."""
    answers: defaultdict[str, list[Result]] = defaultdict(list)
    for result in report.results:
        answers[result.suite].append(result)
    for suite in suites:
        results = answers[suite.name]
        blocked = [result for result in results if result.blocks]
        warned = [result for result in results if result.warns]
        severity = dg.AssetCheckSeverity
        yield dg.AssetCheckResult(
            asset_key=asset_of(suite.table),
            check_name=CHECK,
            passed=bool(results) and not blocked and not warned,
            severity=severity.ERROR if blocked or not results else severity.WARN,
            metadata={
                "asked": len(results),
                "stopped publication": len(blocked),
                "warned": len(warned),
                "answers": dg.MetadataValue.md(_table(results)),
            },
        )


def describe_blocking(report: GateReport) -> str:
    """Return what stopped the publication, each with what was seen and a sample."""
    lines = [f"The gate stopped the publication: {report.reason}"]
    for result in report.blocking:
        seen = result.reason or result.observed or "no answer"
        lines.append(f"  {result.table} {result.expectation}: {seen}")
        lines += [
            "    " + ", ".join(f"{name}={value}" for name, value in row.items())
            for row in result.sample
        ]
    return "\n".join(lines)


def _table(results: Sequence[Result]) -> str:
    rows = [
        "| expectation | severity | answer | seen |",
        "| --- | --- | --- | --- |",
        *(
            f"| {_cell(r.description)} | {r.severity} | {r.status} "
            f"| {_cell(r.reason or r.observed or '')} |"
            for r in sorted(results, key=lambda r: (not r.blocks, not r.warns))
        ),
    ]
    samples = [
        f"\n`{r.expectation}`, for example: "
        + "; ".join(", ".join(f"{k}={v}" for k, v in row.items()) for row in r.sample)
        for r in results
        if r.sample
    ]
    return "\n".join(rows + samples)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
