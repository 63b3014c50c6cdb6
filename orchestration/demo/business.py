"""The simulated business: who sells what, where and when. Parameters only.

Nothing here is measured from a real account. The figures are chosen so that the
marts have something to say: a season, a trend, a bottleneck, small marketplaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

PERIOD_START = date(2025, 9, 1)
PERIOD_END = date(2026, 10, 31)
HORIZON = datetime(2026, 10, 31, 12)
"""UTC instant of the last pull: noon, so that it is 31 October in every zone."""

BLOCK = 8
"""Order lines are numbered in blocks; an order never crosses a block's end."""

ORDER_PATTERNS: tuple[tuple[int, ...], ...] = (
    (1,) * 8,
    (1,) * 8,
    (1,) * 8,
    (1,) * 8,
    (1,) * 8,
    (2, 1, 1, 1, 1, 1, 1),
    (1, 1, 2, 1, 3),
    (1, 4, 1, 2),
)
"""How a block falls into orders: lines of each order, about one in eight has more."""

MONTHLY_GROWTH = 0.015
ZONES = ("America/Los_Angeles", "Europe/London", "Europe/Berlin", "Asia/Tokyo")


@dataclass(frozen=True)
class Marketplace:
    """What Amazon fixes for a marketplace; amounts are in its smallest coin."""

    code: str
    amazon_id: str
    sales_channel: str
    country: str
    currency: str
    decimals: int
    zone: str
    language: str
    tax_rate: float
    is_tax_included: bool
    price_factor: float
    order_prefixes: tuple[int, ...]
    has_first_scan_refunds: bool
    claim_share: float


