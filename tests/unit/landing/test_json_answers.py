from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.landing.trial import Trial

Block = dict[str, Any]


def land(trial: Trial, content: Any) -> Any:
    return trial.land_one(json.dumps(content).encode())


def filled(row: Block) -> Block:
    return {k: v for k, v in row.items() if v is not None and k[0] != "_"}


RETURN: Block = {
    "id": "R-1",
    "returnLocationId": "L-1",
    "merchantSku": "SKU 1",
    "returnType": "CUSTOMER",
    "returnSubType": "NORMAL",
    "numberOfUnits": 2,
    "status": "IN_TRANSIT",
    "fulfillmentLocationId": "F-1",
    "creationDateTime": "2026-03-01T01:02:03.456Z",
    "lastUpdatedDateTime": "2026-03-02T01:02:03+01:00",
    "returnMetadata": {
        "returnReason": "AMZ-PG-BAD-DESC",
        "rmaId": "D1RRMA",
        "fulfillmentOrderId": "FO-1",
        "invoiceInformation": {"id": "INV-1"},
    },
    "returnShippingInfo": {
        "deliveryDateTime": "2026-03-05T00:00:00Z",
        "pickupDateTime": None,
        "forwardTrackingInfo": {"carrierName": "A", "trackingId": "1"},
        "reverseTrackingInfo": {"carrierName": "B", "trackingId": "1Z 22"},
    },
    "marketplaceChannelDetails": {
        "marketplaceChannel": {"marketplaceName": "AMAZON_IN", "channelName": "X"},
        "customerOrderId": "111-0000001-0000001",
        "shippingAddress": {"line1": "1 Main Street", "city": "Pune"},
        "buyerEmail": "jane@example.com",
    },
    "otpDetails": {"otp": "4711", "validTill": 1700000000},
    "packageDeliveryMode": "DELIVERED_WITH_OTP",
}


def test_a_return_is_one_row(trial: Trial) -> None:
    entry = land(trial, {"returns": [RETURN], "nextToken": "t"})
    (row,) = trial.rows("external_returns")
    assert filled(row) == {
        "return_id": "R-1",
        "return_location_id": "L-1",
        "merchant_sku": "SKU 1",
        "return_type": "CUSTOMER",
        "return_sub_type": "NORMAL",
        "number_of_units": "2",
        "status": "IN_TRANSIT",
        "created_at": "2026-03-01 01:02:03",
        "last_updated_at": "2026-03-02 00:02:03",
        "return_reason": "AMZ-PG-BAD-DESC",
        "rma_id": "D1RRMA",
        "fulfillment_order_id": "FO-1",
        "delivered_at": "2026-03-05 00:00:00",
        "carrier": "B",
        "tracking_id": "1Z 22",
        "marketplace_id": "AMAZON_IN",
        "customer_order_id": "111-0000001-0000001",
        "package_delivery_mode": "DELIVERED_WITH_OTP",
    }
    assert (entry.rows_read, entry.rows_quarantined) == (1, 0)


def test_nothing_of_a_buyer_lands(trial: Trial) -> None:
    entry = land(trial, {"returns": [RETURN]})
    dropped = set(str(entry.personal_columns).split(", "))
    assert {
        "otp_details.otp",
        "otp_details.valid_till",
        "marketplace_channel_details.shipping_address.line1",
        "marketplace_channel_details.shipping_address.city",
        "marketplace_channel_details.buyer_email",
    } <= dropped
    everything = str(trial.rows("external_returns")) + str(trial.rejects())
    for secret in ("4711", "1 Main Street", "Pune", "jane@", "1700000000"):
        assert secret not in everything


def test_keys_that_are_somebody_s_address_are_not_told(trial: Trial) -> None:
    entry = land(trial, {"returns": [RETURN | {"jane@roe.example.com": "x"}]})
    told = f"{entry.unknown_columns} {entry.personal_columns}"
    assert "jane" not in told
    assert "(a field with an odd name)" in told


