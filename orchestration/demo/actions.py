"""What the teams changed, and what the simulation knows of its effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orchestration.demo.business import LAKESIDE, NORTHWIND, PERIOD_START
from orchestration.demo.catalogue import products
from orchestration.demo.reasons import CAUSES

PERIOD_PAST = date(2027, 4, 1)
"""After the last journey."""


@dataclass(frozen=True)
class Action:
    """Something a team changed.

    Attributes:
        skus: SKUs it is for, a line of the log each; empty: not for single SKUs.
        effect: ``better``, ``worse`` or ``none``: what it truly did.
        cause: True cause of returns that it moved; blank if the effect lies elsewhere.
        spared_share: Share of the cause's returns that do not happen: after it where it
            made things better, before it where it made them worse.
    """

    action_id: str
    seller: str
    started_on: date
    kind: str
    marketplace: str
    skus: tuple[str, ...]
    family: str
    stage: str
    cost: str
    currency: str
    text: str
    effect: str
    cause: str = ""
    spared_share: float = 0.0


ACTIONS = (
    Action(
        "A-1", NORTHWIND, date(2026, 3, 1), "staffing", "", (), "", "refunded",
        "4200.00", "USD", "A second shift opens parcels; January's queue is gone.",
        "better",
    ),
    Action(
        "A-2", NORTHWIND, date(2026, 4, 1), "listing_change", "US",
        ("RAINJ-S", "RAINJ-M", "RAINJ-L", "RAINJ-XL"), "fit", "", "350.00", "USD",
        "New size chart for the rain jacket.", "none",
    ),
    Action(
        "A-3", NORTHWIND, date(2026, 7, 13), "packaging", "", ("STOVE12",), "damage",
        "", "900.00", "USD", "Corner guards for the griddle.", "none",
    ),
    Action(
        "A-4", LAKESIDE, date(2026, 2, 2), "training", "", (), "", "inspected",
        "1500.00", "EUR", "Desk and dock agree daily on what waits.", "better",
    ),
    Action(
        "A-5", LAKESIDE, date(2026, 4, 1), "supplier", "", ("STRIP", "STRIP-2"),
        "defect", "", "0.00", "EUR", "Another supplier of the light strip's plug.",
        "better", "defective", 0.95,
    ),
    Action(
        "A-6", LAKESIDE, date(2026, 3, 1), "supplier", "", ("KETTLE",), "defect", "",
        "0.00", "EUR", "A cheaper thermostat for the kettle.",
        "worse", "defective", 0.95,
    ),
)  # fmt: skip
"""Two change how fast a team works (``business.conduct_of``), two how a product is."""


def action_rows() -> list[tuple[object, ...]]:
    """Return ``(action, seller, first day, whether it has an effect, which)``."""
    return [
        (a.action_id, a.seller, a.started_on, a.effect != "none", a.effect)
        for a in ACTIONS
    ]


def spared_rows() -> list[tuple[object, ...]]:
    """Return ``(product, cause, from, to, share)`` of returns that do not happen."""
    causes = [cause.cause for cause in CAUSES]
    numbers = {product.sku: product.product_id for product in products()}
    return [
        (
            numbers[sku],
            causes.index(action.cause),
            *(
                (action.started_on, PERIOD_PAST)
                if action.effect == "better"
                else (PERIOD_START, action.started_on)
            ),
            action.spared_share,
        )
        for action in ACTIONS
        if action.cause
        for sku in action.skus
    ]


def log_lines(seller: str) -> Iterator[tuple[object, ...]]:
    """Yield the lines of a seller's action log."""
    for action in (action for action in ACTIONS if action.seller == seller):
        for sku in action.skus or ("",):
            yield (
                action.action_id, action.started_on, "", action.kind,
                action.marketplace, sku, "", action.family, action.stage, "lead",
                action.cost, action.currency, action.text,
            )  # fmt: skip
