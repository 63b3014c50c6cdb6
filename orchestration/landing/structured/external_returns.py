"""External Fulfillment Returns API 2024-09-11: one row a return as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.landing.structured.flattening import flat
from orchestration.landing.structured.records import Family, Record, Row

FIELDS = {
    "id": "return_id",
    "returnLocationId": "return_location_id",
    "merchantSku": "merchant_sku",
    "returnType": "return_type",
    "returnSubType": "return_sub_type",
    "numberOfUnits": "number_of_units",
    "status": "status",
    "creationDateTime": "created_at",
    "lastUpdatedDateTime": "last_updated_at",
    "returnMetadata.returnReason": "return_reason",
    "returnMetadata.rmaId": "rma_id",
    "returnMetadata.fulfillmentOrderId": "fulfillment_order_id",
    "returnShippingInfo.deliveryDateTime": "delivered_at",
    "returnShippingInfo.pickupDateTime": "picked_up_at",
    "returnShippingInfo.reverseTrackingInfo.carrierName": "carrier",
    "returnShippingInfo.reverseTrackingInfo.trackingId": "tracking_id",
    "marketplaceChannelDetails.marketplaceChannel.marketplaceName": "marketplace_id",
    "marketplaceChannelDetails.customerOrderId": "customer_order_id",
    "packageDeliveryMode": "package_delivery_mode",
}
# Which of the marketplace's channels it was sold on: no person, whatever its name.
CHANNEL = ("marketplaceChannelDetails.marketplaceChannel.channelName",)


def rows(record: Record) -> Iterator[Row]:
    """Yield the return; a state later told of it comes as another record."""
    yield flat(record.value, FIELDS, CHANNEL)


FAMILY = Family(
    name="external_returns",
    table="external_returns",
    format="json",
    rows=rows,
    signs=frozenset({"returns"}),
    records=(("returns", None),),
)
# The answer about one return alone, or a list of such answers.
SINGLE = Family(
    name="external_returns_single",
    table="external_returns",
    format="json",
    rows=rows,
    signs=frozenset({"returnMetadata", "returnShippingInfo"}),
)
