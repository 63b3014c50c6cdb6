"""Which documents a seller has pulled: report, window, time of the pull, look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from orchestration.demo.business import (
    ACCOUNTS,
    HORIZON,
    NORTHWIND,
    PERIOD_END,
    PERIOD_START,
    SCOPES,
    Scope,
)
from orchestration.demo.calendars import DAY, days_between, month_starts

MFN = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
FBA = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
UPDATES = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
SETTLEMENT = {
    "v1": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE",
    "v2": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
}
FEEDBACK = "GET_SELLER_FEEDBACK_DATA"
HEALTH = "GET_V2_SELLER_PERFORMANCE_REPORT"

OLD_FBA_UNTIL = date(2025, 12, 1)
"""Until then one seller pulled the FBA layout without plates, window by window.

A unit without a plate cannot be followed when Amazon dates it anew, so these windows
neither overlap nor hold re-dated units.
"""
MISSING_MONTH = date(2026, 3, 1)
MISSING_ORDERS = "lakeside-fe"
"""Nobody pulled this account's orders of that month, nor any feedback of its seller."""


@dataclass(frozen=True)
class Document:
    """One document of the inbox before anything is known of its rows.

    Attributes:
        path: Relative to the inbox.
        report_type: Amazon's name.
        layout: Key of ``layouts.HEADERS``.
        start: First day of the window; for a settlement its first instant.
        end: Day after the window; for a settlement the instant after it.
        pulled_at: When it was made, UTC: what happened later is not in it.
        encoding: ``utf-8``, ``utf-8-sig``, ``cp1252``, ``cp932`` or ``mixed``.
        has_meta: Whether a ``.meta.json`` lies beside it.
    """

    path: str
    report_type: str
    layout: str
    account: str
    scope: Scope | None
    start: datetime
    end: datetime
    pulled_at: datetime
    encoding: str = "utf-8"
    newline: str = "\n"
    has_meta: bool = False

    @property
    def seller(self) -> str:
        """The seller account of the folder."""
        return ACCOUNTS[self.account].split("/")[0]

    @property
    def settlement_id(self) -> int | None:
        """Amazon's number of the settlement this document is of."""
        return int(Path(self.path).stem) if self.layout.startswith("settle") else None


def plan_documents() -> list[Document]:
    """Return the orders, returns, settlements and ratings, in a fixed order."""
    return [*_orders(), *_updates(), *_mfn(), *_fba(), *_settlements(), *_feedback()]


def midnight(day: date, hour: int = 0) -> datetime:
    """Return a UTC hour of a day."""
    return datetime(day.year, day.month, day.day, hour)


def pull(day: date, hour: int) -> datetime:
    """Return a UTC hour of a day at which a report is pulled, never after the last."""
    return min(midnight(day, hour), HORIZON)


def _orders() -> Iterator[Document]:
    for account, folder in ACCOUNTS.items():
        layout = "orders_long" if account.endswith("-na") else "orders"
        encoding = "cp932" if account == "lakeside-fe" else "utf-8"
        for month in month_starts():
            if (account, month) == (MISSING_ORDERS, MISSING_MONTH):
                continue
            end = (month + 32 * DAY).replace(day=1)
            yield Document(
                f"{folder}/orders/orders-{month:%Y-%m}.txt", ORDERS, layout, account,
                None, midnight(month), midnight(end), pull(end + 5 * DAY, 8),
                encoding, "\n", account == "northwind-na",
            )  # fmt: skip
    # A pull in the middle of the last month, restated by the full one.
    early = date(2026, 10, 16)
    yield Document(
        f"{NORTHWIND}/orders/orders-2026-10-first-half.txt", ORDERS, "orders_long",
        "northwind-na", None, midnight(early.replace(day=1)), midnight(early),
        midnight(early, 6), "utf-8", "\n", True,
    )  # fmt: skip


def _updates() -> Iterator[Document]:
    for account, pulled, days in (
        ("northwind-na", date(2026, 2, 10), 21),
        ("northwind-na", date(2026, 8, 31), 27),
        ("northwind-na", PERIOD_END, 28),
        ("lakeside-eu", date(2026, 6, 15), 30),
    ):
        layout = "orders_long" if account.endswith("-na") else "orders"
        end = pulled + DAY if pulled == PERIOD_END else pulled
        yield Document(
            f"{ACCOUNTS[account]}/orders/updated-{pulled:%Y-%m-%d}.txt", UPDATES,
            layout, account, None, midnight(end - days * DAY), midnight(end),
            pull(pulled, 12), "utf-8", "\n", True,
        )  # fmt: skip


