"""Settlements, added up by hand from the raw files."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

from tests.unit.demo.conftest import Demo, Row

V1_AMOUNTS = (
    "shipment-fee-amount",
    "order-fee-amount",
    "price-amount",
    "item-related-fee-amount",
    "misc-fee-amount",
    "other-fee-amount",
    "promotion-amount",
    "direct-payment-amount",
    "other-amount",
)
BUYERS = {"ItemPrice", "Promotion"}
REFUNDS = {"Refund", "A-to-z Guarantee Refund", "Chargeback Refund"}


def number(text: str) -> Decimal:
    return Decimal(text.strip().replace(",", ".") or 0)


def amounts(row: Row) -> Decimal:
    names = V1_AMOUNTS if "price-amount" in row else ("amount",)
    return sum((number(row[name]) for name in names), Decimal(0))


def by_document(demo: Demo) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for label, _, row in demo.rows("settlement-id"):
        found[label].append(row)
    return found


def test_each_settlement_adds_up_to_its_own_total(demo: Demo) -> None:
    documents = by_document(demo)
    assert len(documents) > 100
    for label, (summary, *rows) in documents.items():
        assert number(summary["total-amount"]) == sum(map(amounts, rows)), label
        assert summary["currency"]
        assert not summary["transaction-type"]


def test_dates_total_and_currency_stand_in_the_summary_row_only(demo: Demo) -> None:
    for label, (_, *rows) in by_document(demo).items():
        names = ("settlement-start-date", "deposit-date", "total-amount")
        assert not [row for row in rows if any(row[name] for name in names)], label
        assert {row["settlement-id"] for row in rows} == {label[-15:-4]}


def test_europe_writes_dotted_dates_and_germany_decimal_commas(demo: Demo) -> None:
    styles = {}
    for label, rows in by_document(demo).items():
        market = label.split("/")[1]
        row = rows[1]
        written = row.get("amount") or "".join(row[name] for name in V1_AMOUNTS)
        styles[market] = (row["posted-date"][2] == ".", "," in written)
    assert styles == {
        "US": (False, False),
        "CA": (False, False),
        "UK": (True, False),
        "DE": (True, True),
        "JP": (False, False),
    }


def test_periods_of_a_marketplace_follow_each_other(demo: Demo) -> None:
    spans = defaultdict(list)
    for label, (summary, *_) in by_document(demo).items():
        seller, market = label.split("/")[:2]
        if market in {"US", "JP"}:
            start, end = "settlement-start-date", "settlement-end-date"
            spans[seller, market].append((summary[start], summary[end]))
    for periods in spans.values():
        ordered = sorted(periods)
        for (_, end), (start, _) in pairwise(ordered):
            assert end == start


def test_refunds_in_documents_are_those_of_the_truth(demo: Demo) -> None:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for _, _, row in demo.rows("settlement-id"):
        if row["transaction-type"] in REFUNDS:
            if "amount-type" in row:
                is_buyers, amount = row["amount-type"] in BUYERS, number(row["amount"])
            else:
                is_buyers = bool(row["price-type"] or row["promotion-type"])
                amount = number(row["price-amount"]) + number(row["promotion-amount"])
            if is_buyers:
                paid[row["adjustment-id"]] -= amount
    truth = demo.truth(
        "select amazon_order_id, refunded_amount from refunds where is_in_files"
    )
    assert len(paid) == len(truth) == demo.expectations["counts"]["refunds_in_files"]
    assert sorted(paid.values()) == sorted(amount for _, amount in truth)


def test_a_row_of_the_older_layout_can_carry_several_amounts(demo: Demo) -> None:
    rows = [row for _, _, row in demo.rows("settlement-id", "price-amount")]
    filled = [sum(bool(row[name].strip()) for name in V1_AMOUNTS) for row in rows]
    assert max(filled) > 1


def test_yen_have_no_decimals(demo: Demo) -> None:
    rows = [r for label, _, r in demo.rows("settlement-id") if "/JP/" in label]
    assert rows
    assert not [row for row in rows if "." in row["amount"]]
