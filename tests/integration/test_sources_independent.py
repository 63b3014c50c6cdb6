"""XML returns, histories and refunds of the Finances APIs against plain Python.

The reference reads the landed deliveries line by line and knows nothing of the models.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome

Row = dict[str, Any]
ITEM = ("_seller_id", "amazon_rma_id", "merchant_sku")
FLAT = ("_seller_id", "order_id", *ITEM[1:], "asin", "return_request_date")
EVENT = [
    "_seller_id",
    "event_list_name",
    "posted_date",
    "amazon_order_id",
    "seller_sku",
    "order_item_id",
    "adjustment_item_id",
    "component_list_name",
    "component_type",
    "amount",
    "currency_code",
]
VERSION = (
    "return_status",
    "received_date",
    "refunded_amount",
    "claim_status",
    "claim_amount",
)
CLAIMS = {"GRANT": "granted", "NOGRANT": "denied", "PENDING_ACTION": "pending"}
TO_BUYER = {"ItemChargeAdjustmentList", "PromotionAdjustmentList"}
REFUNDS = {"RefundEventList", "GuaranteeClaimEventList", "ChargebackEventList"}
WITHHELD = ("Marketplace", "LowValueGoods")


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


def rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = warehouse.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def key_of(row: Row, names: tuple[str, ...] | list[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_every_request_is_one_return_with_the_second_where_xml_tells_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    flat = {
        key_of(row, ITEM)
        for row in rows(warehouse, "from raw.mfn_returns")
        if row["amazon_rma_id"]
    }
    seconds: dict[tuple[Any, ...], str] = {}
    for row in rows(warehouse, "from raw.xml_returns"):
        if row["amazon_rma_id"]:
            seconds[key_of(row, ITEM)] = row["return_request_date"]
    found: dict[tuple[Any, ...], set[Any]] = defaultdict(set)
    for row in rows(warehouse, "from facts.fct_returns where channel = 'mfn'"):
        key = (row["seller_id"], row["amazon_rma_id"], row["sku"])
        found[key].add((row["source_code"], row["requested_at"]))
    assert seconds, "the demo has no XML returns"
    for key, second in seconds.items():
        source = "mfn_returns" if key in flat else "xml_returns"
        assert (source, datetime.fromisoformat(second)) in found[key]
    assert flat | seconds.keys() <= found.keys()


def test_histories_hold_each_change_of_each_delivery(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    told: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(dict)
    alone: Counter[tuple[Any, ...]] = Counter()
    for row in rows(warehouse, "from raw.mfn_returns order by _as_of, _file_key"):
        key = key_of(row, FLAT)
        alone[key, row["_file_key"]] += 1
        told[key][row["_as_of"]] = said(row)
    several = {(key[0], key[1]) for (key, _), count in alone.items() if count > 1}
    expected = Counter(
        (key[0], key[1], key[3], *(values for values, _ in groupby(versions.values())))
        for key, versions in told.items()
        if key[:2] not in several
    )
    histories: dict[str, list[Any]] = {}
    for row in rows(
        warehouse,
        "from facts.fct_return_versions where source_code = 'mfn_returns' "
        "order by return_key, version_number",
    ):
        order = [row["seller_id"], row["amazon_order_id"], row["sku"]]
        history = histories.setdefault(row["return_key"], order)
        history.append(key_of(row, VERSION))
    found = Counter(
        tuple(history)
        for history in histories.values()
        if tuple(history[:2]) not in several
    )
    assert max(len(history) for history in histories.values()) > 4
    assert found == expected


def said(row: Row) -> tuple[Any, ...]:
    """Return what a delivery says of a return, in the columns of ``VERSION``."""
    delivered = row["return_delivery_date"]
    refunded = row["refunded_amount"]
    claimed = row["safet_claim_reimbursement_amount"]
    status = (row["return_request_status"] or "").lower().replace(" ", "_")
    claim = CLAIMS.get(row["safet_claim_state"], row["safet_claim_state"])
    return (
        status.replace("canceled", "cancelled") or None,
        delivered and date.fromisoformat(delivered),
        refunded and Decimal(refunded),
        claim and claim.lower(),
        claimed and Decimal(claimed),
    )


def test_versions_follow_each_other_and_end_in_the_newest(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    versions = rows(
        warehouse,
        "from facts.fct_return_versions "
        "order by return_key, source_code, version_number",
    )
    for _, group in groupby(versions, lambda v: (v["return_key"], v["source_code"])):
        history = list(group)
        assert [v["version_number"] for v in history] == [
            number for number, _ in enumerate(history, start=1)
        ]
        assert [v["valid_to_at"] for v in history] == [
            *(v["valid_from_at"] for v in history[1:]),
            None,
        ]
        assert [v["is_current"] for v in history] == [
            *[False] * (len(history) - 1),
            True,
        ]


def test_refunds_of_events_are_added_up_once(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    files: dict[str, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    for row in rows(warehouse, "from raw.finances_events"):
        files[row["_file_key"]][key_of(row, EVENT)] += 1
    most: Counter[tuple[Any, ...]] = Counter()
    for file in files.values():
        most |= file
    expected: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for amount, count in most.items():
        row = dict(zip(EVENT, amount, strict=True))
        if row["event_list_name"] not in REFUNDS:
            continue
        key = key_of(row, ["_seller_id", "amazon_order_id", "seller_sku"])
        is_withheld = str(row["component_type"]).startswith(WITHHELD)
        if row["component_list_name"] in TO_BUYER and not is_withheld:
            expected[key] -= Decimal(row["amount"]) * count
    found = {
        (row["seller_id"], row["amazon_order_id"], row["sku"]): row["events_amount"]
        for row in rows(warehouse, "from facts.fct_refund_reconciliation")
        if row["events_amount"] is not None
    }
    assert expected, "the demo has no refunds of the Finances API v0"
    assert found == dict(expected)


def test_a_transaction_counts_once_in_its_newest_state(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    newest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows(warehouse, "from raw.finances_transactions"):
        key = key_of(row, ["_seller_id", "transaction_id"])
        state = (row["transaction_status"] != "DEFERRED", row["_as_of"])
        newest[key] = max(state, newest.get(key, state))
    expected: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows(warehouse, "from raw.finances_transactions"):
        key = key_of(row, ["_seller_id", "transaction_id"])
        state = (row["transaction_status"] != "DEFERRED", row["_as_of"])
        is_fee = "AmazonFees" in row["breakdown_path"]
        if state == newest[key] and row["transaction_type"] == "Refund" and not is_fee:
            refunded = key_of(row, ["_seller_id", "order_id", "sku"])
            expected[refunded] -= Decimal(row["amount"])
    found = {
        (row["seller_id"], row["amazon_order_id"], row["sku"]): row[
            "transactions_amount"
        ]
        for row in rows(warehouse, "from facts.fct_refund_reconciliation")
        if row["transactions_amount"] is not None
    }
    assert found == dict(expected)


def test_every_difference_is_what_the_amounts_say(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    books = ("settled", "events", "transactions", "reported")
    reconciled = rows(warehouse, "from facts.fct_refund_reconciliation")
    assert {row["reconciliation_class"] for row in reconciled} >= {"agrees"}
    for row in reconciled:
        amounts = [row[f"{book}_amount"] for book in books]
        stated = [amount for amount in amounts if amount is not None]
        assert row["largest_difference_amount"] == max(stated) - min(stated)
        if row["reconciliation_class"] == "agrees":
            assert max(stated) == min(stated)
        if row["reconciliation_class"].startswith("only_in"):
            assert row["reconciliation_reason"].startswith("missing_in")
