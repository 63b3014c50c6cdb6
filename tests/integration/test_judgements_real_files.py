"""Misjudged labels of a real seller, computed from the raw files, without SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tests.integration.kpi_reference import close
from tests.integration.test_kpis_real_files import landed_and_built
from tests.integration.test_returns_independent import REAL, rows_of

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"real files are not here ({REAL})"
)


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The real files landed, and misjudged money built."""
    work = tmp_path_factory.mktemp("real_judgements")
    home = landed_and_built(work, ["+kpi_misjudged_money_by_marketplace_month"])
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield connection


def test_labels_of_wrong_reasons_are_misjudged_money(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Amazon itself found the buyer's reason wrong, and the seller had paid the label.

    Each label counts once, shared over the lines of its tracking number, and what the
    claim gave back is recovered.
    """
    rows = [row for row in rows_of("returns") if row["Label cost"]]
    lines = Counter((row["Order ID"], row["Tracking ID"]) for row in rows)
    wrong = [
        row
        for row in rows
        if row["SafeT Action reason"] == "BUYER_USED_WRONG_RETURN_REASON_CODE"
        and row["Label to be paid by"] == "Seller"
    ]
    assert wrong
    found = warehouse.execute(
        "select amazon_order_id, sku, misjudged_amount from facts.fct_misjudgements"
        " where misjudgement_class = 'label_paid_by_wrong_party'"
        " and bearing_party = 'seller' and owing_party = 'buyer'"
    ).fetchall()
    amounts = Counter((order, sku) for order, sku, _ in found)
    for row in wrong:
        item = (row["Order ID"], row["Merchant SKU"])
        assert amounts[item]
        if lines[(row["Order ID"], row["Tracking ID"])] == amounts[item] == 1:
            (amount,) = (a for order, sku, a in found if (order, sku) == item)
            assert close(amount, float(row["Label cost"]))
    totals = warehouse.execute(
        "select sum(misjudged_amount), sum(recovered_amount), sum(lost_amount)"
        " from marts.kpi_misjudged_money_by_marketplace_month"
        " where misjudgement_class = 'label_paid_by_wrong_party'"
    ).fetchone()
    assert totals
    borne = sum((amount for *_, amount in found), Decimal(0))
    assert totals[0] == borne == totals[1] + totals[2]
    assert totals[1] > totals[0] / 2  # these claims were granted
