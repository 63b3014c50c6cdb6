from __future__ import annotations

from typing import Any

import pytest

from tests.unit.landing.answers import Block, filled, land
from tests.unit.landing.trial import Trial

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
        "pickupDateTime": "2026-03-04T00:00:00Z",
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
        "picked_up_at": "2026-03-04 00:00:00",
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
