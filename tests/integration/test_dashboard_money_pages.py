"""The cards on money, claims, the queue, the account, pitfalls and trust say the data.

Each is asked again by a short query on the table of another grain behind it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.dashboard.form import Card
from orchestration.dashboard.pages import load_pages
from orchestration.dashboard.rows import table_labels
from orchestration.publication.reading import opened_version
from orchestration.publication.versions import current
from orchestration.running.run import RunOutcome
from orchestration.settings import PROJECT_ROOT

PAGES = {page.name: page for page in load_pages()}
MEMBERS = "marketplace_code <> 'all' and channel <> 'all'"
# (page, card, what its rows add up to, of which rows; the same of the table behind it)
TOTALS = [
    ("recovery", "cost_trend", "return_cost_amount", "true",
     "kpi_return_costs_by_marketplace_month", "return_cost_amount", "true"),
    ("recovery", "cost_parts", "part_amount", "true",
     "kpi_return_costs_by_marketplace_month", "return_cost_amount", "true"),
    ("recovery", "cost_by_reason", "return_cost_amount", "true",
     "kpi_return_costs_by_marketplace_month", "return_cost_amount", "true"),
    ("recovery", "outcomes", "unit_count", "true",
     "fct_return_outcomes", "1", "is_counted"),
    ("recovery", "outcomes", "unit_count", "outcome_code = 'open'",
     "fct_return_outcomes", "1", "is_counted and is_open"),
    ("recovery", "recovery_rate", "value_recovered_amount", "true",
     "kpi_recovery_by_sku_month", "recovered_amount", "true"),
    ("claims", "claims_now", "open_amount", "true",
     "fct_claims", "due_amount", "claim_status = 'open'"),
    ("claims", "claims_to_file", "due_amount", "true",
     "fct_claims", "due_amount", "claim_status in ('open', 'not_yet_open')"),
    ("claims", "claims_by_month", "claim_count", "true",
     "kpi_claims_by_marketplace_month", "claim_count", "true"),
    ("claims", "claims_missed", "expired_amount", "true",
     "fct_claims", "due_amount", "claim_status = 'expired'"),
    ("queue", "waiting_now", "waiting_quantity", "true",
     "fct_waiting_returns", "waiting_quantity", "true"),
    ("queue", "by_age", "waiting_count", "true", "fct_waiting_returns", "1", "true"),
    ("queue", "by_reason", "priority_amount", "true",
     "kpi_inspection_queue_by_return_day", "priority_amount", "true"),
    ("queue", "queue", "waiting_quantity", "true",
     "fct_waiting_returns", "waiting_quantity", "true"),
    ("pitfalls", "now", "evidence_count", MEMBERS,
     "fct_pitfall_cases", "1", "is_evidence"),
    ("pitfalls", "forgone", "evidence_amount", "true",
     "fct_pitfall_cases", "forgone_amount",
     "is_evidence and pitfall_code = 'goods_below_recoverable_value'"),
    ("trust", "numbers", "return_count", "number_code = 'return_rate'",
     "fct_returns", "1", "is_counted"),
    ("trust", "files", "quarantined_row_count", "true",
     "landing_rejects", "1", "true"),
]  # fmt: skip


@pytest.fixture(scope="module")
def published(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file of a good run."""
    version = current(demo_run.home)
    assert version is not None
    with opened_version(version.path) as connection:
        yield connection


def card_of(page: str, name: str) -> Card:
    return next(card for card in PAGES[page].cards if card.name == name)


@pytest.mark.parametrize("page,name,measure,condition,table,other,where", TOTALS)
def test_a_card_adds_up_to_what_is_behind_it(
    published: duckdb.DuckDBPyConnection,
    page: str,
    name: str,
    measure: str,
    condition: str,
    table: str,
    other: str,
    where: str,
) -> None:
    shown = published.execute(
        f"select seller_id, sum({measure}) from ({card_of(page, name).sql}) as rows "
        f"where {condition} group by seller_id having sum({measure}) <> 0 order by 1"
    ).fetchall()
    expected = published.execute(
        f"select seller_id, sum({other}) from {table} "
        f"where {where} group by seller_id having sum({other}) <> 0 order by 1"
    ).fetchall()
    assert expected
    assert [row[0] for row in shown] == [row[0] for row in expected]
    assert [float(row[1]) for row in shown] == pytest.approx(
        [float(row[1]) for row in expected]
    )


