"""Carries the business's parameters into DuckDB, where the simulation runs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from orchestration.demo import reasons
from orchestration.demo.actions import spared_rows
from orchestration.demo.business import (
    CATEGORIES,
    NORTHWIND,
    ORDER_PATTERNS,
    SCOPES,
    SELLERS,
    ZONES,
    Scope,
    conduct_of,
)
from orchestration.demo.calendars import (
    choice_rows,
    clock_shifts,
    cumulate,
    day_rows,
    month_number,
    month_starts,
    workday_rows,
)
from orchestration.demo.catalogue import offers, products
from orchestration.demo.documents import Document
from orchestration.demo.layouts import FEEDBACK_DATES
from orchestration.demo.texts import REPLIES, comment_rows

SQL = Path(__file__).parent / "sql"
Row = Sequence[object]
NULL = "\\N"

CARRIERS: dict[str, tuple[tuple[str, str, int, int, float], ...]] = {
    "US": (
        ("USPS", "92", 20, 397, 45),
        ("USPS", "92", 20, 622, 20),
        ("UPS", "1Z", 16, 582, 25),
        ("UPS", "1Z", 16, 694, 10),
    ),
    "CA": (("Canada Post", "CP", 14, 845, 70), ("UPS", "1Z", 16, 990, 30)),
    "UK": (("Royal Mail", "RM", 12, 335, 80), ("DPD", "15", 12, 499, 20)),
    "DE": (("DHL", "00", 18, 419, 75), ("Hermes", "H", 14, 389, 25)),
    "JP": (("Yamato", "40", 10, 800, 100),),
}
"""Return labels: carrier, how its numbers start, further digits, cost, weight."""

PARTS: tuple[tuple[int, str, str], ...] = (
    (0, "", ""),
    (1, "ItemPrice", "Principal"),
    (2, "ItemPrice", "Tax"),
    (3, "ItemPrice", "Shipping"),
    (4, "ItemPrice", "Goodwill"),
    (5, "ItemPrice", "RestockingFee"),
    (6, "Promotion", "Principal"),
    (7, "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"),
    (8, "ItemFees", "Commission"),
    (9, "ItemFees", "RefundCommission"),
    (10, "ItemFees", "FBAPerUnitFulfillmentFee"),
)
"""The amounts of one settled order line or refund, in the order documents have."""


def load_parameters(
    connection: duckdb.DuckDBPyConnection,
    order_lines: int,
    documents: Sequence[Document],
    scratch: Path,
) -> None:
    """Create and fill every parameter table of ``sql/tables.sql``."""
    connection.execute((SQL / "tables.sql").read_text(encoding="utf-8"))
    month_scopes, month_categories = choice_rows()
    tables: dict[str, Sequence[Row]] = {
        "days": day_rows(order_lines),
        "patterns": _pattern_rows(),
        "month_scopes": month_scopes,
        "month_categories": month_categories,
        "scopes": [_scope_row(scope) for scope in SCOPES],
        "categories": _category_rows(),
        "offers": offers(),
        "conduct": _conduct_rows(),
        "spared": spared_rows(),
        "carriers": _carrier_rows(),
        "comments": comment_rows(),
        "replies": list(REPLIES.items()),
        "workdays": workday_rows(),
        "clock_shifts": [(zone, at) for zone, at, _ in clock_shifts()],
        "documents": [_document_row(*item) for item in enumerate(documents)],
        "settlement_parts": PARTS,
        **_cause_tables(),
        **_outcome_tables(),
    }
    for name, rows in tables.items():
        fill(connection, name, rows, scratch)


def fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rows: Sequence[Row],
    scratch: Path,
) -> None:
    """Insert rows into a table of ours.

    By way of a file: binding values would make DuckDB import pandas, which takes
    longer than the whole simulation of a small demo.
    """
    if not rows:
        return
    path = scratch / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [NULL if value is None else value for value in row] for row in rows
        )
    connection.read_csv(
        str(path), header=False, sep=",", quotechar='"',
        columns={f"column_{n}": "varchar" for n in range(len(rows[0]))},
        escapechar='"', na_values=NULL, auto_detect=False,
    ).insert_into(name)  # fmt: skip
    path.unlink()


def _pattern_rows() -> list[Row]:
    return [
        (number, sum(pattern[:place]), lines)
        for number, pattern in enumerate(ORDER_PATTERNS)
        for place, lines in enumerate(pattern)
    ]


def _scope_row(scope: Scope) -> Row:
    market = scope.marketplace
    return (
        scope.scope_id,
        scope.account,
        SELLERS.index(scope.seller),
        scope.seller,
        market.code,
        market.sales_channel,
        market.amazon_id,
        market.country,
        market.currency,
        market.decimals,
        ZONES.index(market.zone),
        market.language,
        scope.merchant_share,
        list(market.order_prefixes),
        market.is_tax_included,
        market.code == "US",
        market.has_first_scan_refunds,
        market.claim_share,
        0.3 if scope.seller == NORTHWIND else 0.05,
        market.code == "DE",
        market.code in {"UK", "DE"},
        FEEDBACK_DATES[market.code],
    )


def _category_rows() -> list[Row]:
    ids = [product.category.category_id for product in products()]
    return [
        (c.category_id, c.name, ids.index(c.category_id), ids.count(c.category_id))
        for c in CATEGORIES
    ]


def _conduct_rows() -> list[Row]:
    """Months run on past the period: journeys end after it."""
    months = [*month_starts(), *(date(2026, 11 + n, 1) for n in range(2))]
    months += [date(2027, 1 + n, 1) for n in range(3)]
    rows: list[Row] = []
    for seller_no, seller in enumerate(SELLERS):
        for month in months:
            c = conduct_of(seller, month)
            shares = (c.same_day, c.next_day, c.second_day, c.misstatement)
            rows.append((seller_no, month_number(month), *shares))
    return rows


def _carrier_rows() -> list[Row]:
    rows: list[Row] = []
    for scope in SCOPES:
        carriers = CARRIERS[scope.marketplace.code]
        ranges = cumulate(list(range(len(carriers))), [c[4] for c in carriers])
        rows += [
            (scope.scope_id, *carriers[n][:4], low, high) for n, low, high in ranges
        ]
    return rows


def _document_row(number: int, document: Document) -> Row:
    return (
        number,
        document.report_type,
        document.layout,
        document.account,
        document.scope.scope_id if document.scope else None,
        document.start.date(),
        document.end.date(),
        document.start,
        document.end,
        document.pulled_at,
        document.settlement_id,
    )


def _ranges(key: tuple[object, ...], weights: dict[str, float]) -> list[Row]:
    names = list(weights)
    ranges = cumulate(list(range(len(names))), list(weights.values()))
    return [(*key, names[number], low, high) for number, low, high in ranges]


def _cause_tables() -> dict[str, Sequence[Row]]:
    """Return why things come back and what is said instead; causes by number."""
    causes = list(enumerate(reasons.CAUSES))
    numbers = {cause.cause: number for number, cause in causes}

    def numbered(rows: list[Row]) -> list[Row]:
        return [(key, numbers[str(name)], low, high) for key, name, low, high in rows]

    by_category = {c.category_id: reasons.CAUSES_BY_TABLE[c.causes] for c in CATEGORIES}
    return {
        "causes": [
            (n, c.cause, c.fault, c.misstated_share, c.cause in reasons.SELLER_PAYS)
            for n, c in causes
        ],
        "cause_weights": numbered(
            [
                row
                for key, weights in by_category.items()
                for row in _ranges((key,), weights)
            ]
        ),
        "stated_weights": numbered(
            [row for n, c in causes for row in _ranges((n,), c.stated_instead)]
        ),
        "codes": [
            row
            for n, c in causes
            for channel, codes in (("fba", c.fba_codes), ("mfn", c.mfn_codes))
            for row in _ranges((channel, n), codes)
        ],
        "dispositions": [r for n, c in causes for r in _ranges((n,), c.dispositions)],
    }


def _outcome_tables() -> dict[str, Sequence[Row]]:
    """Return what becomes of returns and of the claims on them."""
    weights = [verdict.weight for verdict in reasons.VERDICTS]
    ranges = cumulate(list(range(len(weights))), weights)
    verdicts = [(reasons.VERDICTS[number], low, high) for number, low, high in ranges]
    return {
        "unit_statuses": [
            row
            for disposition, shares in reasons.STATUS_OF_DISPOSITION.items()
            for row in _ranges((disposition,), shares)
        ],
        "resolutions": [
            row
            for has_first_scan, shares in reasons.RESOLUTIONS.items()
            for row in _ranges((has_first_scan,), shares)
        ],
        "verdicts": [
            (verdict.action, verdict.state, verdict.label_share, low, high)
            for verdict, low, high in verdicts
        ],
    }
