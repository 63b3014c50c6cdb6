from __future__ import annotations

from typing import Any

import pytest

from tests.unit.landing.answers import Block, filled, in_order, land
from tests.unit.landing.trial import Trial


def amount(value: float) -> Block:
    return {"amount": value, "currencyCode": "USD"}


def sales(granularity: str = "DAY", day: str = "2026-03-01", **changes: Any) -> Block:
    return {
        "reportSpecification": {
            "reportType": "GET_SALES_AND_TRAFFIC_REPORT",
            "reportOptions": {"dateGranularity": granularity, "asinGranularity": "SKU"},
            "dataStartTime": "2026-03-01",
            "dataEndTime": "2026-03-31",
            "marketplaceIds": ["ATVPDKIKX0DER"],
        },
        "salesAndTrafficByDate": [
            {
                "date": day,
                "salesByDate": {
                    "orderedProductSales": amount(238.44),
                    "unitsOrdered": 23,
                    "totalOrderItems": 20,
                    "unitsRefunded": 1,
                    "refundRate": 4.35,
                    "claimsGranted": 0,
                    "claimsAmount": amount(0.0),
                    "unitsShipped": 59,
                    "ordersShipped": 54,
                },
                "trafficByDate": {
                    "pageViews": 1658,
                    "sessions": 1000,
                    "feedbackReceived": 10,
                    "negativeFeedbackReceived": 1,
                    "receivedNegativeFeedbackRate": 10.0,
                },
            }
        ],
        "salesAndTrafficByAsin": [
            {
                "parentAsin": "B1",
                "childAsin": "B2",
                "sku": "SKU 1",
                "salesByAsin": {
                    "unitsOrdered": 3,
                    "orderedProductSales": amount(26.25),
                },
                "trafficByAsin": {"sessions": 18, "pageViews": 43},
            }
        ],
    } | changes


def test_periods_and_articles_are_rows(trial: Trial) -> None:
    land(trial, sales())
    rows = in_order(trial.rows("sales_and_traffic"))
    assert filled(rows[0]) == {
        "marketplace_id": "ATVPDKIKX0DER",
        "row_kind": "date",
        "granularity": "DAY",
        "start_date": "2026-03-01",
        "end_date": "2026-03-01",
        "currency_code": "USD",
        "ordered_product_sales_amount": "238.44",
        "units_ordered": "23",
        "total_order_items": "20",
        "units_refunded": "1",
        "refund_rate": "4.35",
        "claims_granted": "0",
        "claims_amount": "0.0",
        "units_shipped": "59",
        "orders_shipped": "54",
        "feedback_received": "10",
        "negative_feedback_received": "1",
        "received_negative_feedback_rate": "10.0",
        "sessions": "1000",
        "page_views": "1658",
    }
    assert filled(rows[1]) == {
        "marketplace_id": "ATVPDKIKX0DER",
        "row_kind": "asin",
        "granularity": "SKU",
        "start_date": "2026-03-01",
        "end_date": "2026-03-31",
        "parent_asin": "B1",
        "child_asin": "B2",
        "sku": "SKU 1",
        "currency_code": "USD",
        "ordered_product_sales_amount": "26.25",
        "units_ordered": "3",
        "sessions": "18",
        "page_views": "43",
    }


@pytest.mark.parametrize(
    ("granularity", "day", "last"),
    [
        ("WEEK", "2026-02-22", "2026-02-28"),
        ("MONTH", "2024-02-01", "2024-02-29"),
        ("MONTH", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_ends_with_its_last_day(
    trial: Trial, granularity: str, day: str, last: str
) -> None:
    land(trial, sales(granularity, day))
    (row,) = [r for r in trial.rows("sales_and_traffic") if r["row_kind"] == "date"]
    assert (row["start_date"], row["end_date"]) == (day, last)


def test_the_specification_may_stand_behind_the_rows(trial: Trial) -> None:
    content = sales()
    content["reportSpecification"] = content.pop("reportSpecification")
    land(trial, content)
    kinds = {row["granularity"] for row in trial.rows("sales_and_traffic")}
    assert kinds == {"DAY", "SKU"}


def test_each_page_has_its_own_specification(trial: Trial) -> None:
    other = sales(day="2026-03-02", salesAndTrafficByAsin=[])
    other["reportSpecification"]["marketplaceIds"] = ["A", "B"]
    land(trial, [sales(), {"payload": other}])
    found = {
        (row["start_date"], row["marketplace_id"])
        for row in trial.rows("sales_and_traffic")
    }
    assert found == {("2026-03-01", "ATVPDKIKX0DER"), ("2026-03-02", None)}


def test_a_day_that_is_none_is_set_aside(trial: Trial) -> None:
    entry = land(trial, sales(day="yesterday"))
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)
    assert trial.rejects()[0]["column_name"] == "start_date"


def share(percent: float, **more: Any) -> Block:
    return {
        "browseNodeMetrics": {"occurrencePercentage": {"allProducts": percent}}
    } | more


NODE: Block = {
    "browseNodeId": "123",
    "displayName": "Shoe rack",
    "marketplaceId": "ATVPDKIKX0DER",
    "countryCode": "US",
    "dateRange": {
        "startDate": "2026-01-01T00:00:00.000Z",
        "endDate": "2026-06-30T00:00:00.000Z",
    },
}


def test_a_topic_is_a_row(trial: Trial) -> None:
    topics = [
        share(27.5, topic="Weak fragile ", subtopics=[share(3.5, subtopic="Leg")]),
        share(10, topic="Value for Money"),
    ]
    land(trial, NODE | {"topics": topics})
    rows = in_order(trial.rows("return_topics"))
    assert filled(rows[0]) == {
        "browse_node_id": "123",
        "browse_node_name": "Shoe rack",
        "marketplace_id": "ATVPDKIKX0DER",
        "row_kind": "topic",
        "topic_name": "Weak fragile",
        "start_date": "2026-01-01 00:00:00",
        "end_date": "2026-06-30 00:00:00",
        "occurrence_percentage": "27.5",
    }
    found = [(r["topic_name"], r["subtopic_name"]) for r in rows]
    assert found == [
        ("Weak fragile", None),
        ("Weak fragile", "Leg"),
        ("Value for Money", None),
    ]


def test_a_month_of_a_trend_is_a_row(trial: Trial) -> None:
    months = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28")]
    points = [
        share(20 + number, dateRange={"startDate": start, "endDate": end})
        for number, (start, end) in enumerate(months)
    ]
    trend = {"topic": "Weak", "trendMetrics": points}
    entry = land(trial, NODE | {"returnTrends": [trend]})
    rows = in_order(trial.rows("return_topics"))
    names = ("row_kind", "start_date", "end_date", "occurrence_percentage")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("trend", "2026-01-01", "2026-01-31", "20"),
        ("trend", "2026-02-01", "2026-02-28", "21"),
    ]
    assert str(entry.data_end_date) == "2026-02-28"