MARKETPLACES = {
    market.code: market
    for market in (
        Marketplace(
            "US", "ATVPDKIKX0DER", "Amazon.com", "US", "USD", 2, ZONES[0], "en",
            0.07, False, 1.0, (111, 112, 113, 114), True, 0.30,
        ),
        Marketplace(
            "CA", "A2EUQ1WTGCTBG2", "Amazon.ca", "CA", "CAD", 2, ZONES[0], "en",
            0.0, False, 1.35, (701, 702), False, 0.12,
        ),
        Marketplace(
            "UK", "A1F83G8C2ARO7P", "Amazon.co.uk", "GB", "GBP", 2, ZONES[1], "en",
            0.20, True, 0.85, (202, 203, 204, 205, 206), False, 0.15,
        ),
        Marketplace(
            "DE", "A1PA6795UKMFR9", "Amazon.de", "DE", "EUR", 2, ZONES[2], "de",
            0.19, True, 0.95, (302, 303, 304, 305, 306), False, 0.15,
        ),
        Marketplace(
            "JP", "A1VC38T7YXB528", "Amazon.co.jp", "JP", "JPY", 0, ZONES[3], "ja",
            0.10, True, 140.0, (249, 250, 503), False, 0.0,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """One seller in one marketplace.

    Attributes:
        scope_id: Our number.
        account: The regional account: orders and FBA returns come by account.
        share: Share of the seller's average order lines among all.
        merchant_share: Share of orders that the seller ships.
        settlement_layout: ``v1`` or ``v2``.
        settlement_days: Length of a settlement period.
    """

    scope_id: int
    seller: str
    marketplace: Marketplace
    account: str
    share: float
    merchant_share: float
    settlement_layout: str
    settlement_days: int


NORTHWIND = "northwind-outdoor"
LAKESIDE = "lakeside-home"
SELLERS = (NORTHWIND, LAKESIDE)
ACCOUNTS = {
    "northwind-na": NORTHWIND,
    "lakeside-na": f"{LAKESIDE}/US",
    "lakeside-eu": f"{LAKESIDE}/EU",
    "lakeside-fe": f"{LAKESIDE}/JP",
}
"""Regional accounts and the inbox folder of their reports; EU is just a folder."""

SCOPES = (
    Scope(1, NORTHWIND, MARKETPLACES["US"], "northwind-na", 0.40, 0.70, "v2", 14),
    Scope(2, NORTHWIND, MARKETPLACES["CA"], "northwind-na", 0.11, 0.50, "v1", 28),
    Scope(3, LAKESIDE, MARKETPLACES["US"], "lakeside-na", 0.12, 0.00, "v2", 28),
    Scope(4, LAKESIDE, MARKETPLACES["UK"], "lakeside-eu", 0.15, 0.60, "v2", 28),
    Scope(5, LAKESIDE, MARKETPLACES["DE"], "lakeside-eu", 0.15, 0.60, "v2", 28),
    Scope(6, LAKESIDE, MARKETPLACES["JP"], "lakeside-fe", 0.07, 0.00, "v2", 28),
)


@dataclass(frozen=True)
class Category:
    """A kind of goods: its share of the seller's lines, season and return rate.

    Attributes:
        season: Weight of each calendar month, January first.
        causes: Which table of true causes applies.
    """

    category_id: int
    seller: str
    name: str
    share: float
    return_rate: float
    causes: str
    season: tuple[float, ...]


# fmt: off
EVEN = (1.0, 0.9, 0.95, 0.95, 1.0, 1.0, 1.0, 1.0, 1.0, 1.05, 1.4, 1.5)
SUMMER = (0.5, 0.5, 0.8, 1.1, 1.5, 1.8, 1.8, 1.4, 0.9, 0.7, 0.8, 0.9)
WINTER = (1.3, 1.1, 0.9, 0.7, 0.6, 0.6, 0.6, 0.7, 1.0, 1.3, 1.7, 1.6)
COSTUMES = (0.25, 0.2, 0.25, 0.2, 0.2, 0.2, 0.3, 0.8, 2.2, 6.0, 0.7, 0.6)
# fmt: on

CATEGORIES = (
    Category(1, NORTHWIND, "clothing", 0.36, 0.125, "apparel", WINTER),
    Category(2, NORTHWIND, "footwear", 0.22, 0.135, "apparel", EVEN),
    Category(3, NORTHWIND, "camping", 0.24, 0.070, "goods", SUMMER),
    Category(4, NORTHWIND, "costumes", 0.18, 0.150, "costumes", COSTUMES),
    Category(5, LAKESIDE, "bedding", 0.30, 0.080, "goods", EVEN),
    Category(6, LAKESIDE, "kitchen", 0.30, 0.065, "goods", EVEN),
    Category(7, LAKESIDE, "lighting", 0.22, 0.090, "goods", WINTER),
    Category(8, LAKESIDE, "storage", 0.18, 0.055, "goods", EVEN),
)
"""A costume sells thirty times as often in October as in February."""


@dataclass(frozen=True)
class Conduct:
    """How well a seller's warehouse and staff do in one month.

    Attributes:
        same_day: Share of parcels refunded on the working day they arrive.
        next_day: … by the first working day after it.
        second_day: … by the second; the rest waits three to eleven working days.
        misstatement: Factor on the chance that a stated reason is wrong.
    """

    same_day: float
    next_day: float
    second_day: float
    misstatement: float


def conduct_of(seller: str, month: date) -> Conduct:
    """Return how a seller works in a month: a trend each, and a bottleneck for one."""
    months = (month.year - PERIOD_START.year) * 12 + month.month - PERIOD_START.month
    progress = max(0.0, min(1.0, months / 13))
    if seller == NORTHWIND:
        misstatement = 1.5 - 0.8 * progress
        if (month.year, month.month) in {(2026, 1), (2026, 2)}:
            # After the holidays more came back than the dock could open.
            return Conduct(0.06, 0.22, 0.42, misstatement)
        return Conduct(0.38, 0.76, 0.90, misstatement)
    return Conduct(
        0.26 + 0.14 * progress, 0.60 + 0.18 * progress, 0.80 + 0.12 * progress, 0.95
    )
