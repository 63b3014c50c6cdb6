"""The seller performance report: one JSON document a seller and month.

Defects count against the day of the order, as Amazon counts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from operator import add
from pathlib import Path
from typing import Any

from orchestration.demo.business import (
    HORIZON,
    NORTHWIND,
    PERIOD_END,
    SCOPES,
    SELLERS,
    Scope,
)
from orchestration.demo.calendars import DAY, days_between, month_starts

COUNTS = ("orders", "cancelled", "shipped_late", "negative", "claims", "chargebacks")
Counts = dict[str, int]
Block = dict[str, object]
NO_VIOLATION = {
    "defectsCount": 0,
    "status": "GOOD",
    "targetValue": 0,
    "targetCondition": "EQUALS",
}


class HealthBook:
    """Adds up what account health counts, by scope, day and channel."""

    def __init__(self) -> None:
        self._days: dict[tuple[object, ...], list[int]] = {}

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add rows of ``sql/days_counted.sql``."""
        for scope_id, day, channel, *counts in rows:
            known = self._days.setdefault((scope_id, day, channel), [0] * len(COUNTS))
            known[:] = map(add, known, counts)

    def between(self, scope: Scope, channel: str, start: date, end: date) -> Counts:
        """Return the counts of a scope's orders from one day to another, included."""
        total = [0] * len(COUNTS)
        for day in days_between(start, end):
            if counts := self._days.get((scope.scope_id, day, channel)):
                total = list(map(add, total, counts))
        return dict(zip(COUNTS, total, strict=True))


def write_health(root: Path, book: HealthBook) -> list[tuple[str, int]]:
    """Write every performance report; return ``(path, number of metrics)`` of each."""
    written = []
    for seller in SELLERS:
        scopes = [scope for scope in SCOPES if scope.seller == seller]
        for day in [*month_starts()[1:], PERIOD_END]:
            content = _report(scopes, book, day)
            path = f"{seller}/account-health/performance-{day:%Y-%m-%d}.json"
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(content) + "\n"
            (root / path).write_text(text, encoding="utf-8")
            written.append((path, _metric_count(content)))
    return written


def _report(scopes: list[Scope], book: HealthBook, day: date) -> dict[str, list[Block]]:
    metrics = [_metrics(scope, book, day) for scope in scopes]
    return {
        "accountStatuses": [
            {"marketplaceId": scope.marketplace.amazon_id, "status": _status(block)}
            for scope, block in zip(scopes, metrics, strict=True)
        ],
        "performanceMetrics": metrics,
    }


def _metrics(scope: Scope, book: HealthBook, day: date) -> Block:
    """Return one marketplace's block; names differ as Amazon's own examples do."""
    end = day - DAY
    merchant = {
        n: book.between(scope, "mfn", end - (n - 1) * DAY, end) for n in (7, 30)
    }
    late, cancelled = merchant[30]["shipped_late"], merchant[7]["cancelled"]
    shipped = merchant[30]["orders"] - merchant[30]["cancelled"]
    cancel_name = "preFulfillmentCancellationRate"
    health: Block = {"accountHealthRatingStatus": "GREAT"}
    if scope.seller != NORTHWIND:
        cancel_name, health = "prefulfillmentCancelRate", {"ahrStatus": "GREAT"}
    return {
        "marketplaceId": scope.marketplace.amazon_id,
        "orderDefectRate": {
            key: _defects(book.between(scope, channel, end - 59 * DAY, end), key, end)
            for key, channel in (("mfn", "mfn"), ("afn", "fba"))
        },
        "lateShipmentRate": {
            "orderCount": merchant[30]["orders"],
            "lateShipmentCount": late,
            **_rate(late, merchant[30]["orders"], 0.04, 30, end),
        },
        cancel_name: {
            "orderCount": merchant[7]["orders"],
            "cancellationCount": cancelled,
            **_rate(cancelled, merchant[7]["orders"], 0.025, 7, end),
        },
        "onTimeDeliveryRate": {
            "shipmentCountWithValidTracking": shipped,
            "onTimeDeliveryCount": shipped - late,
            **_rate(shipped - late, shipped, 0.90, 30, end, is_share_good=True),
        },
        "listingPolicyViolations": {
            "reportingDateRange": _range(180, end),
            **NO_VIOLATION,
        },
        "accountHealthRating": {"reportingDateRange": _range(180, end), **health},
    }


def _defects(counts: Counts, fulfilment: str, end: date) -> Block:
    parts = {
        "claims": counts["claims"],
        "chargebacks": counts["chargebacks"],
        "negativeFeedback": counts["negative"],
    }
    # An order with two defects is rare enough to be counted twice.
    defects = min(sum(parts.values()), counts["orders"])
    rate = _rate(defects, counts["orders"], 0.01, 60, end)
    return {
        "orderCount": counts["orders"],
        "orderWithDefects": {"count": defects, "status": rate["status"]},
        **{name: {"count": count, "status": "NONE"} for name, count in parts.items()},
        "fulfillmentType": fulfilment,
        **rate,
    }


def _rate(
    count: int,
    base: int,
    target: float,
    days: int,
    end: date,
    *,
    is_share_good: bool = False,
) -> Block:
    rate = round(count / base, 6) if base else 0.0
    is_met = rate > target if is_share_good else rate < target
    return {
        "reportingDateRange": _range(days, end),
        "status": ("GOOD" if is_met else "BAD") if base else "NONE",
        "rate": rate,
        "targetValue": target,
        "targetCondition": "GREATER_THAN" if is_share_good else "LESS_THAN",
    }


def _range(days: int, end: date) -> Block:
    start = end - timedelta(days=days - 1)
    last = min(datetime(end.year, end.month, end.day, 23, 59), HORIZON)
    return {
        "reportingDateFrom": f"{start}T00:00Z",
        "reportingDateTo": f"{last:%Y-%m-%dT%H:%MZ}",
    }


def _status(block: Block) -> str:
    bad = [m for m in _walk(block) if m.get("status") == "BAD" and "targetValue" in m]
    return "AT_RISK" if len(bad) > 1 else "NORMAL"


def _walk(block: object) -> Iterator[Block]:
    if isinstance(block, dict):
        yield block
        for value in block.values():
            yield from _walk(value)


def _metric_count(content: dict[str, list[Block]]) -> int:
    """Return how many metrics a document holds.

    A block names its marketplace and its metrics, one of which is two: by channel.
    """
    return sum(len(block) for block in content["performanceMetrics"])
