"""Writes what Amazon adds up itself: totals, the older performance report, topics.

Totals and performance are counted from the simulated business, so they agree with the
raw reports.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from orchestration.demo import category_topics, checklist_report, sales_report
from orchestration.demo.business import (
    HORIZON,
    PERIOD_END,
    PERIOD_START,
    SCOPES,
    Scope,
)
from orchestration.demo.documents import Document, midnight
from orchestration.demo.extras import write_meta
from orchestration.demo.parameters import SQL

SALES_SCOPES = (1, 4)
CHECKLISTS = ((1, date(2026, 2, 1)), (1, PERIOD_END), (5, PERIOD_END))
"""Scope and day of the pull: one in the bottleneck of the first seller, one after."""
TOPICS_SCOPE = 1
SOURCES = ("sales_days", "sales_articles", "conversations", "requests")
SCOPE_OF = {scope.scope_id: scope for scope in SCOPES}
Written = tuple[str, str, int]
"""Path, report type, number of rows."""


def write_measures(
    connection: duckdb.DuckDBPyConnection, root: Path, parts: dict[str, list[Path]]
) -> list[Written]:
    """Write every such document.

    Args:
        connection: The simulation's connection.
        root: The inbox.
        parts: The chunks' truth and scratch tables.
    """
    for name in SOURCES:
        files = connection.read_parquet([str(path) for path in parts[name]])
        files.create_view(f"all_{name}")
    connection.execute((SQL / "measures.sql").read_text(encoding="utf-8"))
    return [
        *(_sales(connection, root, SCOPE_OF[number]) for number in SALES_SCOPES),
        *(_checklist(connection, root, SCOPE_OF[n], day) for n, day in CHECKLISTS),
        *_topics(root, SCOPE_OF[TOPICS_SCOPE]),
    ]


def _set(connection: duckdb.DuckDBPyConnection, scope: Scope, day: date) -> None:
    """Set what queries ask for; binding values would make DuckDB import pandas."""
    for name, value in (
        ("seller", f"'{scope.seller}'"),
        ("market", f"'{scope.marketplace.code}'"),
        ("day", f"date '{day}'"),
        ("frames", str(list(checklist_report.FRAMES))),
    ):
        connection.execute(f"set variable {name} = {value}")


def _sales(connection: duckdb.DuckDBPyConnection, root: Path, scope: Scope) -> Written:
    _set(connection, scope, PERIOD_END)
    query = (
        "select * from {} where seller_id = getvariable('seller')"
        " and marketplace_code = getvariable('market') order by all"
    )
    days = connection.execute(query.format("sales_days")).fetchall()
    articles = connection.execute(query.format("sales_articles")).fetchall()
    text = sales_report.sales_report(scope, days, articles)
    rows = len(days) + len(articles)
    return _write(
        root, scope, "sales/sales-and-traffic.json", sales_report.REPORT, text, rows
    )


def _checklist(
    connection: duckdb.DuckDBPyConnection, root: Path, scope: Scope, day: date
) -> Written:
    query = (SQL / "checklist.sql").read_text(encoding="utf-8")
    _set(connection, scope, day)
    rows = connection.execute(query).fetchall()
    text, values = checklist_report.checklist_report(day, rows)
    name = f"account-health/checklist-{day}.xml"
    return _write(root, scope, name, checklist_report.REPORT, text, values, day)


def _topics(root: Path, scope: Scope) -> list[Written]:
    answers = (
        ("topics", category_topics.TOPICS, category_topics.topics_answer(scope)),
        ("trends", category_topics.TRENDS, category_topics.trends_answer(scope)),
    )
    return [
        _write(root, scope, f"category/return-{name}.json", report, text, rows)
        for name, report, (text, rows) in answers
    ]


def _write(
    root: Path, scope: Scope, name: str, report: str, text: str, rows: int,
    day: date = PERIOD_END,
) -> Written:  # fmt: skip
    path = f"{scope.seller}/{scope.marketplace.code}/{name}"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    document = Document(
        path, report, "", scope.account, scope, midnight(PERIOD_START), midnight(day),
        min(midnight(day, 12), HORIZON),
    )  # fmt: skip
    write_meta(root, document)
    return path, report, rows
