"""Finances API v0: one row an amount of an event.

There are some thirty lists of events and Amazon adds more, so nothing but their common
build is known here: an amount is an object with a currency, its type stands beside it,
the list it is in says what it is an amount of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orchestration.landing.structured.flattening import first, listed, snake
from orchestration.landing.structured.records import (
    UNKNOWN,
    Block,
    Family,
    Record,
    Row,
)

ITEMS = re.compile(r"Item(?:Adjustment)?List")
CURRENCY = frozenset({"CurrencyCode", "CurrencyAmount"})
CURRENCY_2 = frozenset({"currencyCode", "currencyAmount"})
# Several names of a field are those that different events have for it.
EVENT = {
    "posted_date": (
        "PostedDate",
        "postedDate",
        "TransactionPostedDate",
        "TransactionCreationDate",
    ),
    "amazon_order_id": (
        "AmazonOrderId",
        "OrderId",
        "OriginalRemovalOrderId",
        "TDSOrderId",
    ),
    "seller_order_id": ("SellerOrderId", "MerchantOrderId"),
    "marketplace_name": ("MarketplaceName", "MarketplaceId"),
    "event_type": (
        "AdjustmentType",
        "TransactionType",
        "transactionType",
        "RentalEventType",
        "RetrochargeEventType",
        "DebtRecoveryType",
        "ProviderTransactionType",
        "SourceBusinessEventType",
        "BusinessObjectType",
        "eventType",
    ),
    "claim_id": ("SAFETClaimId",),
    "reason_code": ("ReasonCode", "FeeReason", "SwapReason"),
    "seller_sku": ("SellerSKU", "SKU"),
    "fnsku": ("FnSKU",),
}
ITEM = {
    "seller_sku": ("SellerSKU", "SKU"),
    "fnsku": ("FnSKU", "FulfillmentNetworkSKU"),
    "order_item_id": ("OrderItemId",),
    "adjustment_item_id": (
        "OrderAdjustmentItemId",
        "RemovalShipmentItemId",
        "TransactionNumber",
    ),
    "quantity": ("QuantityShipped", "Quantity", "AdjustedQuantity", "quantity"),
}
KNOWN = {
    id(fields): frozenset(name for names in fields.values() for name in names)
    for fields in (EVENT, ITEM)
}


def rows(record: Record) -> Iterator[Row]:
    """Yield one row an amount; one without amount is set aside for lacking it."""
    event: Block = record.value
    base = _columns(event, EVENT) | {
        "event_list_name": record.path[1],
        "event_number": record.number,
    }
    found = [*_own(event), *_listed(event)]
    for item, row in found or [({}, {})]:
        yield base | item | row | _unknown(base, item)


def _own(event: Block) -> Iterator[tuple[Row, Row]]:
    """Yield an event's own amounts; where there is one only, it needs no name."""
    own = [(key, value) for key, value in event.items() if _is_amount(value)]
    for key, value in own:
        name = {} if len(own) == 1 else {"component_type": key}
        yield {}, _amount(value) | name


def _listed(event: Block) -> Iterator[tuple[Row, Row]]:
    """Yield the amounts of an event's lists, each with the item that it is of."""
    for key, value in event.items():
        if ITEMS.search(key):
            for number, item in enumerate(listed(value), start=1):
                yield from _of_item(key, number, item)
        elif isinstance(value, (dict, list)) and not _is_amount(value):
            yield from (({}, row) for row in _components(key, value))


def _of_item(name: str, number: int, item: Block) -> Iterator[tuple[Row, Row]]:
    columns = _columns(item, ITEM) | {"item_number": number}
    found = []
    for key, value in item.items():
        if _is_amount(value):
            own = {"component_list_name": name, "component_type": key}
            found.append(_amount(value) | own)
        elif isinstance(value, (dict, list)):
            found += _components(key, value)
    for row in found:
        yield columns, row


def _components(name: str, value: Any) -> Iterator[Row]:
    """Yield the amounts below a field, however deep, under the field's name."""
    for block in listed(value):
        kind = next((text for key, text in block.items() if key.endswith("Type")), None)
        for key, inner in block.items():
            if _is_amount(inner):
                yield _amount(inner) | {
                    "component_list_name": name,
                    "component_type": kind or key,
                }
            elif isinstance(inner, (dict, list)):
                yield from _components(name, inner)


def _is_amount(value: Any) -> bool:
    return isinstance(value, dict) and (
        not CURRENCY.isdisjoint(value) or not CURRENCY_2.isdisjoint(value)
    )


def _amount(value: Block) -> Row:
    return {
        "amount": first(value, "CurrencyAmount", "currencyAmount"),
        "currency_code": first(value, "CurrencyCode", "currencyCode"),
    }


def _columns(block: Block, fields: dict[str, tuple[str, ...]]) -> Row:
    """Return the columns of an event or an item, its unknown fields beside them."""
    row: Row = {}
    for column, names in fields.items():
        for name in names:
            if block.get(name) is not None:
                row[column] = block[name]
                break
    known = KNOWN[id(fields)]
    unknown = {
        snake(key): str(value)
        for key, value in block.items()
        if value is not None and key not in known and not isinstance(value, dict | list)
    }
    return row | {UNKNOWN: unknown} if unknown else row


def _unknown(event: Row, item: Row) -> Row:
    both = {**event.get(UNKNOWN, {}), **item.get(UNKNOWN, {})}
    return {UNKNOWN: both} if both else {}


FAMILY = Family(
    name="finances_events",
    table="finances_events",
    format="json",
    rows=rows,
    signs=frozenset({"FinancialEvents"}),
    records=(("FinancialEvents", "*", None),),
)
