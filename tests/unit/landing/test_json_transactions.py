from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.landing.answers import Block, filled, in_order, land
from tests.unit.landing.trial import Trial


def breakdown(kind: str, amount: float, *inner: Block) -> Block:
    money = {"currencyCode": "EUR", "currencyAmount": amount}
    return {"breakdownType": kind, "breakdownAmount": money, "breakdowns": [*inner]}


TRANSACTION: Block = {
    "sellingPartnerMetadata": {"sellingPartnerId": "A1", "marketplaceId": "M-META"},
    "relatedIdentifiers": [
        {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "O-1"},
        {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "F-1"},
        {"relatedIdentifierName": "SHIPMENT_ID", "relatedIdentifierValue": "H-1"},
        {"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": "99"},
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
    rows = in_order(trial.rows("finances_transactions"))
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
        "shipment_id": "H-1",
        "settlement_id": "99",
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
