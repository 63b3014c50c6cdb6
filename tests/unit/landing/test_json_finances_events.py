from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.landing.trial import Trial

Block = dict[str, Any]


def money(amount: float, currency: str = "USD") -> Block:
    return {"CurrencyCode": currency, "CurrencyAmount": amount}


REFUND: Block = {
    "AmazonOrderId": "111-0000001-0000001",
    "SellerOrderId": "S-1",
    "MarketplaceName": "Amazon.com",
    "PostedDate": "2026-03-01T10:20:30Z",
    "ShipmentItemAdjustmentList": [
        {
            "SellerSKU": "SKU-1",
            "OrderItemId": "9001",
            "OrderAdjustmentItemId": "7001",
            "QuantityShipped": 2,
            "ItemChargeAdjustmentList": [
                {"ChargeType": "Principal", "ChargeAmount": money(-19.95)},
                {"ChargeType": "Tax", "ChargeAmount": money(-1.6)},
            ],
            "ItemFeeAdjustmentList": [
                {"FeeType": "Commission", "FeeAmount": money(2.99)}
            ],
            "ItemTaxWithheldList": [
                {
                    "TaxCollectionModel": "MarketplaceFacilitator",
                    "TaxesWithheld": [
                        {"ChargeType": "MarketplaceTax", "ChargeAmount": money(1.6)}
                    ],
                }
            ],
            "PromotionAdjustmentList": [
                {
                    "PromotionType": "PromotionMetaDataDefinitionValue",
                    "PromotionId": "Spring sale",
                    "PromotionAmount": money(0.5),
                }
            ],
            "CostOfPointsReturned": money(0.1),
        }
    ],
}


def events(**lists: Any) -> Block:
    return {"FinancialEvents": lists}


def rows(trial: Trial) -> list[Block]:
    found = trial.rows("finances_events")
    return sorted(found, key=lambda row: row["_line_number"])


def columns(trial: Trial, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows(trial)]


def test_one_amount_is_one_row(trial: Trial) -> None:
    content = {"payload": events(RefundEventList=[REFUND])}
    entry = trial.land_one(json.dumps(content).encode())
    assert entry.report_type == "FINANCES_V0_FINANCIAL_EVENTS"
    names = ("component_list_name", "component_type", "amount", "currency_code")
    assert columns(trial, *names) == [
        ("ItemChargeAdjustmentList", "Principal", "-19.95", "USD"),
        ("ItemChargeAdjustmentList", "Tax", "-1.6", "USD"),
        ("ItemFeeAdjustmentList", "Commission", "2.99", "USD"),
        ("ItemTaxWithheldList", "MarketplaceTax", "1.6", "USD"),
        ("PromotionAdjustmentList", "PromotionMetaDataDefinitionValue", "0.5", "USD"),
        ("ShipmentItemAdjustmentList", "CostOfPointsReturned", "0.1", "USD"),
    ]
    first = {k: v for k, v in rows(trial)[0].items() if v is not None and k[0] != "_"}
    assert first == {
        "event_list_name": "RefundEventList",
        "event_number": "1",
        "posted_date": "2026-03-01 10:20:30",
        "amazon_order_id": "111-0000001-0000001",
        "seller_order_id": "S-1",
        "marketplace_name": "Amazon.com",
        "item_number": "1",
        "seller_sku": "SKU-1",
        "order_item_id": "9001",
        "adjustment_item_id": "7001",
        "quantity": "2",
        "component_list_name": "ItemChargeAdjustmentList",
        "component_type": "Principal",
        "amount": "-19.95",
        "currency_code": "USD",
    }


def test_the_own_amount_of_an_event_has_no_type(trial: Trial) -> None:
    claim = {
        "PostedDate": "2026-03-02T00:00:00Z",
        "SAFETClaimId": "12345",
        "ReimbursedAmount": money(12.5),
        "ReasonCode": "Carrier",
        "SAFETReimbursementItemList": [
            {"itemChargeList": [{"ChargeType": "x", "ChargeAmount": money(12.5)}]}
        ],
    }
    trial.land_one(json.dumps(events(SAFETReimbursementEventList=[claim])).encode())
    names = ("claim_id", "reason_code", "component_list_name", "component_type")
    assert columns(trial, *names, "item_number", "amount") == [
        ("12345", "Carrier", "itemChargeList", "x", "1", "12.5"),
        ("12345", "Carrier", None, None, None, "12.5"),
    ]


