"""Listings: each SKU in each marketplace, with its price, tax and flaws."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.demo.business import CATEGORIES, SCOPES, Category, Scope
from orchestration.demo.goods import (
    BAD_LOTS,
    COLOURED,
    COLOURS,
    FLAW_FACTORS,
    ITEMS,
    MIS_SIZED,
    Item,
)

GRADED = (
    (1000, "amzn.gr.", "-VGR8K2M", 0.72),
    (2000, "amzn.gr.", "-GDT5H7Q", 0.58),
)
"""Units graded by Amazon are products of their own: number, SKU, share of the price."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Product:
    """One SKU.

    Attributes:
        is_mis_sized: The size chart is wrong: a bad fit is the seller's fault.
        bad_lot_share: Share of its returns that a faulty lot explains.
        return_factor: Its return rate over that of its category.
    """

    product_id: int
    category: Category
    item: Item
    size: str
    is_mis_sized: bool
    bad_lot_share: float
    return_factor: float

    @property
    def sku(self) -> str:
        """The seller's own number."""
        size = f"-{self.size}" if self.size else ""
        return f"{self.item.code}{size}"

    @property
    def colour(self) -> str:
        """The one colour it is made in; no flaw hangs on it."""
        items = [item.code for item in ITEMS[self.category.name][0]]
        number = items.index(self.item.code) % len(COLOURS)
        return COLOURS[number] if self.category.name in COLOURED else ""

    @property
    def asin(self) -> str:
        """Amazon's number of the listing, ten characters."""
        return "B0D" + _letters(self.product_id * 7_919_777_131 + 1_000_003, 7)

    @property
    def fnsku(self) -> str:
        """The label on a unit in a fulfilment centre."""
        return "X00" + _letters(self.product_id * 5_915_587_277 + 2_000_003, 7)


def products() -> list[Product]:
    """Return every SKU, best sellers first within its category."""
    found: list[Product] = []
    for category in CATEGORIES:
        items, sizes = ITEMS[category.name]
        for size in sizes:
            for item in items:
                number = len(found)
                found.append(
                    Product(
                        number, category, item, size, item.code in MIS_SIZED,
                        BAD_LOTS.get(item.code, 0.0), _return_factor(number, item),
                    )
                )  # fmt: skip
    return found


def offers() -> list[tuple[object, ...]]:
    """Return each SKU in each marketplace: names, price, tax and fee in small coin."""
    return [
        (
            scope.scope_id,
            product.product_id + number,
            f"{before}{product.sku}{after}",
            product.asin,
            f"X0{number // 1000}{product.fnsku[3:]}",
            _title(product, scope.marketplace.language),
            *_price(round(product.item.price * share), scope),
            product.category.return_rate * product.return_factor,
            product.is_mis_sized,
            product.bad_lot_share,
        )
        for scope in SCOPES
        for product in products()
        if product.category.seller == scope.seller
        for number, before, after, share in ((0, "", "", 1.0), *GRADED)
    ]


def planted_causes() -> list[tuple[object, ...]]:
    """Return ``(seller, SKU, reason family)`` of what makes a listing come back."""
    return [
        (product.category.seller, product.sku, family)
        for product in products()
        for family, is_planted in (
            ("defect", product.bad_lot_share > 0),
            ("size_fit", product.is_mis_sized),
        )
        if is_planted
    ]


def listed_price(base: int, scope: Scope) -> float:
    """Return what a SKU costs buyers in a marketplace, in its currency."""
    return float(_price(base, scope)[0] / 10**scope.marketplace.decimals)


def _title(product: Product, language: str) -> str:
    name = product.item.name(language)
    return f"{name}, {product.size}" if product.size else name


def _price(base: int, scope: Scope) -> tuple[int, int, int]:
    market = scope.marketplace
    coin = 10**market.decimals
    if market.decimals:
        price = round(base * market.price_factor / 100) * coin - 1
    else:
        price = round(base * market.price_factor / 1000) * 10
    rate = market.tax_rate
    tax = price - round(price / (1 + rate)) if market.is_tax_included else price * rate
    fee = round(price * 0.04) + round(3.2 * market.price_factor * coin)
    return price, round(tax), fee


def _return_factor(number: int, item: Item) -> float:
    usual = 0.65 + (number * 37 % 71) / 100
    if item.code in MIS_SIZED or item.code in BAD_LOTS:
        return usual * FLAW_FACTORS.get(item.code, 1.9)
    return usual


def _letters(number: int, length: int) -> str:
    text = ""
    for _ in range(length):  # the highest digits may fall off
        number, rest = divmod(number, len(ALPHABET))
        text = ALPHABET[rest] + text
    return text