def test_ever_new_fields_do_not_fill_the_ledger(trial: Trial) -> None:
    odd = {f"field{number}": number for number in range(5000)}
    entry = land(trial, {"returns": [RETURN | odd]})
    assert len(str(entry.unknown_columns).split(", ")) <= 100
    assert "(others)" in str(entry.personal_columns)


@pytest.mark.parametrize(
    "wrap", [lambda r: r, lambda r: {"payload": r}, lambda r: [r, r]]
)
def test_the_answer_about_one_return_lands_too(trial: Trial, wrap: Any) -> None:
    entry = land(trial, wrap(RETURN))
    assert entry.lake_table == "external_returns", entry.reason
    assert {r["return_id"] for r in trial.rows("external_returns")} == {"R-1"}


def test_a_return_without_its_number_is_set_aside(trial: Trial) -> None:
    entry = land(trial, {"returns": [RETURN | {"id": None}, RETURN | {"status": ""}]})
    assert (entry.rows_landed, entry.rows_quarantined) == (0, 2)
    assert [r["column_name"] for r in trial.rejects()] == ["return_id", "status"]


def breakdown(kind: str, amount: float, *inner: Block) -> Block:
    money = {"currencyCode": "EUR", "currencyAmount": amount}
    return {"breakdownType": kind, "breakdownAmount": money, "breakdowns": [*inner]}


TRANSACTION: Block = {
    "sellingPartnerMetadata": {"sellingPartnerId": "A1", "marketplaceId": "M-META"},
    "relatedIdentifiers": [
        {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "O-1"},
        {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "F-1"},
        {"relatedIdentifierName": "OTHER", "relatedIdentifierValue": "x"},
    ],
    "transactionType": "Refund",
    "transactionId": "T-1",
    "transactionStatus": "DEFERRED",
    "description": "Refund Order",
    "postedDate": "2026-03-01T00:00:00Z",
    "totalAmount": {"currencyCode": "EUR", "currencyAmount": -12.5},
    "contexts": [
        {
            "contextType": "DeferredContext",
            "deferralReason": "B2B",
            "maturityDate": "2026-04-01T00:00:00Z",
        }
    ],
    "items": [
        {
            "relatedIdentifiers": [
                {
                    "itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID",
                    "itemRelatedIdentifierValue": "77",
                }
            ],
            "totalAmount": {"currencyCode": "EUR", "currencyAmount": -12.5},
            "contexts": [
                {
                    "contextType": "ProductContext",
                    "asin": "B01",
                    "sku": "SKU-1",
                    "quantityShipped": 1,
                    "fulfillmentNetwork": "MFN",
                }
            ],
            "breakdowns": [
                breakdown("Principal", -15, breakdown("Base", -14), breakdown("X", -1)),
                breakdown("Fees", 2.5),
            ],
        }
    ],
    "breakdowns": [breakdown("Total", -12.5)],
}


def test_the_leaves_of_a_transaction_s_items_are_rows(trial: Trial) -> None:
    land(trial, {"payload": {"transactions": [TRANSACTION]}})
    rows = sorted(
        trial.rows("finances_transactions"), key=lambda row: row["_line_number"]
    )
    assert [(row["breakdown_path"], row["amount"]) for row in rows] == [
        ("Principal/Base", "-14"),
        ("Principal/X", "-1"),
        ("Fees", "2.5"),
    ]
    assert filled(rows[0]) == {
        "transaction_id": "T-1",
        "transaction_type": "Refund",
        "transaction_status": "DEFERRED",
        "description": "Refund Order",
        "posted_date": "2026-03-01 00:00:00",
        "marketplace_id": "M-META",
        "order_id": "O-1",
        "refund_id": "F-1",
        "total_amount": "-12.5",
        "currency_code": "EUR",
        "deferral_reason": "B2B",
        "maturity_date": "2026-04-01 00:00:00",
        "item_number": "1",
        "order_adjustment_item_id": "77",
        "sku": "SKU-1",
        "asin": "B01",
        "quantity": "1",
        "fulfillment_network": "MFN",
        "breakdown_path": "Principal/Base",
        "amount": "-14",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"items": []}, [(None, "Total", "-12.5")]),
        ({"items": None, "breakdowns": None}, [(None, None, "-12.5")]),
        (
            {"items": [{"totalAmount": {"currencyAmount": -2}}, {"breakdowns": []}]},
            [("1", None, "-2")],
        ),
    ],
)
def test_what_is_not_broken_down_lands_as_a_whole(
    trial: Trial, changes: Block, expected: list[Any]
) -> None:
    entry = land(trial, {"transactions": [TRANSACTION | changes]})
    rows = trial.rows("finances_transactions")
    found = [(row["item_number"], row["breakdown_path"], row["amount"]) for row in rows]
    assert found == expected
    # An item without any amount is set aside.
    assert entry.rows_quarantined == entry.rows_read - len(expected)


