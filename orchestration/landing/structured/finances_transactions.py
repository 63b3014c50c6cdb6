"""Finances API 2024-06-19: one row a leaf of the breakdowns of a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.landing.structured.flattening import first, flat, inside, listed
from orchestration.landing.structured.records import (
    UNKNOWN,
    Block,
    Family,
    Record,
    Row,
)

TRANSACTION = {
    "transactionId": "transaction_id",
    "transactionType": "transaction_type",
    "transactionStatus": "transaction_status",
    "description": "description",
    "postedDate": "posted_date",
    "totalAmount.currencyAmount": "total_amount",
    "totalAmount.currencyCode": "currency_code",
    "marketplaceDetails.marketplaceId": "marketplace_id",
}
# Read elsewhere, or said by another field as well.
APART = (
    "relatedIdentifiers",
    "contexts",
    "items",
    "breakdowns",
    "marketplaceDetails.marketplaceName",
    "sellingPartnerMetadata",
)
IDENTIFIERS = {
    "ORDER_ID": "order_id",
    "REFUND_ID": "refund_id",
    "SHIPMENT_ID": "shipment_id",
    "SETTLEMENT_ID": "settlement_id",
    "ORDER_ADJUSTMENT_ITEM_ID": "order_adjustment_item_id",
}
CONTEXT = {
    "sku": "sku",
    "asin": "asin",
    "quantityShipped": "quantity",
    "fulfillmentNetwork": "fulfillment_network",
    "deferralReason": "deferral_reason",
    "maturityDate": "maturity_date",
}
# Of an item: its amount is the sum of its leaves, its text the transaction's.
OF_ITEM = ("totalAmount", "description", "relatedIdentifiers", "contexts", "breakdowns")
NAMES = ("relatedIdentifierName", "itemRelatedIdentifierName")
VALUES = ("relatedIdentifierValue", "itemRelatedIdentifierValue")


def rows(record: Record) -> Iterator[Row]:
    """Yield the leaves of the items, or of the transaction where it has none."""
    transaction: Block = record.value
    base = _joined(flat(transaction, TRANSACTION, APART), _context(transaction))
    if base.get("marketplace_id") is None:
        where = inside(transaction, "sellingPartnerMetadata", "marketplaceId")
        base["marketplace_id"] = where
    items = listed(transaction.get("items"))
    for number, item in enumerate(items, start=1):
        of_item = _joined(flat(item, {}, OF_ITEM), _context(item))
        row = _joined(base, of_item) | {"item_number": number}
        yield from (row | leaf for leaf in _leaves(item))
    if not items:
        yield from (base | leaf for leaf in _leaves(transaction))


def _context(block: Block) -> Row:
    """Return what the named values of a transaction or an item say."""
    row: Row = {}
    for item in listed(block.get("relatedIdentifiers")):
        column = IDENTIFIERS.get(str(first(item, *NAMES)))
        if column:
            row.setdefault(column, first(item, *VALUES))
    for context in listed(block.get("contexts")):
        for key, value in flat(context, CONTEXT, ("contextType",)).items():
            if value is not None:
                row.setdefault(key, value)
    return row


def _leaves(block: Block) -> Iterator[Row]:
    """Yield the innermost amounts; the whole where nothing breaks it down."""
    inner = listed(block.get("breakdowns"))
    if inner:
        for breakdown in inner:
            yield from _below(breakdown, ())
    else:
        yield _amount(block.get("totalAmount"), None)


def _below(breakdown: Block, above: tuple[str, ...]) -> Iterator[Row]:
    path = (*above, str(breakdown.get("breakdownType") or ""))
    inner = listed(breakdown.get("breakdowns"))
    if not inner:
        yield _amount(breakdown.get("breakdownAmount"), "/".join(path))
    for deeper in inner:
        yield from _below(deeper, path)


def _amount(money: object, path: str | None) -> Row:
    row = {"breakdown_path": path, "amount": inside(money, "currencyAmount")}
    if currency := inside(money, "currencyCode"):
        row["currency_code"] = currency
    return row


def _joined(outer: Row, inner: Row) -> Row:
    unknown = {**outer.get(UNKNOWN, {}), **inner.get(UNKNOWN, {})}
    return outer | inner | ({UNKNOWN: unknown} if unknown else {})


FAMILY = Family(
    name="finances_transactions",
    table="finances_transactions",
    format="json",
    rows=rows,
    signs=frozenset({"transactions"}),
    records=(("transactions", None),),
)