def _pull_days(first: date, every: int | None) -> Iterator[date]:
    if every is None:
        yield from (month for month in month_starts() if month >= first)
    else:
        yield from list(days_between(first, PERIOD_END))[::every]
    yield PERIOD_END


def _mfn() -> Iterator[Document]:
    looks = {1: "cp1252", 2: "utf-8", 4: "utf-8-sig", 5: "cp1252"}
    for scope in (s for s in SCOPES if s.scope_id in looks):
        monthly = scope.scope_id == 1
        for day in _pull_days(date(2025, 10, 1), None if monthly else 45):
            end = day + DAY if day == PERIOD_END else day
            code = scope.marketplace.code
            extra = {
                "US": "mfn+item" if day >= date(2026, 4, 1) else "mfn",
                "UK": "mfn+category" if day >= date(2026, 6, 1) else "mfn",
            }
            mixed = code == "US" and day.month in {2, 8}
            yield Document(
                f"{scope.seller}/{code}/returns/mfn-{day:%Y-%m-%d}.tsv", MFN,
                extra.get(code, "mfn"), scope.account, scope,
                midnight(max(end - 60 * DAY, PERIOD_START)), midnight(end),
                pull(day, 6 + 6 * monthly),
                "mixed" if mixed else looks[scope.scope_id],
                "\r\n" if code == "UK" else "\n", code != "UK",
            )  # fmt: skip


def _fba() -> Iterator[Document]:
    for account, folder in ACCOUNTS.items():
        is_first = account == "northwind-na"
        for day in _pull_days(date(2025, 10, 1), None if is_first else 45):
            end = day + DAY if day == PERIOD_END else day
            is_old = is_first and day <= OLD_FBA_UNTIL
            if is_old:
                start = (day - DAY).replace(day=1)
            elif is_first:
                start = max(end - 45 * DAY, OLD_FBA_UNTIL)
            else:
                start = max(end - 60 * DAY, PERIOD_START)
            yield Document(
                f"{folder}/fba-returns/fba-{day:%Y-%m-%d}.txt", FBA,
                "fba_old" if is_old else "fba", account, None, midnight(start),
                midnight(end), pull(day, 12),
                {"lakeside-fe": "cp932", "lakeside-eu": "cp1252"}.get(account, "utf-8"),
                "\n", is_first,
            )  # fmt: skip


def _settlements() -> Iterator[Document]:
    for scope in SCOPES:
        start = midnight(PERIOD_START, scope.scope_id) + timedelta(
            minutes=7, seconds=11 * scope.scope_id
        )
        number = 0
        while start + (scope.settlement_days + 2) * DAY <= HORIZON:
            end = start + scope.settlement_days * DAY
            settlement = settlement_number(scope.scope_id, number)
            code = scope.marketplace.code
            yield Document(
                f"{scope.seller}/{code}/settlements/{settlement}.txt",
                SETTLEMENT[scope.settlement_layout],
                f"settlement_{scope.settlement_layout}", scope.account, scope,
                start, end, end + 2 * DAY,
            )  # fmt: skip
            start, number = end, number + 1


def settlement_number(scope_id: int, number: int) -> int:
    """Return a settlement id: eleven digits, rising with time."""
    return 21_000_000_000 + scope_id * 100_000_000 + number * 1_234_567 + 345_678


def _feedback() -> Iterator[Document]:
    for scope in SCOPES:
        market = scope.marketplace
        encodings = {"JP": "cp932", "DE": "cp1252", "UK": "utf-8-sig"}
        is_gapless = scope.seller == NORTHWIND
        for start, end in (
            (PERIOD_START, date(2026, 6, 1) if is_gapless else MISSING_MONTH),
            (date(2026, 4, 1), PERIOD_END + DAY),
        ):
            yield Document(
                f"{scope.seller}/{market.code}/feedback/feedback-{start:%Y-%m}.txt",
                FEEDBACK, f"feedback_{market.language}", scope.account, scope,
                midnight(start), midnight(end), pull(end, 12),
                encodings.get(market.code, "utf-8"),
                "\r\n" if market.code == "UK" else "\n",
            )  # fmt: skip
