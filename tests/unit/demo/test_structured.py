"""XML and JSON documents, and the Prime report, against tables and truth."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from tests.unit.demo.conftest import Demo, read_csv


def answers(demo: Demo, pattern: str) -> list[Any]:
    return [
        json.loads(path.read_text("utf-8"), parse_float=Decimal)
        for path in sorted(demo.inbox.rglob(pattern))
        if not path.name.endswith(".meta.json")
    ]


def test_xml_requests_are_those_of_the_flat_report_to_the_second(demo: Demo) -> None:
    flat = {
        (row["Order ID"], row["Merchant SKU"], row["Amazon RMA ID"].strip())
        for label, _, row in demo.rows("Amazon RMA ID")
        if "/US/" in label
    }
    asked = dict(
        demo.truth(
            "select amazon_order_id, list(requested_at) from returns group by all"
        )
    )
    doubled = found = missing = 0
    for path in demo.inbox.rglob("*.xml"):
        root = ElementTree.parse(path).getroot()
        if root.tag != "AmazonEnvelope":
            continue
        assert root.findtext("MessageType") == "Returns-Report"
        for request in root.iter("return_details"):
            if request.findtext("item_details/return_quantity") == "two":
                continue
            order, rma = request.findtext("order_id"), request.findtext("amazon_rma_id")
            at = request.findtext("return_request_date") or ""
            assert at[:-1] in {moment.isoformat() for moment in asked[order]}
            items = [
                (item.findtext("merchant_sku"), item.findtext("return_quantity"))
                for item in request.iter("item_details")
            ]
            is_doubled = len(items) > len(set(items))
            assert not is_doubled or request.findtext("order_quantity") == "1"
            doubled += is_doubled
            for sku, _ in items:
                found += 1
                missing += (order, sku, rma or "") not in flat
    assert doubled > 0
    assert missing < found / 50


def test_prime_rows_are_the_flat_reports_between_commas(demo: Demo) -> None:
    names, *rows = read_csv(next(demo.inbox.rglob("prime-*.csv")))
    flat = [
        row
        for label, _, row in demo.rows("Order Item ID")
        if label.endswith("/US/returns/mfn-2026-10-31.tsv") and row["Is prime"] == "Y"
    ]
    assert [dict(zip(names, row, strict=True)) for row in rows] == flat
    assert rows


def amounts(value: Any) -> list[Decimal]:
    if isinstance(value, list):
        return [amount for item in value for amount in amounts(item)]
    if isinstance(value, dict):
        if "CurrencyAmount" in value:
            return [Decimal(value["CurrencyAmount"])]
        return [amount for item in value.values() for amount in amounts(item)]
    return []


def test_events_add_up_to_what_settlements_say_of_the_refund(demo: Demo) -> None:
    settled: dict[str, Decimal] = defaultdict(Decimal)
    for label, _, row in demo.rows("amount-description"):
        if "/US/" in label and row["merchant-adjustment-item-id"]:
            settled[row["merchant-adjustment-item-id"]] += Decimal(row["amount"])
    kinds: Counter[str] = Counter()
    compared = 0
    for answer in answers(demo, "US/finances/events-*.json"):
        for name, events in answer["payload"]["FinancialEvents"].items():
            kinds[name] += len(events)
            if name == "SAFETReimbursementEventList":
                continue
            for event in events:
                [item] = event["ShipmentItemAdjustmentList"]
                number = item["OrderAdjustmentItemId"]
                if number in settled:
                    assert sum(amounts(item)) == settled[number]
                    compared += 1
    assert compared > 20
    assert kinds["RefundEventList"] > 0 < kinds["SAFETReimbursementEventList"]


def leaves(breakdowns: list[Any]) -> Decimal:
    return sum(
        (
            leaves(item["breakdowns"])
            if item.get("breakdowns")
            else Decimal(item["breakdownAmount"]["currencyAmount"])
            for item in breakdowns
        ),
        Decimal(0),
    )


def test_transactions_are_released_under_the_number_they_were_deferred(
    demo: Demo,
) -> None:
    states: dict[str, list[str]] = defaultdict(list)
    for answer in answers(demo, "money-*.json"):
        for transaction in answer["payload"]["transactions"]:
            number = transaction["transactionId"]
            states[number].append(transaction["transactionStatus"])
            [item] = transaction["items"]
            total = Decimal(transaction["totalAmount"]["currencyAmount"])
            assert leaves(item["breakdowns"]) == total
            is_deferred = transaction["transactionStatus"] != "RELEASED"
            assert bool(transaction["contexts"]) == is_deferred
    assert ["DEFERRED", "DEFERRED_RELEASED"] in states.values()
    assert ["RELEASED", "RELEASED"] in states.values()


def test_a_few_refunds_are_in_no_finances_answer(demo: Demo) -> None:
    [(missing, told)] = demo.truth(
        "select count(*) filter (where not is_in_finances),"
        " count(*) filter (where is_in_finances) from refunds"
        " where marketplace_code = 'US' and seller_id = 'northwind-outdoor'"
        " and posted_at between timestamp '2026-07-01' and timestamp '2026-08-31'"
    )
    events = sum(
        len(found)
        for answer in answers(demo, "US/finances/events-*.json")
        for name, found in answer["payload"]["FinancialEvents"].items()
        if name != "SAFETReimbursementEventList"
    )
    assert 0 <= missing < told
    assert told <= events


def test_external_returns_move_through_the_states(demo: Demo) -> None:
    states: dict[str, list[str]] = defaultdict(list)
    known = set(demo.truth("select amazon_order_id, sku, amazon_rma_id from returns"))
    for answer in answers(demo, "external-*.json"):
        for item in answer["returns"]:
            states[item["id"]].append(item["status"])
            order = item["marketplaceChannelDetails"]["customerOrderId"]
            key = (order, item["merchantSku"], item["returnMetadata"]["rmaId"])
            assert key in known
    seen = {state for found in states.values() for state in found}
    assert len(seen) >= 3
    assert any(len(set(found)) > 1 for found in states.values())