def test_days_left_of_a_claim_count_from_the_end_of_the_data(
    published: duckdb.DuckDBPyConnection,
) -> None:
    sql = card_of("claims", "claims_to_file").sql
    found = published.execute(f"""
        select rows.left_days, datediff('day', data_as_of_date, deadline_date)
        from ({sql}) as rows inner join dim_sellers using (seller_id)""").fetchall()
    assert found
    assert all(left == counted and left >= 0 for left, counted in found)


def test_the_limit_of_all_marketplaces_is_that_of_the_nearest(
    published: duckdb.DuckDBPyConnection,
) -> None:
    sql = card_of("account", "limits").sql
    wrong = published.execute(f"""
        with rows as ({sql})
        select month_start_date, metric_code
        from rows
        group by seller_id, month_start_date, metric_code
        having
            max(limit_used_share) filter (where marketplace_code = 'all')
            is distinct from
            max(limit_used_share) filter (where marketplace_code <> 'all')
        """).fetchall()
    assert not wrong


def test_what_is_past_its_limit_has_used_up_what_is_allowed(
    published: duckdb.DuckDBPyConnection,
) -> None:
    """At the limit or past it, whichever way the metric is good."""
    sql = card_of("account", "limits").sql
    shares = published.execute(f"""
        with rows as ({sql}),
        states as (
            select seller_id, marketplace_code, month_start_date, metric_code,
                bool_or(risk_status = 'over_threshold') as is_over
            from kpi_account_risk_by_marketplace_month
            where judged_rate is not null and threshold_value is not null
            group by all
        )
        select is_over, min(limit_used_share), max(limit_used_share)
        from rows
        inner join states
            using (seller_id, marketplace_code, month_start_date, metric_code)
        group by is_over order by is_over""").fetchall()
    assert [row[0] for row in shares] == [False, True]
    assert shares[0][2] <= 1 <= shares[1][1]


def test_an_improvement_is_up_where_an_action_worked(
    published: duckdb.DuckDBPyConnection,
) -> None:
    sql = card_of("actions", "effects").sql
    rows = published.execute(f"""
        select verdict_status, improvement_low_share, improvement_points_share,
            improvement_high_share from ({sql}) as rows""").fetchall()
    assert rows
    for verdict, low, middle, high in rows:
        assert low <= middle <= high
        assert verdict != "success" or low > 0


def test_names_of_pitfalls_and_lessons_come_from_the_tables(
    published: duckdb.DuckDBPyConnection,
) -> None:
    for page, card, column in [
        ("pitfalls", "now", "pitfall"), ("actions", "lessons", "lesson"),
    ]:  # fmt: skip
        labels = table_labels(published, PAGES[page])
        sql = card_of(page, card).sql
        codes = published.execute(
            f"select distinct {column} from ({sql}) as rows"
        ).fetchall()
        assert codes
        for (code,) in codes:
            text = labels[f"{column}={code}"]
            assert text["en"] and text["zh"] and text["en"] != text["zh"]


def test_what_hangs_on_a_limit_is_said_as_in_the_seed() -> None:
    seed = PROJECT_ROOT / "seeds" / "account_metrics.csv"
    with seed.open(encoding="utf-8", newline="") as lines:
        told = {r["metric_code"]: r["consequence_text"] for r in csv.DictReader(lines)}
    labels = PAGES["account"].labels
    for code, text in told.items():
        shown = labels.get(f"consequence={code}")
        assert (shown or {}).get("en", "") == text or not text
    assert sum(name.startswith("consequence=") for name in labels) == sum(
        bool(text) for text in told.values()
    )
