"""True steps, true links, and what Amazon adds up, against each other and the files."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from xml.etree import ElementTree

from tests.unit.demo.conftest import Demo

OPERATIONS = "lakeside-home/operations"


def test_steps_of_a_case_come_in_order(demo: Demo) -> None:
    [(early, late, opened)] = demo.truth(
        """
        with first as (
            select
                case_id,
                min(event_at) filter (where stage_code = 'requested') as asked,
                min(event_at) filter (where stage_code = 'received') as came,
                min(event_at) filter (where stage_code = 'inspected') as opened,
                min(event_at) as began,
                max(event_at) as ended
            from events
            group by case_id
        )
        select
            count(*) filter (where began < asked or asked is null),
            count(*) filter (where ended > timestamp '2026-10-31 12:00:00'),
            count(*) filter (where opened < came)
        from first
        """
    )
    assert (early, late, opened) == (0, 0, 0)


def test_steps_in_the_sellers_files_are_those_of_the_truth(demo: Demo) -> None:
    told = {
        (order, sku, stage, f"{at:%Y-%m-%dT%H:%M:%S}+00:00")
        for order, sku, stage, at in demo.truth(
            "select amazon_order_id, sku, stage_code, event_at from events"
        )
    }
    rows = [
        row
        for row in demo.table(f"{OPERATIONS}/return-events.csv")
        if row["order_id"] and row["event_type"] != "returned_to_buyer"
    ]
    strange = [
        row
        for row in rows
        if (row["order_id"], row["sku"], row["event_type"], row["event_at"]) not in told
    ]
    # What remains are parcels that were scanned late.
    assert {row["event_type"] for row in strange} == {"received"}
    assert 0 < len(strange) < len(rows) / 10


def test_links_name_what_the_files_do(demo: Demo) -> None:
    files = {
        "reimbursement": {
            row["reimbursement-id"] for _, _, row in demo.rows("approval-date")
        },
        "removal": {row["order-id"] for _, _, row in demo.rows("removal-fee")},
        "replacement": {
            row["replacement-amazon-order-id"]
            for _, _, row in demo.rows("replacement-amazon-order-id")
        },
        "inspection": {
            row["inspection_id"] for row in demo.table(f"{OPERATIONS}/inspections.csv")
        },
        "resale": {
            row["amazon-order-id"]
            for _, _, row in demo.rows("purchase-date")
            if row["sku"].startswith("amzn.gr.")
        },
    }
    links: dict[str, set[str]] = {}
    for kind, number in demo.truth("select linked_type, linked_id from links"):
        links.setdefault(kind, set()).add(number)
    assert links.keys() == files.keys()
    for kind, numbers in links.items():
        assert len(numbers & files[kind]) > len(files[kind]) / 2, kind
        if kind in {"replacement", "resale", "inspection"}:
            assert files[kind] <= numbers, kind


def test_amazons_totals_are_those_of_orders_and_refunds(demo: Demo) -> None:
    path = demo.inbox / "lakeside-home/UK/sales/sales-and-traffic.json"
    report = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    days = report["salesAndTrafficByDate"]
    articles = report["salesAndTrafficByAsin"]
    [(units, sold)] = demo.truth(
        "select sum(quantity), sum(item_amount) from order_lines where not is_cancelled"
        " and not is_multi_channel and seller_id = 'lakeside-home'"
        " and marketplace_code = 'UK'"
    )
    sales = [day["salesByDate"] for day in days]
    assert sum(day["unitsOrdered"] for day in sales) == units
    assert sum(day["orderedProductSales"]["amount"] for day in sales) == sold
    assert sum(item["salesByAsin"]["unitsOrdered"] for item in articles) == units
    [(refunded,)] = demo.truth(
        "select sum(refunded_quantity) from refunds where seller_id = 'lakeside-home'"
        " and marketplace_code = 'UK' and posted_at <= timestamp '2026-10-31 12:00:00'"
    )
    assert sum(day["unitsRefunded"] for day in sales) == refunded
    assert len({day["date"] for day in days}) == len(days)


def test_the_older_performance_report_counts_answers(demo: Demo) -> None:
    found: Counter[str] = Counter()
    path = demo.inbox / "northwind-outdoor/US/account-health/checklist-2026-10-31.xml"
    root = ElementTree.parse(path).getroot()
    for block in root.iter("buyerSellerContactResponseTimeMetrics"):
        start = block.findtext("timeFrame/start", "")[:10]
        found[start] += int(block.findtext("responseUnder24Hours", "0"))
    [(in_time,)] = demo.truth(
        """
        select count(*) from conversations
        where seller_id = 'northwind-outdoor' and marketplace_code = 'US'
            and first_buyer_message_at >= timestamp '2026-10-01'
            and first_buyer_message_at < timestamp '2026-10-31'
            and replied_at < timestamp '2026-10-31'
            and date_diff('minute', first_buyer_message_at, replied_at) <= 1440
        """
    )
    assert found["2026-10-01"] == in_time > 0
    assert len(list(root.iter("returnDissatisfactionMetrics"))) == 4
