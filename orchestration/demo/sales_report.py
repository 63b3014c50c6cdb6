"""The sales and traffic report: Amazon's own totals by day and by article."""

from __future__ import annotations

import json
from typing import Any

from orchestration.demo.business import PERIOD_END, PERIOD_START, Scope

REPORT = "GET_SALES_AND_TRAFFIC_REPORT"
Row = tuple[Any, ...]


def sales_report(scope: Scope, days: list[Row], articles: list[Row]) -> str:
    """Return the document of a marketplace.

    Args:
        scope: The seller in the marketplace.
        days: Rows of the view ``sales_days``.
        articles: Rows of the view ``sales_articles``.
    """
    currency = scope.marketplace.currency
    content = {
        "reportSpecification": {
            "reportType": REPORT,
            "reportOptions": {"dateGranularity": "DAY", "asinGranularity": "SKU"},
            "dataStartTime": f"{PERIOD_START}",
            "dataEndTime": f"{PERIOD_END}",
            "marketplaceIds": [scope.marketplace.amazon_id],
        },
        "salesAndTrafficByDate": [_day(row, currency) for row in days],
        "salesAndTrafficByAsin": [_article(row, currency) for row in articles],
    }
    return json.dumps(content) + "\n"


def _day(row: Row, currency: str) -> dict[str, object]:
    (
        _, _, day, sold, units, items, refunded, claims, claimed, shipped, orders,
        ratings, negative,
    ) = row  # fmt: skip
    return {
        "date": f"{day}",
        "salesByDate": {
            "orderedProductSales": _money(sold, currency),
            "unitsOrdered": units,
            "totalOrderItems": items,
            "unitsRefunded": refunded,
            "refundRate": _share(refunded, units),
            "claimsGranted": claims,
            "claimsAmount": _money(claimed, currency),
            "unitsShipped": shipped,
            "ordersShipped": orders,
        },
        "trafficByDate": {
            "sessions": units * 9 + 5,
            "pageViews": units * 14 + 8,
            "feedbackReceived": ratings,
            "negativeFeedbackReceived": negative,
            "receivedNegativeFeedbackRate": _share(negative, ratings),
        },
    }


def _article(row: Row, currency: str) -> dict[str, object]:
    _, _, sku, asin, units, sold, items = row
    return {
        "parentAsin": asin,
        "childAsin": asin,
        "sku": sku,
        "salesByAsin": {
            "unitsOrdered": units,
            "orderedProductSales": _money(sold, currency),
            "totalOrderItems": items,
        },
    }


def _money(amount: object, currency: str) -> dict[str, object]:
    return {"amount": float(str(amount)), "currencyCode": currency}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
