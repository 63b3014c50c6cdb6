"""What there is to see: the published version, the gate's verdicts, the last run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from expectations.receipt import GateReport, read_receipt
from orchestration.publication.reading import opened_version
from orchestration.publication.versions import Publication, current
from orchestration.settings import Home

WATCHES = Path(__file__).with_name("watches")
SUBJECT = "subject_id"
SCOPE = "scope_code"
OUTCOMES = ("gate", "run")

Row = dict[str, Any]


@dataclass
class Seen:
    """The rows of each watch; one that could not be asked is in ``unanswered``."""

    version: str | None
    data_as_of: date | None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)


def look(home: Home, today: date) -> Seen:
    """Return what every watch sees, all of one published version."""
    shown = current(home)
    seen = Seen(shown.version if shown else None, None)
    ended = outcomes(home)
    seen.rows |= {name: [r for r in ended if r[SUBJECT] == name] for name in OUTCOMES}
    if shown is None:
        return seen
    with opened_version(shown.path) as tables:
        for name, sql in queries().items():
            try:
                seen.rows[name] = _asked(tables, sql, today)
            except duckdb.Error as error:
                # A version of older code: it may lack a table. What was told stays.
                seen.unanswered[name] = str(error).splitlines()[0]
    for row in seen.rows.get("publication", []):
        seen.data_as_of = row["data_as_of_date"]
    return seen


def outcomes(home: Home) -> list[Row]:
    """Return how the gate and the last run by hand ended, a row each."""
    shown = current(home)
    return [*_gate(home), *_run(home, shown)]


def queries() -> dict[str, str]:
    """Return the SQL of each watch on the published tables, by name."""
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(WATCHES.glob("*.sql"))
    }


def _asked(tables: duckdb.DuckDBPyConnection, sql: str, today: date) -> list[Row]:
    answer = tables.execute(sql, {"today": today} if "$today" in sql else {})
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _gate(home: Home) -> list[Row]:
    """Return the newest verdict; none, if the gate has never been asked."""
    reports = [read_receipt(path) for path in home.gate.glob("*.json")]
    if not reports:
        return []
    newest = max(reports, key=lambda report: report.validated_at)
    return [_home_row("gate", is_failed=not newest.passed, **_told(newest))]


def _told(report: GateReport) -> Row:
    return {
        "reason_text": report.reason,
        "blocking_count": len(report.blocking),
        "build_id": report.build_id,
        "validated_at": report.validated_at,
    }


def _run(home: Home, shown: Publication | None) -> list[Row]:
    """Return how the last ``returns run`` ended, unless a later one published.

    A run that the gate has stopped did what it should; that is told of the gate.
    """
    if not home.run_record.exists():
        return []
    record = json.loads(home.run_record.read_text(encoding="utf-8"))
    gate = record.get("gate") or {}
    is_failed = not record["success"] and gate.get("passed") is not False
    if shown is not None and shown.manifest["published_at"] > record["started_at"]:
        is_failed = False
    reason = record["problems"][0] if record["problems"] else None
    return [_home_row("run", is_failed=is_failed, reason_text=reason)]


def _home_row(subject: str, **columns: Any) -> Row:
    return {SCOPE: "home", SUBJECT: subject, **columns}
