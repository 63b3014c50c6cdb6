"""What sellers note by hand: products, exchange rates, what the team changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import sin

from orchestration.demo.actions import log_lines
from orchestration.demo.business import (
    LAKESIDE,
    NORTHWIND,
    PERIOD_END,
    PERIOD_START,
    SCOPES,
)
from orchestration.demo.catalogue import listed_price, products
from orchestration.demo.operation_layouts import csv_lines
from orchestration.demo.writing import Inbox

NEW_COSTS = date(2026, 3, 1)
"""Suppliers ask six per cent more from then on."""

NEW_LISTINGS = {("RAINJ", "US"): date(2026, 4, 1)}
"""Listings that were written anew, and since when."""

RATES = {
    NORTHWIND: (("CAD", "USD", 0.72),),
    LAKESIDE: (("GBP", "EUR", 1.16), ("USD", "EUR", 0.92), ("JPY", "EUR", 0.0061)),
}


def write_operations(inbox: Inbox) -> None:
    """Write products, exchange rates and actions of both sellers."""
    for number, document in enumerate(inbox.documents):
        rows: list[tuple[object, ...]] = []
        if document.layout == "products":
            rows = list(_products(document.seller))
        elif document.layout == "exchange_rates":
            rows = list(_rates(document.seller))
        elif document.layout == "actions":
            rows = list(log_lines(document.seller))
        if rows:
            inbox.append(number, len(rows), 0, csv_lines(rows))


def _products(seller: str) -> Iterator[tuple[object, ...]]:
    for scope in (scope for scope in SCOPES if scope.seller == seller):
        market = scope.marketplace
        for product in products():
            if product.category.seller != seller:
                continue
            price = listed_price(product.item.price, scope)
            versions = [(PERIOD_START, 1.0, "v1"), (NEW_COSTS, 1.06, "v1")]
            if since := NEW_LISTINGS.get((product.item.code, market.code)):
                versions.append((since, 1.06, "v2"))
            for since, rise, listing in versions:
                yield (
                    product.sku, market.code, since, product.asin, product.fnsku,
                    product.item.name(market.language), product.category.name,
                    product.size, product.colour, listing,
                    f"{price * 0.36 * rise:.{market.decimals}f}",
                    f"{price:.{market.decimals}f}", market.currency,
                    120 + product.item.price // 12,
                )  # fmt: skip


def _rates(seller: str) -> Iterator[tuple[object, ...]]:
    """Yield a rate a week; the rates are invented."""
    for source, target, usual in RATES[seller]:
        day, week = PERIOD_START, 0
        while day <= PERIOD_END:
            rate = usual * (1 + 0.02 * sin(week / 7))
            yield day, source, target, f"{rate:.6f}", "example"
            day, week = day + timedelta(days=7), week + 1
