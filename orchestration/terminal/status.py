"""What stands in a home: the published version, the last run, what has landed."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from orchestration.landing.lake import ledger_folder, view_queries
from orchestration.publication.versions import current, list_versions
from orchestration.running.locking import is_held
from orchestration.settings import Home
from orchestration.terminal.summary import latest_scores, sentence


def status_of(home: Home) -> dict[str, Any]:
    """Return the state of a home as plain JSON values. Changes nothing."""
    shown = current(home)
    return {
        "home": str(home.root),
        "writing_now": is_held(home),
        "published": shown
        and {
            "version": shown.version,
            "published_at": shown.manifest["published_at"],
            "path": str(home.published / "current"),
            "rows": sum(shown.row_counts.values()),
            "tables": len(shown.row_counts),
            "warnings": shown.warnings,
        },
        "versions": [found.version for found in list_versions(home)],
        "scores": [score.to_json() for score in latest_scores(home)],
        "landed": _landed(home),
        "last_run": _last_run(home),
    }


def told(status: dict[str, Any]) -> str:
    """Return a status as text for a person."""
    lines = [f"Home       {status['home']}"]
    if status["writing_now"]:
        lines.append("           a run is writing the warehouse now")
    lines += _published(status)
    lines += [f"           {sentence(score)}" for score in status["scores"]]
    lines += _documents(status["landed"])
    lines += _run(status["last_run"])
    return "\n".join(lines)


def _landed(home: Home) -> dict[str, Any] | None:
    if not any(ledger_folder(home).glob("*.parquet")):
        return None
    with duckdb.connect() as connection:
        ledger = connection.sql(view_queries(home)["landing_files"])
        rows = ledger.aggregate(
            "status, count(*), coalesce(sum(rows_landed), 0),"
            " coalesce(sum(rows_quarantined), 0)",
            "status",
        ).fetchall()
    return {
        "documents": {status: documents for status, documents, *_ in rows},
        "rows_landed": int(sum(row[2] for row in rows)),
        "rows_quarantined": int(sum(row[3] for row in rows)),
    }


def _last_run(home: Home) -> dict[str, Any] | None:
    if not home.run_record.exists():
        return None
    record = json.loads(home.run_record.read_text(encoding="utf-8"))
    told = ("started_at", "seconds", "success", "problems", "inbox", "published")
    return {name: record[name] for name in told}


def _published(status: dict[str, Any]) -> list[str]:
    published = status["published"]
    if published is None:
        return ["Published  Nothing has been published yet: run `returns run`."]
    lines = [
        f"Published  {published['version']} at {published['published_at']}: "
        f"{published['tables']} tables, {published['rows']:,} rows",
        f"           {published['path']}",
    ]
    older = [name for name in status["versions"] if name != published["version"]]
    if older:
        lines.append(f"           also kept: {', '.join(older)}")
    lines += [
        f"           warning: {warning['description']} ({warning['observed']})"
        for warning in published["warnings"]
    ]
    return lines


def _documents(landed: dict[str, Any] | None) -> list[str]:
    if landed is None:
        return ["Landed     nothing yet"]
    documents = ", ".join(
        f"{count} {status.replace('_', ' ')}"
        for status, count in landed["documents"].items()
    )
    return [
        f"Landed     documents: {documents}; rows: {landed['rows_landed']:,} landed, "
        f"{landed['rows_quarantined']:,} quarantined"
    ]


def _run(last: dict[str, Any] | None) -> list[str]:
    if last is None:
        return ["By hand    no `returns run` yet"]
    ended = "published " + last["published"] if last["success"] else "failed"
    lines = [f"By hand    {last['started_at']}, {last['seconds']:.0f} s: {ended}"]
    return lines + [f"           {problem}" for problem in last["problems"]]
