"""The returns report in XML: one row an item of a request."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.landing.structured.flattening import flat, listed
from orchestration.landing.structured.records import (
    LINE,
    UNKNOWN,
    Element,
    Family,
    Record,
    Row,
)

ITEM = "item_details"
OF_ITEM = (
    "item_name",
    "asin",
    "return_reason_code",
    "merchant_sku",
    "in_policy",
    "return_quantity",
    "resolution",
    "category",
    "refund_amount",
)
OF_LABEL = (
    "tracking_id",
    "return_carrier",
    "currency_code",
    "label_cost",
    "label_type",
)
OF_REQUEST = (
    "order_id",
    "order_date",
    "amazon_rma_id",
    "return_request_date",
    "return_request_status",
    "a_to_z_claim",
    "is_prime",
    "label_to_be_paid_by",
    "return_type",
    "order_amount",
    "order_quantity",
)
ITEM_FIELDS = {name: name for name in OF_ITEM}
REQUEST_FIELDS = {name: name for name in OF_REQUEST} | {
    f"label_details.{name}": name for name in OF_LABEL
}


def rows(record: Record) -> Iterator[Row]:
    """Yield one row an item; an item that stands there twice is two."""
    request = flat(record.value, REQUEST_FIELDS, apart=(ITEM,))
    # A request without an item is set aside for what it lacks, not left out.
    items = listed(record.value.get(ITEM)) or [Element()]
    for number, item in enumerate(items, start=1):
        row = request | flat(item, ITEM_FIELDS) | {"item_number": number}
        if unknown := {**request.get(UNKNOWN, {}), **row.get(UNKNOWN, {})}:
            row[UNKNOWN] = unknown
        row[LINE] = getattr(item, "line", 0) or record.line
        yield row


def _is_record(names: list[str]) -> bool:
    return names[-1] == "return_details"


FAMILY = Family(
    name="xml_returns",
    table="xml_returns",
    format="xml",
    rows=rows,
    signs=frozenset({"return_details", "Returns-Report"}),
    is_record=_is_record,
)
