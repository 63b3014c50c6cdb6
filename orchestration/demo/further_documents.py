"""Which documents a seller has pulled of what Amazon does with returned units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from orchestration.demo.business import (
    ACCOUNTS,
    PERIOD_END,
    PERIOD_START,
    SCOPES,
    Scope,
)
from orchestration.demo.calendars import DAY
from orchestration.demo.documents import Document, midnight, pull

REIMBURSEMENTS = "GET_FBA_REIMBURSEMENTS_DATA"
REMOVALS = "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA"
REMOVAL_SHIPMENTS = "GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA"
REPLACEMENTS = "GET_FBA_FULFILLMENT_CUSTOMER_SHIPMENT_REPLACEMENT_DATA"
LEDGER = "GET_LEDGER_DETAIL_VIEW_DATA"
XML_RETURNS = "GET_XML_RETURNS_DATA_BY_RETURN_DATE"
PRIME = "GET_CSV_MFN_PRIME_RETURNS_REPORT"
EVENTS = "FINANCES_V0_FINANCIAL_EVENTS"
TRANSACTIONS = "FINANCES_2024_06_19_TRANSACTIONS"
EXTERNAL = "EXTERNAL_FULFILLMENT_RETURNS_2024_09_11"

Pulls = tuple[tuple[str, date, date, date], ...]
"""Account, first day, day after the window, day of the pull."""

END = PERIOD_END + DAY
ENCODINGS = {"lakeside-fe": "cp932", "lakeside-eu": "cp1252"}
JULY = (date(2026, 7, 1), date(2026, 8, 1))
AUGUST = (date(2026, 8, 1), date(2026, 9, 1))
EARLY = date(2026, 5, 20)
"""An early pull shows removal orders that are not completed, and lacks late parcels."""

REIMBURSEMENT_PULLS: Pulls = tuple(
    (name, PERIOD_START, END, PERIOD_END) for name in ACCOUNTS
)
REMOVAL_PULLS: Pulls = (
    ("northwind-na", PERIOD_START, EARLY, EARLY),
    ("northwind-na", EARLY - timedelta(days=60), END, PERIOD_END),
    *((name, PERIOD_START, END, PERIOD_END) for name in list(ACCOUNTS)[1:]),
)
SHIPMENT_PULLS: Pulls = (
    ("northwind-na", PERIOD_START, EARLY, EARLY),
    ("northwind-na", EARLY - timedelta(days=60), END, PERIOD_END),
    *((name, PERIOD_START, END, PERIOD_END) for name in ("lakeside-na", "lakeside-eu")),
)
REPLACEMENT_PULLS: Pulls = tuple(
    (name, PERIOD_START, END, PERIOD_END) for name in ("northwind-na", "lakeside-eu")
)
LEDGER_PULLS: Pulls = tuple(
    (name, date(2025, 8, 1), END, PERIOD_END) for name in list(ACCOUNTS)[:3]
)


def plan_further_documents() -> list[Document]:
    """Return those documents in a fixed order."""
    return [
        *_of(
            REIMBURSEMENTS, "reimbursements", "fba-reimbursements", REIMBURSEMENT_PULLS
        ),
        *_of(REMOVALS, "removals", "removals", REMOVAL_PULLS),
        *_of(REMOVAL_SHIPMENTS, "removal_shipments", "removals", SHIPMENT_PULLS),
        *_of(REPLACEMENTS, "replacements", "fba-replacements", REPLACEMENT_PULLS),
        *_of(LEDGER, "ledger", "inventory-ledger", LEDGER_PULLS),
    ]


def plan_structured_documents() -> list[Document]:
    """Return what comes as XML or JSON, and the Prime report, in a fixed order."""
    us, ca, de = (SCOPES[number] for number in (0, 1, 4))
    windows = [(END - 60 * n * DAY, END - 60 * (n - 1) * DAY) for n in (4, 3, 2, 1)]
    return [
        *(
            _one(us, "returns/xml", "xml", XML_RETURNS, "xml_returns", *window)
            for window in windows
        ),
        _one(us, "returns/prime", "csv", PRIME, "prime", *windows[-1]),
        _one(us, "finances/events", "json", EVENTS, "finances_v0", *JULY),
        _one(us, "finances/events", "json", EVENTS, "finances_v0", *AUGUST),
        _one(de, "finances/money", "json", TRANSACTIONS, "finances_2024", *JULY),
        _one(
            de, "finances/money", "json", TRANSACTIONS, "finances_2024", JULY[0],
            AUGUST[1],
        ),
        _one(ca, "returns/external", "json", EXTERNAL, "external_returns", *AUGUST),
        _one(
            ca, "returns/external", "json", EXTERNAL, "external_returns", AUGUST[0],
            END,
        ),
    ]  # fmt: skip


def _one(
    scope: Scope, name: str, suffix: str, report: str, layout: str, start: date,
    end: date,
) -> Document:  # fmt: skip
    """Return a document of one marketplace, pulled at noon of its window's end."""
    path = f"{scope.seller}/{scope.marketplace.code}/{name}-{end:%Y-%m-%d}.{suffix}"
    return Document(
        path, report, layout, scope.account, scope, midnight(start), midnight(end),
        pull(end, 12), "utf-8", "\n", has_meta=True,
    )  # fmt: skip


def _of(report: str, layout: str, folder: str, pulls: Pulls) -> Iterator[Document]:
    names = {"removals": "orders", "removal_shipments": "shipments"}
    for account, start, end, day in pulls:
        name = names.get(layout, layout)
        # The shorter layout has no service speed.
        is_short = layout == "removals" and account == "lakeside-na"
        yield Document(
            f"{ACCOUNTS[account]}/{folder}/{name}-{day:%Y-%m-%d}.txt", report,
            "removals_short" if is_short else layout, account, None, midnight(start),
            midnight(end), pull(day, 12), ENCODINGS.get(account, "utf-8"), "\n",
            account == "northwind-na",
        )  # fmt: skip
