"""Inspections and conversations against what really happened in the simulated business.

The truth knows which return an inspection was of; the files often do not say. Returns
of one item that came on one day look the same in the warehouse: they may swap.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.test_matches_against_truth import number, rows

WAITS = (
    "seller_id, ticket_id, segment_number, first_buyer_message_at, replied_at,"
    " buyer_message_count, has_automatic_reply, language_code"
)


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    home = demo_run.home
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        connection.execute("use warehouse")
        for name in ("returns", "links", "conversations", "messages"):
            path = home.demo / "truth" / f"{name}.parquet"
            connection.execute(
                f"create temp view true_{name} as select * from '{path}'"
            )
        connection.execute(
            "create temp view true_inspections as select l.seller_id,"
            " l.linked_id as inspection_id, l.is_named and r.is_in_files as is_named,"
            " hash(r.amazon_order_id, r.sku, r.reported_received_date) as looks"
            " from true_links as l join true_returns as r using (return_id)"
            " where l.linked_type = 'inspection'"
        )
        connection.execute(
            "create temp view found_inspections as"
            " select i.seller_id, i.inspection_id, l.match_class,"
            " hash(r.amazon_order_id, r.sku, r.received_date) as looks"
            " from facts.fct_return_links as l"
            " join facts.fct_returns as r using (return_key)"
            " join facts.fct_inspections as i on l.linked_key = i.inspection_key"
            " where l.linked_type = 'inspection'"
        )
        yield connection


def test_inspections_are_of_the_true_returns(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    pairs = "using (seller_id, inspection_id, looks)"
    landed = (
        "from true_inspections semi join facts.fct_inspections"
        " using (seller_id, inspection_id) where is_named"
    )
    matchable = number(warehouse, landed)
    right = number(
        warehouse,
        f"from (select * {landed}) semi join found_inspections {pairs}",
    )
    wrong_exact = rows(
        warehouse,
        "from (select * from found_inspections where match_class = 'exact')"
        f" anti join true_inspections {pairs}",
    )
    assert matchable > 0
    assert right >= 0.99 * matchable
    assert wrong_exact == []


def test_waits_of_buyers_are_the_true_ones(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    truth = f"select {WAITS} from true_conversations"
    found = f"select {WAITS} from facts.fct_conversation_segments"
    assert number(warehouse, f"from ({truth})") > 0
    assert rows(warehouse, f"({truth}) except all ({found})") == []
    assert rows(warehouse, f"({found}) except all ({truth})") == []


def test_an_agent_keeps_one_pseudonym_and_no_name(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """One name is one pseudonym throughout; a pseudonym is not two names."""
    people = rows(
        warehouse,
        "select t.agent, count(distinct f.agent_id), bool_or(f.agent_id is null),"
        " bool_or(f.agent_id = t.agent)"
        " from true_messages as t join facts.fct_messages as f"
        " using (seller_id, ticket_id, message_id)"
        " where t.sender_kind = 'agent' group by t.agent",
    )
    names = rows(
        warehouse,
        "select f.agent_id, count(distinct t.agent) from true_messages as t"
        " join facts.fct_messages as f using (seller_id, ticket_id, message_id)"
        " where t.sender_kind = 'agent' group by f.agent_id having count(*) > 1",
    )
    assert people
    assert {row[1:] for row in people} == {(1, False, False)}
    assert {count for _, count in names} == {1}
