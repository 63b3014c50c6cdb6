"""Asks every suite about the newest build and stores the verdict.

Fails closed: no build, a build that did not end well, a missing table, a question
that raises, a warehouse that changes meanwhile: none of them passes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.data_docs import write_data_docs
from expectations.receipt import (
    Fingerprint,
    GateError,
    GateReport,
    Result,
    answered,
    store_receipt,
)
from expectations.suites import SUITES, Suite, load_suites, suites_sha256
from orchestration.settings import Home

if TYPE_CHECKING:
    from expectations.asking import Asker

NO_WAREHOUSE = "There is no warehouse yet: run the build first."
NO_COMPARISON = "The comparison with the last publication was switched off."
NO_PUBLICATION = "Nothing has been published yet, so there is nothing to compare with."


def validate(home: Home, *, compare: bool = True) -> GateReport:
    """Return the verdict on the newest build, after storing it and its pages.

    Args:
        home: where the warehouse lies and the verdict goes.
        compare: ask also the questions that compare with the last publication.
            Switch off after removing landed data on purpose.

    Raises:
        GateError: the warehouse is locked by a writer or is not a DuckDB file.
        SuiteError: a suite file is not understood.
    """
    report = examine(home, compare=compare)
    if report.build_id is not None:
        store_receipt(home, report)
    write_data_docs(home, report, load_suites())
    return report


def examine(home: Home, *, compare: bool = True, folder: Path = SUITES) -> GateReport:
    """Return the verdict of a folder of suites on the newest build; store nothing."""
    suites = load_suites(folder)
    started = time.monotonic()
    published = _published(home) if compare else None
    found: dict[str, Any] = {"build_id": None, "build_recorded_at": None}
    results: list[Result] = []
    before = None
    if not home.warehouse.exists():
        reason: str | None = NO_WAREHOUSE
    else:
        with _opened(home, published) as asker:
            # Taken while we hold the file: nobody can write before the answers.
            before = Fingerprint.of(home.warehouse)
            builds = _builds(asker)
            reason = build_problem(builds)
            if builds:
                found["build_id"] = builds[0]["build_id"]
                found["build_recorded_at"] = str(builds[0]["recorded_at"])
            if reason is None:
                absent = NO_PUBLICATION if compare else NO_COMPARISON
                results = _answers(asker, suites, None if published else absent)
        if Fingerprint.of(home.warehouse) != before:
            reason = "The warehouse changed while the gate looked at it."
    reason = reason or _blocked(results)
    return GateReport(
        **found,
        passed=reason is None,
        reason=reason,
        warehouse=before,
        suites_sha256=suites_sha256(folder),
        compared_with=published.parent.name if published else None,
        validated_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - started, 3),
        results=results,
    )


def build_problem(builds: list[dict[str, Any]]) -> str | None:
    """Return why the newest of ``builds`` (newest first) is not to be published.

    A part built by hand is as good as the last whole build under it: after a failure
    only a whole build proves again that everything fits together.
    """
    if not builds:
        return "No build is recorded in the warehouse: run the build first."
    if builds[0]["status"] != "built":
        return (
            f"The newest build {builds[0]['build_id']} has the status "
            f"'{builds[0]['status']}', not 'built': run the build again."
        )
    for build in builds:
        if build["status"] != "built":
            return (
                f"Build {build['build_id']} has the status '{build['status']}' and "
                "only parts were built since: run the whole build."
            )
        if build["is_full"]:
            return None
    return "Only parts were ever built: run the whole build."


@contextmanager
def _opened(home: Home, published: Path | None) -> Iterator[Asker]:
    import great_expectations as gx
    from sqlalchemy.exc import DBAPIError

    from expectations.asking import Asker
    from expectations.datasource import opened

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    attached = {"warehouse": home.warehouse}
    if published is not None:
        attached["previous"] = published
    with opened(context, attached, home.scratch / "gate") as datasource:
        asker = Asker(context, datasource)
        try:
            asker.rows("select 1")
        except DBAPIError as error:
            first_line = str(error.orig).splitlines()[0]
            raise GateError(
                f"The gate cannot open {home.warehouse}: {first_line}"
            ) from error
        yield asker


def _published(home: Home) -> Path | None:
    marts = home.published / "current" / "marts.duckdb"
    return marts.resolve() if marts.exists() else None


def _builds(asker: Asker) -> list[dict[str, Any]]:
    if "meta.builds" not in _columns(asker, "warehouse"):
        return []
    return asker.rows("select * from meta.builds order by recorded_at desc")


def _columns(asker: Asker, database: str) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for row in asker.rows(
        "select schema_name || '.' || table_name as name, column_name"
        " from duckdb_columns() where database_name = $1",
        database,
    ):
        columns.setdefault(row["name"], set()).add(row["column_name"])
    return columns


def _answers(
    asker: Asker, suites: tuple[Suite, ...], incomparable: str | None
) -> list[Result]:
    tables = _columns(asker, "warehouse")
    previous = {} if incomparable else _columns(asker, "previous")
    return [
        result
        for suite in suites
        for result in _suite_answers(asker, suite, tables, previous, incomparable)
    ]


def _suite_answers(
    asker: Asker,
    suite: Suite,
    tables: dict[str, set[str]],
    previous: dict[str, set[str]],
    incomparable: str | None,
) -> list[Result]:
    if suite.table not in tables:
        gone = f"The table {suite.table} is missing."
        return [answered(suite, e, "error", reason=gone) for e in suite.expectations]
    earlier = previous.get(f"marts.{suite.table.split('.')[1]}", set())
    new = "The last publication does not hold this table with these columns."
    skipped = {
        e.name: answered(suite, e, "skipped", reason=incomparable or new)
        for e in suite.expectations
        if e.compares is not None and not earlier.issuperset({*e.compares})
    }
    asked = [e for e in suite.expectations if e.name not in skipped]
    by_name = {result.expectation: result for result in asker.ask(suite, asked)}
    return [(by_name | skipped)[e.name] for e in suite.expectations]


def _blocked(results: list[Result]) -> str | None:
    blocking = [result for result in results if result.blocks]
    if not blocking:
        return None
    first = blocking[0]
    asked, found = first.description.rstrip("."), first.reason or first.observed
    more = f"; {len(blocking) - 1} more" if len(blocking) > 1 else ""
    return f'{first.suite}, "{asked}": {str(found).rstrip(".")}{more}.'
