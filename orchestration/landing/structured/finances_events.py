"""Finances API v0: one row an amount of an event.

There are some thirty lists of events and Amazon adds more, so nothing but their common
build is known here: an amount is an object with a currency, its type stands beside it,
the list it is in says what it is an amount of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeGuard

from orchestration.landing.structured.flattening import listed, note
from orchestration.landing.structured.records import (
    UNKNOWN,
    Block,
    Family,
    Record,
    Row,
)

ITEMS = re.compile(r"Item(?:Adjustment)?List")
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


def _by_name(fields: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, int]]:
    """Return the column of each name of a field, and its rank among its names."""
    return {
        name: (column, rank)
        for column, names in fields.items()
        for rank, name in enumerate(names)
    }


EVENT_NAMES, ITEM_NAMES = _by_name(EVENT), _by_name(ITEM)


def rows(record: Record) -> Iterator[Row]:
    """Yield one row an amount; one without amount is set aside for lacking it."""
    event: Block = record.value
    base = _columns(event, EVENT_NAMES) | {
        "event_list_name": record.path[1],
        "event_number": record.number,
    }
    is_empty = True
    for row in _rows(event, base):
        is_empty = False
        yield row
    if is_empty:
        yield base


def _rows(event: Block, base: Row) -> Iterator[Row]:
    own = []
    for key, value in event.items():
        if not isinstance(value, dict | list):
            continue
        if _is_amount(value):
            own.append((key, value))
        elif ITEMS.search(key):
            for number, item in enumerate(listed(value), start=1):
                yield from _of_item(key, item, base | {"item_number": number})
        else:
            for row in _components(key, value):
                yield base | row
    for key, value in own:
        # An amount that is the event's only own needs no name.
        yield base | _amount(value, None, None if len(own) == 1 else key)


def _of_item(name: str, item: Block, base: Row) -> Iterator[Row]:
    columns = _columns(item, ITEM_NAMES)
    unknown = {**base.get(UNKNOWN, {}), **columns.get(UNKNOWN, {})}
    base = base | columns | ({UNKNOWN: unknown} if unknown else {})
    is_empty = True
    for key, value in item.items():
        if isinstance(value, dict | list):
            for row in (
                [_amount(value, name, key)]
                if _is_amount(value)
                else _components(key, value)
            ):
                is_empty = False
                yield base | row
    if is_empty:
        yield base


def _components(name: str, value: Any) -> Iterator[Row]:
    """Yield the amounts below a field, however deep, under the field's name."""
    for block in value if isinstance(value, list) else (value,):
        if not isinstance(block, dict):
            continue
        kind = None
        for key, inner in block.items():
            if key.endswith("Type"):
                kind = inner
        for key, inner in block.items():
            if isinstance(inner, dict | list):
                if _is_amount(inner):
                    yield _amount(inner, name, kind or key)
                else:
                    yield from _components(name, inner)


def _is_amount(value: Any) -> TypeGuard[Block]:
    return isinstance(value, dict) and (
        "CurrencyAmount" in value or "currencyAmount" in value
    )


def _amount(value: Block, name: str | None, kind: str | None) -> Row:
    return {
        "amount": value.get("CurrencyAmount", value.get("currencyAmount")),
        "currency_code": value.get("CurrencyCode", value.get("currencyCode")),
        "component_list_name": name,
        "component_type": kind,
    }


def _columns(block: Block, known: dict[str, tuple[str, int]]) -> Row:
    """Return the columns of an event or an item, its unknown fields beside them."""
    row: Row = {}
    ranks: dict[str, int] = {}
    unknown: dict[str, str] = {}
    for key, value in block.items():
        if value is None:
            continue
        if found := known.get(key):
            column, rank = found
            if rank <= ranks.get(column, rank):
                row[column], ranks[column] = value, rank
        elif not isinstance(value, dict | list):
            note(unknown, key, value)
    if unknown:
        row[UNKNOWN] = unknown
    return row


FAMILY = Family(
    name="finances_events",
    table="finances_events",
    format="json",
    rows=rows,
    signs=frozenset({"FinancialEvents"}),
    records=(("FinancialEvents", "*", None),),
)