def test_several_own_amounts_are_told_apart_by_their_names(trial: Trial) -> None:
    sale = {
        "PostedDate": "2026-03-02T00:00:00Z",
        "OriginalRemovalOrderId": "R1",
        "LiquidationProceedsAmount": money(9),
        "LiquidationFeeAmount": money(-1),
    }
    trial.land_one(json.dumps(events(FBALiquidationEventList=[sale])).encode())
    assert columns(trial, "amazon_order_id", "component_type", "amount") == [
        ("R1", "LiquidationProceedsAmount", "9"),
        ("R1", "LiquidationFeeAmount", "-1"),
    ]


def test_an_adjustment_lands_as_a_whole_and_by_item(trial: Trial) -> None:
    adjustment = {
        "AdjustmentType": "FBAInventoryReimbursement",
        "PostedDate": "2026-03-02T00:00:00Z",
        "AdjustmentAmount": money(10),
        "AdjustmentItemList": [
            {
                "Quantity": "2",
                "PerUnitAmount": money(5),
                "TotalAmount": money(10),
                "SellerSKU": "SKU-1",
                "FnSKU": "X001",
                "ProductDescription": "A shirt",
            }
        ],
    }
    trial.land_one(json.dumps(events(AdjustmentEventList=[adjustment])).encode())
    names = ("event_type", "component_type", "fnsku", "quantity", "amount")
    assert columns(trial, *names) == [
        ("FBAInventoryReimbursement", "PerUnitAmount", "X001", "2", "5"),
        ("FBAInventoryReimbursement", "TotalAmount", "X001", "2", "10"),
        ("FBAInventoryReimbursement", None, None, None, "10"),
    ]


def test_lists_that_amazon_adds_and_single_components_land_too(trial: Trial) -> None:
    event = {
        "PostedDate": "2026-03-02T00:00:00Z",
        "FeeComponent": {"FeeType": "CouponFee", "FeeAmount": money(-0.6)},
        "NewList": [{"Deep": [{"NewType": "n", "Any": money(3)}]}],
    }
    trial.land_one(json.dumps(events(TomorrowEventList=[event, event])).encode())
    names = ("event_list_name", "event_number", "component_list_name", "component_type")
    assert columns(trial, *names) == [
        ("TomorrowEventList", number, name, kind)
        for number in "12"
        for name, kind in (("FeeComponent", "CouponFee"), ("NewList", "n"))
    ]


def test_an_event_without_an_amount_is_set_aside_not_lost(trial: Trial) -> None:
    bare = {
        "AmazonOrderId": "111-0000001-0000001",
        "PostedDate": "2026-03-01T00:00:00Z",
    }
    entry = trial.land_one(
        json.dumps(events(RefundEventList=[bare, REFUND, {}])).encode()
    )
    assert (entry.rows_read, entry.rows_landed, entry.rows_quarantined) == (8, 6, 2)
    assert {r["column_name"] for r in trial.rejects()} == {"amount"}


@pytest.mark.parametrize(
    ("text", "lands"),
    [
        ("12.30", "12.30"),
        ("0.100000000000000005551115", "0.100000000000000005551115"),
        ("123456789012345.89", "123456789012345.89"),
        ("1234567890123456", None),
        ("3.0E-5", "0.000030"),
        ("1e3", "1000"),
        ('"7.5"', "7.5"),
        ("NaN", None),
        ("Infinity", None),
        ("1e999999999", None),
        ("1e99999999999999999999999", None),
        ('"12,30"', None),
        ("true", None),
        ("9" * 5000, None),
    ],
)
def test_amounts_keep_their_digits(trial: Trial, text: str, lands: str | None) -> None:
    content = json.dumps(events(RefundEventList=[REFUND])).replace("-19.95", text)
    entry = trial.land_one(content.encode())
    assert entry.rows_read == 6
    if lands is None:
        assert [r["column_name"] for r in trial.rejects()] == ["amount"]
    else:
        assert rows(trial)[0]["amount"] == lands


def test_unknown_fields_are_named_people_s_left_out(trial: Trial) -> None:
    event = REFUND | {"StoreName": "My shop", "Batch": "B-7", "BuyerEmail": "a@b.com"}
    entry = trial.land_one(json.dumps(events(RefundEventList=[event])).encode())
    assert entry.unknown_columns == "batch"
    assert entry.personal_columns == "store_name, buyer_email"
    assert {row["_unknown_columns"] for row in rows(trial)} == {'{"batch":"B-7"}'}
