"""What Amazon adds up itself: sales and traffic, the older performance report, topics.

All of it is counted from the simulated business, so it agrees with the raw reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.demo.business import (
    HORIZON,
    PERIOD_END,
    PERIOD_START,
    SCOPES,
    Scope,
)
from orchestration.demo.documents import Document, midnight
from orchestration.demo.extras import write_meta
from orchestration.demo.parameters import SQL

SALES = "GET_SALES_AND_TRAFFIC_REPORT"
CHECKLIST = "GET_V1_SELLER_PERFORMANCE_REPORT"
TOPICS = "CUSTOMER_FEEDBACK_2024_06_01_RETURN_TOPICS"
TRENDS = "CUSTOMER_FEEDBACK_2024_06_01_RETURN_TRENDS"
SALES_SCOPES = (1, 4)
CHECKLISTS = ((1, date(2026, 2, 1)), (1, PERIOD_END), (5, PERIOD_END))
"""Scope and day of the pull: one in the bottleneck of the first seller, one after."""
FRAMES = (7, 30, 60, 90)
NODE = {"browseNodeId": "2470955011", "displayName": "Rain Wear"}
Written = tuple[str, str, int]
"""Path, report type, number of rows."""


def write_measures(
    connection: duckdb.DuckDBPyConnection, root: Path, parts: dict[str, list[Path]]
) -> list[Written]:
    """Write every such document.

    Args:
        connection: The simulation's connection.
        root: The inbox.
        parts: The chunks' truth and scratch tables.
    """
    for name in ("order_lines", "refunds", "feedback", "conversations", "requests"):
        files = connection.read_parquet([str(path) for path in parts[name]])
        files.create_view(f"all_{name}")
    connection.execute(f"set variable horizon = timestamp '{HORIZON}'")
    connection.execute((SQL / "measures.sql").read_text(encoding="utf-8"))
    scopes = {scope.scope_id: scope for scope in SCOPES}
    return [
        *(_sales(connection, root, scopes[number]) for number in SALES_SCOPES),
        *(_checklist(connection, root, scopes[n], day) for n, day in CHECKLISTS),
        *_topics(root, scopes[1]),
    ]


def _sales(connection: duckdb.DuckDBPyConnection, root: Path, scope: Scope) -> Written:
    """Write one row a day of a marketplace, and one an article of all its days."""
    key = [scope.seller, scope.marketplace.code]
    days, articles = (
        connection.execute(
            f"from {view} where seller_id = ? and marketplace_code = ? order by all",
            key,
        ).fetchall()
        for view in ("sales_days", "sales_articles")
    )
    money = {"currencyCode": scope.marketplace.currency}
    content = {
        "reportSpecification": {
            "reportType": SALES,
            "reportOptions": {"dateGranularity": "DAY", "asinGranularity": "SKU"},
            "dataStartTime": f"{PERIOD_START}",
            "dataEndTime": f"{PERIOD_END}",
            "marketplaceIds": [scope.marketplace.amazon_id],
        },
        "salesAndTrafficByDate": [
            {
                "date": f"{day}",
                "salesByDate": {
                    "orderedProductSales": {"amount": float(sold), **money},
                    "unitsOrdered": units,
                    "totalOrderItems": items,
                    "unitsRefunded": refunded,
                    "refundRate": round(refunded / units, 4) if units else 0.0,
                    "claimsGranted": claims,
                    "claimsAmount": {"amount": float(claimed), **money},
                    "unitsShipped": shipped,
                    "ordersShipped": orders,
                },
                "trafficByDate": {
                    "sessions": units * 9 + 5,
                    "pageViews": units * 14 + 8,
                    "feedbackReceived": ratings,
                    "negativeFeedbackReceived": negative,
                    "receivedNegativeFeedbackRate": (
                        round(negative / ratings, 4) if ratings else 0.0
                    ),
                },
            }
            for (
                _, _, day, sold, units, items, refunded, claims, claimed, shipped,
                orders, ratings, negative,
            ) in days
        ],
        "salesAndTrafficByAsin": [
            {
                "parentAsin": asin,
                "childAsin": asin,
                "sku": sku,
                "salesByAsin": {
                    "unitsOrdered": units,
                    "orderedProductSales": {"amount": float(sold), **money},
                    "totalOrderItems": items,
                },
            }
            for _, _, sku, asin, units, sold, items in articles
        ],
    }  # fmt: skip
    text = json.dumps(content) + "\n"
    path = f"{scope.seller}/{scope.marketplace.code}/sales/sales-and-traffic.json"
    return _write(root, path, SALES, text, scope, len(days) + len(articles))


def _checklist(
    connection: duckdb.DuckDBPyConnection, root: Path, scope: Scope, day: date
) -> Written:
    """Write the report that alone tells dissatisfaction with returns and answers."""
    rows = connection.execute(
        (SQL / "checklist.sql").read_text(encoding="utf-8"),
        {
            "seller": scope.seller,
            "market": scope.marketplace.code,
            "day": day,
            "frames": list(FRAMES),
        },
    ).fetchall()
    blocks, leaves = [], 0
    for days, asked, dissatisfied, _, in_time, late, unanswered, hours in rows:
        frame = (
            f"<timeFrame><start>{day - timedelta(days=days)}T00:00:00Z</start>"
            f"<end>{day}T00:00:00Z</end></timeFrame>"
        )
        rate = round(dissatisfied / asked, 4) if asked else 0
        blocks.append(
            f"<returnDissatisfactionMetrics>{frame}<returnDissatisfaction>"
            f"<rate>{rate}</rate><count>{dissatisfied}</count>"
            "</returnDissatisfaction></returnDissatisfactionMetrics>"
        )
        answers = {
            "averageResponseTimeInHours": hours,
            "responseUnder24Hours": in_time,
            "responseTimeGreaterThan24Hours": late,
            "noResponseForContactsOlderThan24Hours": unanswered,
        }
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
        blocks.append(
            f"<buyerSellerContactResponseTimeMetrics>{frame}{inner}"
            "</buyerSellerContactResponseTimeMetrics>"
        )
        leaves += 2 + len(answers)
    _, asked, dissatisfied, waits, in_time, *_ = rows[1]
    states = {
        "returnDissatisfactionRate": _state(dissatisfied, asked, 0.1),
        "contactResponseTime": _state(waits - in_time, waits, 0.1),
    }
    checklist = "".join(
        f"<{name}><status>{state}</status></{name}>" for name, state in states.items()
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sellerPerformanceReports>\n'
        "<sellerPerformanceReport>\n"
        f"<performanceChecklist>{checklist}</performanceChecklist>\n"
        + "\n".join(blocks)
        + "\n</sellerPerformanceReport>\n</sellerPerformanceReports>\n"
    )
    path = f"{scope.seller}/{scope.marketplace.code}/account-health/checklist-{day}.xml"
    return _write(root, path, CHECKLIST, text, scope, leaves + len(states), day)


def _state(bad: int, base: int, limit: float) -> str:
    share = bad / base if base else 0.0
    return "Good" if share < limit else "Fair" if share < 2 * limit else "Poor"


def _topics(root: Path, scope: Scope) -> Iterator[Written]:
    """Write what buyers of a whole category return for: a benchmark, all invented."""
    window = {"startDate": "2026-04-01T00:00:00Z", "endDate": "2026-09-30T23:59:59Z"}
    page = {
        **NODE,
        "marketplaceId": scope.marketplace.amazon_id,
        "countryCode": scope.marketplace.country,
        "dateRange": window,
    }
    shares = {
        "too small": 31.5,
        "too large": 18.2,
        "not as described": 9.4,
        "leaks": 7.1,
    }
    topics = [
        {
            "topic": topic,
            "browseNodeMetrics": {"occurrencePercentage": {"allProducts": share}},
        }
        for topic, share in shares.items()
    ]
    trends = [
        {
            "topic": topic,
            "trendMetrics": [
                {
                    "dateRange": {
                        "startDate": f"2026-0{month}-01T00:00:00Z",
                        "endDate": f"2026-0{month}-{days}T23:59:59Z",
                    },
                    "browseNodeMetrics": {
                        "occurrencePercentage": {
                            "allProducts": round(share + (month * 7 % 5 - 2) / 4, 2)
                        }
                    },
                }
                for month, days in (
                    (4, 30),
                    (5, 31),
                    (6, 30),
                    (7, 31),
                    (8, 31),
                    (9, 30),
                )
            ],
        }
        for topic, share in shares.items()
    ]
    folder = f"{scope.seller}/{scope.marketplace.code}/category"
    for name, report, key, items, rows in (
        ("topics", TOPICS, "topics", topics, len(topics)),
        ("trends", TRENDS, "returnTrends", trends, 6 * len(trends)),
    ):
        content: dict[str, Any] = {**page, key: items}
        text = json.dumps(content) + "\n"
        yield _write(root, f"{folder}/return-{name}.json", report, text, scope, rows)


def _write(
    root: Path, path: str, report: str, text: str, scope: Scope, rows: int,
    day: date = PERIOD_END,
) -> Written:  # fmt: skip
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    pulled = min(midnight(day, 12), HORIZON)
    document = Document(
        path, report, "", scope.account, scope, midnight(PERIOD_START), midnight(day),
        pulled,
    )  # fmt: skip
    write_meta(root, document)
    return path, report, rows
