"""Refunds and their matches against what really happened in the simulated business.

The truth knows which return each refund was for; the files do not. Refunds, or returns,
that look the same in the files cannot be told apart, so they are compared by their
looks and equals may swap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome

REFUND_LOOKS = (
    "hash({0}.amazon_order_id, {0}.sku, cast({0}.settlement_id as varchar),"
    " cast({0}.posted_at as date), {0}.refunded_amount)"
)
RETURN_LOOKS = (
    "hash({0}.channel, {0}.amazon_order_id, {0}.sku, {0}.returned_quantity,"
    " coalesce({0}.license_plate_number, {0}.amazon_rma_id))"
)


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    home = demo_run.home
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        connection.execute("use warehouse")
        for name in ("refunds", "returns", "feedback"):
            path = home.demo / "truth" / f"{name}.parquet"
            connection.execute(
                f"create temp view true_{name} as"
                f" select * from '{path}' where is_in_files"
            )
        looks = f"{REFUND_LOOKS.format('f')} as refund, {RETURN_LOOKS.format('r')}"
        connection.execute(
            f"create temp view true_pairs as select {looks} as return"
            " from true_refunds as f join true_returns as r using (return_id)"
        )
        connection.execute(
            f"create temp view found_pairs as select m.match_class, {looks} as return"
            " from facts.fct_return_refund_matches as m"
            " join facts.fct_refunds as f using (refund_key)"
            " join facts.fct_returns as r using (return_key)"
        )
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(rows(connection, f"select count(*) {query}")[0][0])


def test_every_refund_of_the_files_is_a_fact_with_its_money(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Both layouts, copies and overlaps included, each refund counts once."""
    kind = "case when kind in ('a_to_z', 'chargeback') then kind else 'refund' end"
    sums = "currency_code, count(*), sum(refunded_amount)"
    truth = f"select {kind} as refund_type, {sums} from true_refunds"
    facts = f"select refund_type, {sums} from facts.fct_refunds where is_counted"
    expected = rows(warehouse, f"{truth} group by all order by all")
    assert rows(warehouse, f"{facts} group by all order by all") == expected
    assert len(expected) > 4


def test_an_exact_match_is_never_wrong(warehouse: duckdb.DuckDBPyConnection) -> None:
    exact = "from found_pairs where match_class = 'exact'"
    known = "(select refund, return from true_pairs)"
    assert number(warehouse, exact) > 100
    assert number(warehouse, f"{exact} and (refund, return) not in {known}") == 0


def test_hardly_a_refunded_return_goes_without_its_refund(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Pairs in time order may be wrong where one refund overtook another."""
    found = "(select refund, return from found_pairs)"
    pairs = number(warehouse, "from true_pairs")
    missed = number(warehouse, f"from true_pairs where (refund, return) not in {found}")
    second = number(warehouse, "from true_refunds where is_second")
    assert missed <= second + pairs // 100


def test_partial_refunds_are_the_true_ones(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Money kept back counts, as less principal or as a restocking fee.

    Only exact matches of single refunds: elsewhere the pair itself may be wrong.
    """
    pairs = (
        "from facts.fct_refund_checks as c"
        " join facts.fct_return_refund_matches as m using (return_key)"
        " join facts.fct_refunds as f using (refund_key)"
        f" join true_refunds as t on {REFUND_LOOKS.format('f')}"
        f" = {REFUND_LOOKS.format('t')}"
        " where c.is_amount_checked and m.match_class = 'exact'"
        " and t.kind = 'refund' and not t.is_second"
    )
    partial = f"{pairs} and t.is_partial"
    assert number(warehouse, f"{partial} and f.restocking_fee_amount < 0") > 3
    assert number(warehouse, f"{partial} and f.restocking_fee_amount = 0") > 3
    assert number(warehouse, f"{pairs} and t.is_partial != is_partially_refunded") == 0


def test_what_has_no_partner_says_why(warehouse: duckdb.DuckDBPyConnection) -> None:
    """No refund is called double, goodwill or a claim that was something else."""
    said = rows(
        warehouse,
        "select distinct match_reason, kind, is_second"
        " from facts.fct_return_refund_matches as m"
        " join facts.fct_refunds as f using (refund_key)"
        f" join true_refunds as t on {REFUND_LOOKS.format('f')}"
        f" = {REFUND_LOOKS.format('t')}"
        " where match_class = 'refund_without_return'"
        " and match_reason in ('double', 'goodwill', 'a_to_z', 'chargeback')",
    )
    assert {("goodwill", "goodwill", False), ("a_to_z", "a_to_z", False)} <= set(said)
    wrong = [
        (reason, kind)
        for reason, kind, is_second in said
        if (reason != kind and reason != "double") or (reason == "double") > is_second
    ]
    assert not wrong


def test_a_return_is_only_missing_a_refund_that_no_settlement_holds(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """`pending` up to a day means: these units were not paid for up to that day."""
    items = "amazon_order_id, sku"
    pending = (
        f"select {items}, sum(matched_quantity) as units,"
        " min(settlement_covered_to_date) as covered_to_date"
        " from facts.fct_return_refund_matches where match_reason = 'pending'"
        " group by all"
    )
    units = "sum(returned_quantity) as units"
    returned = f"select {items}, {units} from true_returns group by all"
    paid = (
        "coalesce((select sum(refunded_quantity) from true_refunds as f"
        " where f.amazon_order_id = p.amazon_order_id and f.sku = p.sku"
        " and f.kind = 'refund' and not f.is_second"
        " and cast(f.posted_at as date) <= p.covered_to_date), 0)"
    )
    wrong = number(
        warehouse,
        f"from ({pending}) as p join ({returned}) as r using ({items})"
        f" where p.units > r.units - {paid}",
    )
    assert number(warehouse, f"from ({pending})") > 0
    assert wrong == 0


def test_feedback_is_linked_to_the_returns_of_its_order(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    wanted = "seller_id, amazon_order_id, rating, feedback_date"
    facts = f"select {wanted} from facts.fct_feedback where is_counted"
    truth = f"select {wanted} from true_feedback"
    for one, other in ((facts, truth), (truth, facts)):
        assert rows(warehouse, f"{one} except all {other}") == []
    returned = "select seller_id, amazon_order_id from facts.fct_returns"
    assert (
        number(
            warehouse,
            "from facts.fct_feedback where is_return_linked !="
            f" ((seller_id, amazon_order_id) in ({returned} where is_counted))"
            " and amazon_order_id is not null",
        )
        == 0
    )
