"""Rules and watches of alerts, on a whole published version."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest

from orchestration.alerts.judging import findings
from orchestration.alerts.rules import SCOPES, Rule, load_rules
from orchestration.alerts.texts import places
from orchestration.alerts.watching import (
    OUTCOMES,
    SCOPE,
    SUBJECT,
    Seen,
    look,
    queries,
)
from orchestration.dashboard.pages import load_pages
from orchestration.running.run import RunOutcome

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def seen(demo_run: RunOutcome) -> Seen:
    return look(demo_run.home, TODAY)


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return load_rules(TODAY)


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> duckdb.DuckDBPyConnection:
    path = demo_run.home.published / "current" / "returns.duckdb"
    connection = duckdb.connect(path, read_only=True)
    connection.execute("set schema = 'marts'")
    return connection


def test_every_watch_answers_and_tells_its_rows_apart(seen: Seen) -> None:
    assert not seen.unanswered
    assert set(seen.rows) == {*queries(), *OUTCOMES}
    for name, rows in seen.rows.items():
        subjects = [row[SUBJECT] for row in rows]
        assert len(set(subjects)) == len(subjects), name
        assert all(row[SCOPE] in SCOPES for row in rows), name


def test_every_rule_finds_its_watch_scope_and_columns(
    tables: duckdb.DuckDBPyConnection, rules: list[Rule], seen: Seen
) -> None:
    columns = {name: _columns(tables, sql) for name, sql in queries().items()}
    columns |= {name: set(seen.rows[name][0]) for name in OUTCOMES}
    for rule in rules:
        assert rule.column in columns[rule.watch], rule.code
        assert rule.minimum_cases is None or "case_count" in columns[rule.watch]
        said = "".join(t.alert + t.recovery for t in rule.texts.values())
        assert places(said) <= columns[rule.watch], rule.code
        scopes = {row[SCOPE] for row in seen.rows[rule.watch]}
        assert not scopes or rule.scope in scopes, rule.code


def test_every_watch_has_a_rule(rules: list[Rule]) -> None:
    assert {rule.watch for rule in rules} == {*queries(), *OUTCOMES}


def test_every_rule_shows_to_a_page_of_the_dashboard(rules: list[Rule]) -> None:
    assert {rule.page for rule in rules} <= {page.name for page in load_pages()}


def test_published_rules_are_the_rules(
    tables: duckdb.DuckDBPyConnection, rules: list[Rule]
) -> None:
    published = tables.execute("select alert_code from alert_rules").fetchall()
    assert {code for (code,) in published} == {rule.code for rule in rules}


def test_the_tables_that_are_read_are_published(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    shown = {name for (name,) in tables.execute("show tables").fetchall()}
    read: set[str] = set()
    for sql in queries().values():
        named = re.findall(r"\b(?:from|join) (\w+)", sql)
        within = re.findall(r"^(?:with )?(\w+) as \($", sql, re.MULTILINE)
        read |= {*named} - {*within}
    assert read <= shown
    assert len(read) > 10


# Asked of the published tables in other words than the watches do.
INDEPENDENT = {
    "refund_overdue": """
        select count(*) from fct_refund_deadlines
        where deadline_status = 'missing' and is_counted and refund_due_date <
            (select max(data_as_of_date) from fct_source_freshness f
             where f.seller_id = fct_refund_deadlines.seller_id)""",
    "claim_deadline_near": """
        select count(*) from fct_claims
        where claim_status = 'open' and left_days between 0 and 7""",
    "source_late": "select count(*) from fct_source_freshness where is_late",
    "gate_warned": """
        select count(*) from publication_checks
        where status = 'failed' and severity = 'warning'""",
    "account_over_threshold": """
        select count(*) from kpi_account_risk_by_marketplace_month risk
        where risk_status = 'over_threshold' and threshold_value is not null
        and month_start_date = (
            select max(month_start_date) from kpi_account_risk_by_marketplace_month m
            where m.seller_id = risk.seller_id)""",
    "score_in_low_band": """
        select count(*) from kpi_scorecard_by_seller_month card
        where band_code in ('at_risk', 'critical') and month_start_date = (
            select max(month_start_date) from kpi_scorecard_by_seller_month m
            where m.seller_id = card.seller_id)""",
    "backlog_over_target": """
        select count(*) from (
            select sum(over_target_count) as late, sum(backlog_count) as everything
            from kpi_handling_backlog_by_marketplace_month b
            where month_start_date = (
                select max(month_start_date)
                from kpi_handling_backlog_by_marketplace_month m
                where m.seller_id = b.seller_id)
            group by seller_id, marketplace_code, channel, stage_code)
        where everything >= 10 and 2 * late >= everything""",
}


@pytest.mark.parametrize("code", INDEPENDENT)
def test_what_holds_is_what_the_tables_say(
    code: str,
    tables: duckdb.DuckDBPyConnection,
    rules: list[Rule],
    seen: Seen,
) -> None:
    holding = [f for f in findings(rules, seen) if f.rule.code == code and f.holds]
    assert (len(holding),) == tables.execute(INDEPENDENT[code]).fetchone()


def _columns(tables: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    answer = tables.execute(sql, {"today": TODAY} if "$today" in sql else {})
    return {column[0] for column in answer.description or []}
