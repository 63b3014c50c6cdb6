"""What sellers note by hand: products, exchange rates, what the team changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import sin

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

RATES = {
    NORTHWIND: (("CAD", "USD", 0.72),),
    LAKESIDE: (("GBP", "EUR", 1.16), ("USD", "EUR", 0.92), ("JPY", "EUR", 0.0061)),
}


@dataclass(frozen=True)
class Action:
    """Something the team changed, and whether the simulation knows an effect of it."""

    action_id: str
    seller: str
    started_on: date
    kind: str
    marketplace: str
    sku: str
    category: str
    family: str
    stage: str
    cost: str
    currency: str
    text: str
    has_effect: bool


ACTIONS = (
    Action(
        "A-1", NORTHWIND, date(2026, 3, 1), "staffing", "", "", "", "", "refunded",
        "4200.00", "USD", "A second shift opens parcels; January's queue is gone.",
        has_effect=True,
    ),
    Action(
        "A-2", NORTHWIND, date(2026, 4, 1), "listing_change", "US", "RAINJ-M",
        "clothing", "fit", "", "350.00", "USD", "New size chart for the rain jacket.",
        has_effect=False,
    ),
    Action(
        "A-3", NORTHWIND, date(2026, 7, 13), "packaging", "", "STOVE12", "camping",
        "damage", "", "900.00", "USD", "Corner guards for the griddle.",
        has_effect=False,
    ),
    Action(
        "A-4", LAKESIDE, date(2026, 2, 2), "training", "", "", "", "", "inspected",
        "1500.00", "EUR", "Desk and dock agree daily on what waits.", has_effect=True,
    ),
    Action(
        "A-5", LAKESIDE, date(2026, 6, 1), "supplier", "DE", "STRIP", "lighting",
        "quality", "", "0.00", "EUR", "Another supplier of the light strip's plug.",
        has_effect=False,
    ),
)  # fmt: skip
"""Two speak of what the simulation does: the bottleneck ends, a seller gets faster."""


def write_operations(inbox: Inbox) -> None:
    """Write products, exchange rates and actions of both sellers."""
    for number, document in enumerate(inbox.documents):
        rows: list[tuple[object, ...]] = []
        if document.layout == "products":
            rows = list(_products(document.seller))
        elif document.layout == "exchange_rates":
            rows = list(_rates(document.seller))
        elif document.layout == "actions":
            rows = list(_actions(document.seller))
        if rows:
            inbox.append(number, len(rows), 0, csv_lines(rows))


def action_rows() -> list[tuple[object, ...]]:
    """Return ``(action, seller, first day, whether it has an effect)`` of each."""
    return [(a.action_id, a.seller, a.started_on, a.has_effect) for a in ACTIONS]


def _products(seller: str) -> Iterator[tuple[object, ...]]:
    for scope in (scope for scope in SCOPES if scope.seller == seller):
        market = scope.marketplace
        for product in products():
            if product.category.seller != seller:
                continue
            price = listed_price(product.item.price, scope)
            for since, rise in ((PERIOD_START, 1.0), (NEW_COSTS, 1.06)):
                yield (
                    product.sku, market.code, since, product.asin, product.fnsku,
                    product.item.name(market.language), product.category.name,
                    product.size, f"{price * 0.36 * rise:.{market.decimals}f}",
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


def _actions(seller: str) -> Iterator[tuple[object, ...]]:
    for action in (action for action in ACTIONS if action.seller == seller):
        yield (
            action.action_id, action.started_on, "", action.kind, action.marketplace,
            action.sku, action.category, action.family, action.stage, "lead",
            action.cost, action.currency, action.text,
        )  # fmt: skip