def test_a_released_transaction_is_another_delivery(trial: Trial) -> None:
    trial.land_one(json.dumps({"transactions": [TRANSACTION]}).encode(), "s/1.json")
    released = TRANSACTION | {"transactionStatus": "RELEASED"}
    trial.land_one(json.dumps({"transactions": [released]}).encode(), "s/2.json")
    states = {row["transaction_status"] for row in trial.rows("finances_transactions")}
    assert states == {"DEFERRED", "RELEASED"}


def amount(value: float) -> Block:
    return {"amount": value, "currencyCode": "USD"}


def sales(granularity: str = "DAY", day: str = "2026-03-01", **changes: Any) -> Block:
    return {
        "reportSpecification": {
            "reportType": "GET_SALES_AND_TRAFFIC_REPORT",
            "reportOptions": {"dateGranularity": granularity, "asinGranularity": "SKU"},
            "dataStartTime": "2026-03-01",
            "dataEndTime": "2026-03-31",
            "marketplaceIds": ["ATVPDKIKX0DER"],
        },
        "salesAndTrafficByDate": [
            {
                "date": day,
                "salesByDate": {
                    "orderedProductSales": amount(238.44),
                    "unitsOrdered": 23,
                    "totalOrderItems": 20,
                    "unitsRefunded": 1,
                    "refundRate": 4.35,
                    "claimsGranted": 0,
                    "claimsAmount": amount(0.0),
                    "unitsShipped": 59,
                    "ordersShipped": 54,
                },
                "trafficByDate": {
                    "pageViews": 1658,
                    "sessions": 1000,
                    "feedbackReceived": 10,
                    "negativeFeedbackReceived": 1,
                    "receivedNegativeFeedbackRate": 10.0,
                },
            }
        ],
        "salesAndTrafficByAsin": [
            {
                "parentAsin": "B1",
                "childAsin": "B2",
                "sku": "SKU 1",
                "salesByAsin": {
                    "unitsOrdered": 3,
                    "orderedProductSales": amount(26.25),
                },
                "trafficByAsin": {"sessions": 18, "pageViews": 43},
            }
        ],
    } | changes


def test_periods_and_articles_are_rows(trial: Trial) -> None:
    land(trial, sales())
    rows = sorted(trial.rows("sales_and_traffic"), key=lambda r: r["_line_number"])
    assert filled(rows[0]) == {
        "marketplace_id": "ATVPDKIKX0DER",
        "row_kind": "date",
        "granularity": "DAY",
        "start_date": "2026-03-01",
        "end_date": "2026-03-01",
        "currency_code": "USD",
        "ordered_product_sales_amount": "238.44",
        "units_ordered": "23",
        "total_order_items": "20",
        "units_refunded": "1",
        "refund_rate": "4.35",
        "claims_granted": "0",
        "claims_amount": "0.0",
        "units_shipped": "59",
        "orders_shipped": "54",
        "feedback_received": "10",
        "negative_feedback_received": "1",
        "received_negative_feedback_rate": "10.0",
        "sessions": "1000",
        "page_views": "1658",
    }
    assert filled(rows[1]) == {
        "marketplace_id": "ATVPDKIKX0DER",
        "row_kind": "asin",
        "granularity": "SKU",
        "start_date": "2026-03-01",
        "end_date": "2026-03-31",
        "parent_asin": "B1",
        "child_asin": "B2",
        "sku": "SKU 1",
        "currency_code": "USD",
        "ordered_product_sales_amount": "26.25",
        "units_ordered": "3",
        "sessions": "18",
        "page_views": "43",
    }


