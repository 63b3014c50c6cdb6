"""The cards on handling, refunds, reasons, satisfaction and return rate say the marts.

A card adds up, spreads over members and looks back over months on its own: each is
asked again here by the shortest query on a mart of another grain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.dashboard.form import Card
from orchestration.dashboard.pages import load_labels, load_pages, own_labels
from orchestration.publication.reading import opened_version
from orchestration.publication.versions import current
from orchestration.running.run import RunOutcome

NAMES = ("handling", "refunds", "reasons", "satisfaction", "return_rate")
PAGES = {page.name: page for page in load_pages() if page.name in NAMES}
CARDS = [(page, card.name) for page in NAMES for card in PAGES[page].cards]
YEAR = """month_start_date > (
    select max(month_start_date) from kpi_refund_speed_by_marketplace_month as newest
    where newest.seller_id = told.seller_id) - interval 12 month"""
# What the rows of a card add up to, by seller: (page, card, measure, condition), and
# the mart, its measure and condition that must give the same.
TOTALS = [
    ("handling", "stages", "due_count", "true",
     "kpi_handling_time_by_marketplace_month", "due_count", "true"),
    ("handling", "stages", "within_target_count", "true",
     "kpi_handling_time_by_marketplace_month", "within_target_count", "true"),
    ("handling", "backlog", "over_target_count", "true",
     "kpi_handling_backlog_by_marketplace_month", "over_target_count", "true"),
    ("refunds", "on_time", "due_count", "true",
     "kpi_refund_speed_by_marketplace_month", "due_count", "channel <> 'fba'"),
    ("refunds", "on_time", "on_time_count", "true",
     "kpi_refund_speed_by_marketplace_month", "on_time_count", "true"),
    ("refunds", "results", "case_count", "result_code = 'late'",
     "kpi_refund_speed_by_marketplace_month", "late_count", "true"),
    ("refunds", "results", "case_count", "true",
     "kpi_refund_speed_by_marketplace_month", "due_count", "true"),
    ("refunds", "faults", "checked_count", "newest",
     "kpi_refund_faults_by_marketplace_month", "checked_count", YEAR),
    ("refunds", "fault_money", "fault_count", "newest",
     "kpi_refund_faults_by_marketplace_month", "fault_count", YEAR),
    ("refunds", "automatic", "case_count", "true",
     "kpi_automatic_refunds_by_marketplace_month", "refunded_return_count", "true"),
    ("reasons", "families", "return_count", "true",
     "kpi_return_reasons_by_marketplace_month", "return_count", "true"),
    ("reasons", "families", "return_count", "control_code = 'controllable'",
     "kpi_return_reasons_by_marketplace_month", "return_count", "is_controllable"),
    ("reasons", "months", "return_count", "true",
     "kpi_return_reasons_by_marketplace_month", "return_count", "true"),
    ("reasons", "accuracy", "agrees_count", "true",
     "kpi_reason_attribution_by_marketplace_month", "agrees_count", "true"),
    ("reasons", "accuracy", "return_count", "true",
     "kpi_reason_attribution_by_marketplace_month", "return_count", "true"),
    ("reasons", "confusion", "return_count", "newest",
     "kpi_reason_attribution_by_marketplace_month", "judged_count", YEAR),
    ("reasons", "misjudged", "misjudged_count", "newest",
     "kpi_misjudged_money_by_marketplace_month", "misjudged_count", YEAR),
    ("satisfaction", "satisfaction", "covered_order_count", "true",
     "kpi_buyer_satisfaction_by_marketplace_month", "covered_order_count", "true"),
    ("satisfaction", "feedback", "rating_count", "true",
     "kpi_feedback_by_marketplace_month", "feedback_count", "true"),
    ("satisfaction", "answers", "within_24_hours_count", "true",
     "kpi_contact_response_by_marketplace_month", "within_24_hours_count", "true"),
    ("satisfaction", "hours", "wait_count", "newest",
     "kpi_contact_response_by_marketplace_month", "due_in_24_hours_count", YEAR),
    ("satisfaction", "agents", "due_in_24_hours_count",
     "newest and cut_code = 'agent'",
     "kpi_contact_response_by_marketplace_month", "due_in_24_hours_count", YEAR),
    ("satisfaction", "agents", "due_in_24_hours_count",
     "newest and cut_code = 'language'",
     "kpi_contact_response_by_marketplace_month", "due_in_24_hours_count", YEAR),
    ("return_rate", "rate", "returned_units", "rate_state <> 'projected'",
     "kpi_return_rate_by_marketplace_month", "returned_quantity",
     "return_rate is not null"),
    ("return_rate", "rate", "all_ordered_quantity", "rate_state <> 'projected'",
     "kpi_return_rate_by_marketplace_month", "ordered_quantity", "true"),
    ("return_rate", "categories", "ordered_quantity", "newest",
     "kpi_return_rate_by_marketplace_month", "ordered_quantity",
     "return_rate is not null and is_mature and "
     + YEAR.replace("month_start_date >", "order_month_start_date >", 1)),
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


def answers(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("page,name,measure,condition,mart,other,where", TOTALS)
def test_a_card_adds_up_to_its_mart(
    published: duckdb.DuckDBPyConnection,
    page: str,
    name: str,
    measure: str,
    condition: str,
    mart: str,
    other: str,
    where: str,
) -> None:
    card = card_of(page, name)
    shown = f"""select seller_id, sum({measure}) from (
        select *,
            {card.month} = max({card.month}) over (partition by seller_id) as newest
        from ({card.sql}) as rows
        ) where {condition}
        group by seller_id having sum({measure}) > 0 order by seller_id"""
    asked = f"""select seller_id, sum({other}) from {mart} as told where {where}
        group by seller_id having sum({other}) > 0 order by seller_id"""
    expected = published.execute(asked).fetchall()
    assert expected
    assert published.execute(shown).fetchall() == expected


@pytest.mark.parametrize("page,name", CARDS)
def test_rows_of_a_card_are_told_apart_by_its_codes(
    published: duckdb.DuckDBPyConnection, page: str, name: str
) -> None:
    """Rows alike in all codes would lie over each other in a chart, unseen."""
    card = card_of(page, name)
    if card.chart["kind"] in ("table", "list"):
        return
    rows = answers(published, card.sql)
    keys = [
        tuple(str(v) for v in row.values() if not isinstance(v, int | float) and v)
        for row in _without_numbers(rows)
    ]
    assert len(set(keys)) == len(keys)


def _without_numbers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = ("_code", "_id", "_date", "_class", "_party", "_family", "_source", "_name")
    other = ("channel", "place", "sku", "member", "cut_hour", "rate_state")
    return [
        {k: v for k, v in row.items() if k.endswith(kept) or k in other} for row in rows
    ]


def test_the_parts_of_the_way_are_the_whole_way(
    published: duckdb.DuckDBPyConnection,
) -> None:
    """Members and all: a stretch nobody passed must not shrink what means are over."""
    ways = f"""select seller_id, month_start_date, marketplace_code, sum(mean_days)
        from ({card_of("handling", "bottleneck").sql}) as rows group by all"""
    marts = """
        with cohorts as (
            select distinct seller_id, month_start_date, marketplace_code, channel,
                case_count, end_to_end_mean_days
            from kpi_handling_bottleneck_by_marketplace_month
            where cohort_code = 'completed' and channel <> 'fba')
        select seller_id, month_start_date,
            coalesce(marketplace_code, 'all') as marketplace_code,
            sum(end_to_end_mean_days * case_count) / sum(case_count)
        from cohorts
        group by grouping sets (
            (seller_id, month_start_date, marketplace_code),
            (seller_id, month_start_date))"""
    shown = {row[:3]: float(row[3]) for row in published.execute(ways).fetchall()}
    told = {row[:3]: float(row[3]) for row in published.execute(marts).fetchall()}
    assert shown == pytest.approx(told, abs=1e-4)


def test_changes_of_the_parts_are_those_of_the_mart(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = answers(published, card_of("handling", "change").sql)
    mart = published.execute("""
        select seller_id, marketplace_code, month_start_date, stage_code, change_days
        from kpi_handling_bottleneck_by_marketplace_month
        where cohort_code = 'completed' and channel = 'mfn' and change_days is not null
        """).fetchall()
    keys = ("seller_id", "marketplace_code", "month_start_date", "stretch_code")
    shown = {tuple(row[key] for key in keys): row["change_days"] for row in rows}
    assert mart
    for seller, marketplace, month, stage, change in mart:
        found = shown[(seller, marketplace, month, stage)]
        assert found == pytest.approx(float(change), abs=1e-4)
    parts: dict[tuple[Any, ...], float] = {}
    wholes: dict[tuple[Any, ...], float] = {}
    for row in rows:
        way = tuple(row[key] for key in keys[:3])
        parts[way] = parts.get(way, 0.0) + row["change_days"]
        wholes[way] = row["total_days"] - row["previous_total_days"]
    assert parts == pytest.approx(wholes, abs=1e-6)


@pytest.mark.parametrize("page", NAMES)
def test_every_column_and_code_has_words(
    published: duckdb.DuckDBPyConnection, page: str
) -> None:
    shown = PAGES[page]
    labels = load_labels(load_pages())
    labels |= own_labels(shown, labels)
    missing = {
        word for card in shown.cards for word in _wordless(published, card, labels)
    }
    assert not missing


def _wordless(
    connection: duckdb.DuckDBPyConnection, card: Card, labels: dict[str, Any]
) -> Iterator[str]:
    rows = answers(connection, card.sql)
    columns = [column["field"] for column in card.columns] or list(
        rows[0] if rows else {}
    )
    for column in columns:
        end = column.removesuffix("_low").removesuffix("_high")
        if column not in labels and end not in labels:
            yield column
    coded = {
        c for c in columns if c.endswith(("_code", "_class", "_family", "_source"))
    }
    coded -= {"marketplace_code", "currency_code", *card.formats}
    for row in rows:
        for column in coded & row.keys():
            value = row[column]
            if value is not None and not {value, f"{column}={value}"} & labels.keys():
                yield f"{column}={value}"
