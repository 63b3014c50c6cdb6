"""Return topics of a whole category as Amazon tells them; all of it is invented."""

from __future__ import annotations

import json

from orchestration.demo.business import Scope

TOPICS = "CUSTOMER_FEEDBACK_2024_06_01_RETURN_TOPICS"
TRENDS = "CUSTOMER_FEEDBACK_2024_06_01_RETURN_TRENDS"
SHARES = {"too small": 31.5, "too large": 18.2, "not as described": 9.4, "leaks": 7.1}
MONTHS = ((4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30))
"""Months of 2026 and their last days: the six that Amazon looks back."""


def topics_answer(scope: Scope) -> tuple[str, int]:
    """Return the topics of half a year and how many they are."""
    topics = [{"topic": topic, **_share(share)} for topic, share in SHARES.items()]
    return _page(scope, "topics", topics), len(topics)


def trends_answer(scope: Scope) -> tuple[str, int]:
    """Return the months of each topic and how many they are."""
    trends: list[dict[str, object]] = [
        {
            "topic": topic,
            "trendMetrics": [
                {
                    "dateRange": _range(month, month, last),
                    **_share(round(share + (month * 7 % 5 - 2) / 4, 2)),
                }
                for month, last in MONTHS
            ],
        }
        for topic, share in SHARES.items()
    ]
    return _page(scope, "returnTrends", trends), len(trends) * len(MONTHS)


def _page(scope: Scope, name: str, items: list[dict[str, object]]) -> str:
    content = {
        "browseNodeId": "2470955011",
        "displayName": "Rain Wear",
        "marketplaceId": scope.marketplace.amazon_id,
        "countryCode": scope.marketplace.country,
        "dateRange": _range(MONTHS[0][0], *MONTHS[-1]),
        name: items,
    }
    return json.dumps(content) + "\n"


def _share(share: float) -> dict[str, object]:
    return {"browseNodeMetrics": {"occurrencePercentage": {"allProducts": share}}}


def _range(first: int, last: int, day: int) -> dict[str, str]:
    return {
        "startDate": f"2026-{first:02}-01T00:00:00Z",
        "endDate": f"2026-{last:02}-{day}T23:59:59Z",
    }