@pytest.mark.parametrize(
    ("granularity", "day", "last"),
    [
        ("WEEK", "2026-02-22", "2026-02-28"),
        ("MONTH", "2024-02-01", "2024-02-29"),
        ("MONTH", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_ends_with_its_last_day(
    trial: Trial, granularity: str, day: str, last: str
) -> None:
    land(trial, sales(granularity, day))
    (row,) = [r for r in trial.rows("sales_and_traffic") if r["row_kind"] == "date"]
    assert (row["start_date"], row["end_date"]) == (day, last)


def test_the_specification_may_stand_behind_the_rows(trial: Trial) -> None:
    content = sales()
    content["reportSpecification"] = content.pop("reportSpecification")
    land(trial, content)
    kinds = {row["granularity"] for row in trial.rows("sales_and_traffic")}
    assert kinds == {"DAY", "SKU"}


def test_each_page_has_its_own_specification(trial: Trial) -> None:
    other = sales(day="2026-03-02", salesAndTrafficByAsin=[])
    other["reportSpecification"]["marketplaceIds"] = ["A", "B"]
    land(trial, [sales(), {"payload": other}])
    found = {
        (row["start_date"], row["marketplace_id"])
        for row in trial.rows("sales_and_traffic")
    }
    assert found == {("2026-03-01", "ATVPDKIKX0DER"), ("2026-03-02", None)}


def test_a_day_that_is_none_is_set_aside(trial: Trial) -> None:
    entry = land(trial, sales(day="yesterday"))
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)
    assert trial.rejects()[0]["column_name"] == "start_date"


def share(percent: float, **more: Any) -> Block:
    return {
        "browseNodeMetrics": {"occurrencePercentage": {"allProducts": percent}}
    } | more


NODE: Block = {
    "browseNodeId": "123",
    "displayName": "Shoe rack",
    "marketplaceId": "ATVPDKIKX0DER",
    "countryCode": "US",
    "dateRange": {
        "startDate": "2026-01-01T00:00:00.000Z",
        "endDate": "2026-06-30T00:00:00.000Z",
    },
}


def test_a_topic_is_a_row(trial: Trial) -> None:
    topics = [
        share(27.5, topic="Weak fragile ", subtopics=[share(3.5, subtopic="Leg")]),
        share(10, topic="Value for Money"),
    ]
    land(trial, NODE | {"topics": topics})
    rows = sorted(trial.rows("return_topics"), key=lambda r: r["_line_number"])
    assert filled(rows[0]) == {
        "browse_node_id": "123",
        "browse_node_name": "Shoe rack",
        "marketplace_id": "ATVPDKIKX0DER",
        "row_kind": "topic",
        "topic_name": "Weak fragile",
        "start_date": "2026-01-01 00:00:00",
        "end_date": "2026-06-30 00:00:00",
        "occurrence_percentage": "27.5",
    }
    found = [(r["topic_name"], r["subtopic_name"]) for r in rows]
    assert found == [
        ("Weak fragile", None),
        ("Weak fragile", "Leg"),
        ("Value for Money", None),
    ]


def test_a_month_of_a_trend_is_a_row(trial: Trial) -> None:
    months = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28")]
    points = [
        share(20 + number, dateRange={"startDate": start, "endDate": end})
        for number, (start, end) in enumerate(months)
    ]
    trend = {"topic": "Weak", "trendMetrics": points}
    entry = land(trial, NODE | {"returnTrends": [trend]})
    rows = sorted(trial.rows("return_topics"), key=lambda r: r["_line_number"])
    names = ("row_kind", "start_date", "end_date", "occurrence_percentage")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("trend", "2026-01-01", "2026-01-31", "20"),
        ("trend", "2026-02-01", "2026-02-28", "21"),
    ]
    assert str(entry.data_end_date) == "2026-02-28"
