"""The sales and traffic report: one row a period of a marketplace, or an article."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from orchestration.landing.structured.flattening import flat, inside
from orchestration.landing.structured.records import Family, Record, Row

BY_DATE, BY_ASIN = "salesAndTrafficByDate", "salesAndTrafficByAsin"
SALES = {
    "orderedProductSales.amount": "ordered_product_sales_amount",
    "orderedProductSales.currencyCode": "currency_code",
    "unitsOrdered": "units_ordered",
    "totalOrderItems": "total_order_items",
    "unitsRefunded": "units_refunded",
    "refundRate": "refund_rate",
    "claimsGranted": "claims_granted",
    "claimsAmount.amount": "claims_amount",
    "claimsAmount.currencyCode": "currency_code",
    "unitsShipped": "units_shipped",
    "ordersShipped": "orders_shipped",
}
TRAFFIC = {
    "feedbackReceived": "feedback_received",
    "negativeFeedbackReceived": "negative_feedback_received",
    "receivedNegativeFeedbackRate": "received_negative_feedback_rate",
    "sessions": "sessions",
    "pageViews": "page_views",
}
FIELDS = {
    f"{block}By{by}.{name}": column
    for by in ("Date", "Asin")
    for block, fields in (("sales", SALES), ("traffic", TRAFFIC))
    for name, column in fields.items()
} | {
    "date": "start_date",
    "parentAsin": "parent_asin",
    "childAsin": "child_asin",
    "sku": "sku",
}
PAGE_OF_SPECIFICATION = "reportSpecification"


def rows(record: Record) -> Iterator[Row]:
    """Yield the row of a period or of an article."""
    page = record.page.get(PAGE_OF_SPECIFICATION)
    places = inside(page, "marketplaceIds")
    # Of several marketplaces together no row is one's own.
    place = places[0] if isinstance(places, list) and len(places) == 1 else None
    row = flat(record.value, FIELDS) | {"marketplace_id": place}
    if record.path[0] == BY_ASIN:
        yield row | _of_article(page)
    else:
        yield row | _of_period(page, row.get("start_date"))


def _of_article(page: object) -> Row:
    return {
        "row_kind": "asin",
        "granularity": inside(page, "reportOptions", "asinGranularity"),
        "start_date": _day(inside(page, "dataStartTime")),
        "end_date": _day(inside(page, "dataEndTime")),
    }


def _of_period(page: object, start: Any) -> Row:
    granularity = inside(page, "reportOptions", "dateGranularity")
    return {
        "row_kind": "date",
        "granularity": granularity,
        "end_date": _last_day(start, str(granularity)),
    }


def _day(instant: Any) -> Any:
    """Return the day of an instant: the report's window is one of whole days."""
    return instant[:10] if isinstance(instant, str) else instant


def _last_day(start: Any, granularity: str) -> Any:
    try:
        first = date.fromisoformat(str(start))
    except ValueError:
        return start  # is set aside as it stands
    if granularity == "WEEK":
        return (first + timedelta(days=6)).isoformat()
    if granularity == "MONTH":
        days = calendar.monthrange(first.year, first.month)[1]
        return first.replace(day=days).isoformat()
    return start


FAMILY = Family(
    name="sales_and_traffic",
    table="sales_and_traffic",
    format="json",
    rows=rows,
    signs=frozenset({PAGE_OF_SPECIFICATION, BY_DATE, BY_ASIN}),
    records=((BY_DATE, None), (BY_ASIN, None)),
    needs_page=True,
)
