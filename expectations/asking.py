"""Asks GX the questions of one suite and says its answers in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import great_expectations as gx

from expectations.datasource import DuckDBDatasource
from expectations.receipt import Result, Status, answered
from expectations.suites import Expectation, Suite

SAMPLES = 5
ROWS_QUERY = "unexpected_rows_query"


@dataclass(frozen=True)
class Asker:
    """A GX context over the open warehouse."""

    context: Any
    datasource: DuckDBDatasource

    def ask(self, suite: Suite, expectations: Iterable[Expectation]) -> list[Result]:
        """Return one result for each of ``expectations`` about the suite's table."""
        asked = {expectation.name: expectation for expectation in expectations}
        if not asked:
            return []
        asset = self.datasource.add_query_asset(
            suite.name,
            query=f"select * from {suite.table}",  # noqa: S608
        )
        validation = self.context.validation_definitions.add(
            gx.ValidationDefinition(
                name=suite.name,
                data=asset.add_batch_definition("all"),
                suite=self.context.suites.add(_gx_suite(suite, asked.values())),
            )
        )
        answers = validation.run(
            result_format={
                "result_format": "SUMMARY",
                "partial_unexpected_count": SAMPLES,
                "unexpected_index_column_names": list(suite.keys),
            }
        ).results
        by_name = {answer.expectation_config.meta["name"]: answer for answer in answers}
        return [self._result(suite, asked[name], by_name[name]) for name in asked]

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query, on the connection that GX uses."""
        engine = self.datasource.get_execution_engine()
        with engine.get_connection() as connection:
            # exec_driver_sql: a colon in a question is not a bind parameter.
            found = connection.exec_driver_sql(query, parameters or None)
            return [dict(row) for row in found.mappings()]

    def _result(self, suite: Suite, expectation: Expectation, answer: Any) -> Result:
        error = _raised(answer.exception_info)
        if error is not None:
            return answered(suite, expectation, "error", reason=error)
        found = answer.result
        status: Status = "passed" if answer.success else "failed"
        if ROWS_QUERY not in expectation.kwargs:
            return answered(suite, expectation, status, **_standard(found))
        count = int(found["observed_value"])
        sample = self._sample(suite, expectation) if count else []
        return answered(
            suite,
            expectation,
            status,
            observed=f"{count:,} found" if count else "none found",
            unexpected_count=count,
            sample=sample,
        )

    def _sample(
        self, suite: Suite, expectation: Expectation
    ) -> list[dict[str, str | None]]:
        query = expectation.kwargs[ROWS_QUERY].format(batch=suite.table)
        limited = f"from ({query}) as unexpected order by all limit {SAMPLES}"
        return [_plain(row) for row in self.rows(limited)]


def _gx_suite(suite: Suite, expectations: Iterable[Expectation]) -> Any:
    return gx.ExpectationSuite(
        suite.name,
        expectations=[
            {
                "type": expectation.type,
                "kwargs": expectation.kwargs,
                "severity": expectation.severity,
                "description": expectation.description,
                "notes": expectation.notes,
                "meta": {"name": expectation.name},
            }
            for expectation in expectations
        ],
    )


def _raised(exception_info: dict[str, Any]) -> str | None:
    """GX keeps one exception as a flat dict, or several by the metric that raised."""
    flat = exception_info if "raised_exception" in exception_info else None
    for info in [flat] if flat else exception_info.values():
        if info["raised_exception"]:
            return str(info["exception_message"]).strip().splitlines()[0]
    return None


def _standard(found: dict[str, Any]) -> dict[str, Any]:
    if "unexpected_count" not in found:
        return {"observed": str(found["observed_value"])}
    # Of an empty table GX counts nothing, not zero.
    unexpected, rows = found["unexpected_count"] or 0, found["element_count"]
    sample = found.get("partial_unexpected_index_list", [])
    return {
        "observed": f"{unexpected:,} of {rows:,} rows outside",
        "unexpected_count": unexpected,
        "unexpected_share": unexpected / rows if rows else None,
        "sample": [_plain(row) for row in sample],
    }


def _plain(row: dict[str, Any]) -> dict[str, str | None]:
    return {name: _word(value) for name, value in row.items()}


def _word(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return str(value)
