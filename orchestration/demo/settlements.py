"""Closes settlements: fees of the period, reserves, and the summary row with the total.

What a settlement keeps back, the next one of the same marketplace pays out.
"""

from __future__ import annotations

from datetime import datetime

from orchestration.demo.business import Scope
from orchestration.demo.documents import Document
from orchestration.demo.layouts import HEADERS
from orchestration.demo.writing import Inbox

Amounts = list[tuple[str, str, int]]
"""Transaction type, description, signed amount in small coin."""


def close_settlements(inbox: Inbox, seed: int) -> None:
    """Complete every settlement document, each adding up to its stated total."""
    reserves: dict[int, int] = {}
    for number, document in enumerate(inbox.documents):
        if document.settlement_id is None or document.scope is None:
            continue
        scope = document.scope
        kept = _kept_back(document.settlement_id, seed)
        amounts = _period_amounts(scope, reserves.get(scope.scope_id, 0), kept)
        reserves[scope.scope_id] = kept
        written = inbox.written[number]
        written.amount += sum(amount for _, _, amount in amounts)
        # The summary row is a row of the document as well.
        written.rows += len(amounts) + 1
        lines = [_line(document, scope, *amount) for amount in amounts]
        inbox.complete(number, _summary(document, written.amount), "".join(lines))


def plain(amount: int, scope: Scope) -> str:
    """Return an amount of small coin as the marketplace's documents write it."""
    decimals = scope.marketplace.decimals
    if not decimals:
        return str(amount)
    whole, part = divmod(abs(amount), 10**decimals)
    point = "," if scope.marketplace.code == "DE" else "."
    return f"{'-' if amount < 0 else ''}{whole}{point}{part:0{decimals}}"


def instant(at: datetime, document: Document) -> str:
    """Return an instant as the document's layout and marketplace write it."""
    if document.layout == "settlement_v1":
        return f"{at:%Y-%m-%dT%H:%M:%S}+00:00"
    return f"{day(at, document)} {at:%H:%M:%S} UTC"


def day(at: datetime, document: Document) -> str:
    """Return a UTC day as the document's marketplace writes it."""
    code = document.scope.marketplace.code if document.scope else ""
    return f"{at:%d.%m.%Y}" if code in {"UK", "DE"} else f"{at:%Y-%m-%d}"


def _kept_back(settlement_id: int, seed: int) -> int:
    return (settlement_id * 7919 + seed * 104_729) % 90_000 + 10_000


def _period_amounts(scope: Scope, paid_out: int, kept: int) -> Amounts:
    coin = 10**scope.marketplace.decimals
    factor = scope.marketplace.price_factor
    amounts = [
        ("ServiceFee", "Cost of Advertising", -round(37 * factor * coin)),
        ("ServiceFee", "Subscription Fee", -round(40 * factor * coin)),
        ("ServiceFee", "Storage Fee", -round(64.28 * factor * coin)),
        ("other-transaction", "Current Reserve Amount", -kept),
    ]
    if paid_out:
        amounts.append(
            ("other-transaction", "Previous Reserve Amount Balance", paid_out)
        )
    return amounts


def _summary(document: Document, total: int) -> str:
    if document.scope is None:
        raise ValueError(f"{document.path} is a settlement of no marketplace.")
    return _row(
        document,
        {
            "settlement-id": str(document.settlement_id),
            "settlement-start-date": instant(document.start, document),
            "settlement-end-date": instant(document.end, document),
            "deposit-date": instant(document.pulled_at, document),
            "total-amount": plain(total, document.scope),
            "currency": document.scope.marketplace.currency,
        },
    )


def _line(
    document: Document, scope: Scope, kind: str, description: str, amount: int
) -> str:
    fields = {"settlement-id": str(document.settlement_id)}
    at = document.start if description.startswith("Previous") else document.end
    if document.layout == "settlement_v2":
        fields |= {
            "transaction-type": kind,
            "marketplace-name": scope.marketplace.sales_channel,
            "amount-type": "other-transaction",
            "amount-description": description,
            "amount": plain(amount, scope),
            "posted-date": day(at, document),
            "posted-date-time": instant(at, document),
        }
    elif description == "Cost of Advertising":
        # One row of the older layout can carry several amounts.
        tax = amount // 10
        fields |= {
            "transaction-type": kind,
            "posted-date": instant(at, document),
            "item-related-fee-type": description,
            "item-related-fee-amount": plain(amount - tax, scope),
            "other-fee-amount": plain(tax, scope),
            "other-fee-reason-description": "TaxAmount",
        }
    else:
        # Amazon pads the amounts of some rows with blanks.
        padding = "    " if description.startswith("Previous") else ""
        fields |= {
            "transaction-type": description,
            "posted-date": instant(at, document),
            "other-amount": plain(amount, scope) + padding,
        }
    return _row(document, fields)


def _row(document: Document, fields: dict[str, str]) -> str:
    names = HEADERS[document.layout]
    if unknown := fields.keys() - set(names):
        raise ValueError(f"{document.layout} has no columns {sorted(unknown)}.")
    return "\t".join(fields.get(name, "") for name in names) + "\n"
