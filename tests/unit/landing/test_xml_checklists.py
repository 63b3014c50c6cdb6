from __future__ import annotations

from typing import Any

import pytest

from tests.unit.landing.trial import Trial

CHECKLIST = """
<performanceChecklist>
  <orderDefectRate><status>Good</status></orderDefectRate>
  <returnDissatisfactionRate><status>Fair</status></returnDissatisfactionRate>
  <contactResponseTime><status>Poor</status></contactResponseTime>
</performanceChecklist>"""
METRICS = """
<customerExperienceMetrics>
  <timeFrame><start>2026-01-01T00:00:00Z</start><end>2026-01-07T23:59:59Z</end></timeFrame>
  <lateShipment><count>3</count><rate>0.015</rate></lateShipment>
  <refunds><count>1</count></refunds>
</customerExperienceMetrics>
<customerExperienceMetrics>
  <timeFrame><start>2025-12-09T00:00:00Z</start><end>2026-01-07T23:59:59Z</end></timeFrame>
  <lateShipment><count>9</count><rate>0.01</rate></lateShipment>
</customerExperienceMetrics>
<returnDissatisfactionMetrics>
  <returnDissatisfaction><rate>0.12</rate></returnDissatisfaction>
</returnDissatisfactionMetrics>
<buyerSellerContactResponseTimeMetrics><responseTimeMetrics>
  <timeFrame>7 days</timeFrame>
  <averageResponseTimeInHours>5.5</averageResponseTimeInHours>
  <responseUnder24Hours>12</responseUnder24Hours>
</responseTimeMetrics></buyerSellerContactResponseTimeMetrics>"""


def report(body: str) -> bytes:
    return (
        '<?xml version="1.0"?>\n<sellerPerformanceReports><sellerPerformanceReport>'
        f"{body}</sellerPerformanceReport></sellerPerformanceReports>"
    ).encode()


def found(trial: Trial, *names: str) -> list[tuple[Any, ...]]:
    rows = trial.rows("performance_checklists")
    rows.sort(key=lambda row: row["_line_number"])
    return [tuple(row[name] for name in names) for row in rows]


def test_states_of_the_list_are_values_of_the_list(trial: Trial) -> None:
    entry = trial.land_one(report(CHECKLIST))
    assert (entry.lake_table, entry.report_type) == (
        "performance_checklists",
        "GET_V1_SELLER_PERFORMANCE_REPORT",
    )
    assert found(
        trial, "block_name", "block_number", "measure_name", "measure_value"
    ) == [
        ("performance_checklist", "1", "order_defect_rate", "Good"),
        ("performance_checklist", "1", "return_dissatisfaction_rate", "Fair"),
        ("performance_checklist", "1", "contact_response_time", "Poor"),
    ]


def test_states_without_an_element_of_their_own_are_the_same(trial: Trial) -> None:
    body = "<orderDefectRate>Good</orderDefectRate>"
    trial.land_one(report(f"<performanceChecklist>{body}</performanceChecklist>"))
    assert found(trial, "block_name", "measure_name", "measure_value") == [
        ("performance_checklist", "order_defect_rate", "Good")
    ]


def test_every_leaf_is_a_row_with_the_time_frame_of_its_block(trial: Trial) -> None:
    entry = trial.land_one(report(METRICS))
    late, week = "customer_experience_metrics.late_shipment", "2026-01-01 00:00:00"
    month, end = "2025-12-09 00:00:00", "2026-01-07 23:59:59"
    contact = "buyer_seller_contact_response_time_metrics.response_time_metrics"
    assert found(
        trial,
        "block_name",
        "block_number",
        "measure_name",
        "measure_value",
        "time_frame_name",
        "reporting_from",
        "reporting_to",
    ) == [
        (late, "1", "count", "3", None, week, end),
        (late, "1", "rate", "0.015", None, week, end),
        ("customer_experience_metrics.refunds", "1", "count", "1", None, week, end),
        (late, "2", "count", "9", None, month, end),
        (late, "2", "rate", "0.01", None, month, end),
        (
            "return_dissatisfaction_metrics.return_dissatisfaction",
            "1", "rate", "0.12", None, None, None,
        ),
        (contact, "1", "average_response_time_in_hours", "5.5", "7 days", None, None),
        (contact, "1", "response_under24_hours", "12", "7 days", None, None),
    ]  # fmt: skip
    assert (entry.rows_read, entry.rows_quarantined) == (8, 0)
    assert str(entry.data_end_date) == "2026-01-07"


@pytest.mark.parametrize(
    "wrapped",
    [
        "<sellerPerformanceReport>{}</sellerPerformanceReport>",
        "<AmazonEnvelope><Header><v>1</v></Header><MessageType>x</MessageType>"
        "<Message>{}</Message></AmazonEnvelope>",
        '<p:report xmlns:p="urn:x"><sellerPerformanceReport>{}'
        "</sellerPerformanceReport></p:report>",
    ],
)
def test_what_the_blocks_are_wrapped_in_does_not_matter(
    trial: Trial, wrapped: str
) -> None:
    entry = trial.land_one(wrapped.format(CHECKLIST).encode())
    assert entry.rows_landed == 3, entry.reason
    assert {name for (name,) in found(trial, "block_name")} == {"performance_checklist"}


def test_what_stands_outside_every_block_is_kept(trial: Trial) -> None:
    trial.land_one(report(f"<marketplaceId>A1PA6795UKMFR9</marketplaceId>{CHECKLIST}"))
    assert ("report", "marketplace_id", "A1PA6795UKMFR9") in found(
        trial, "block_name", "measure_name", "measure_value"
    )


def test_a_block_that_amazon_adds_lands_by_its_names(trial: Trial) -> None:
    trial.land_one(report(f"{CHECKLIST}<newMetrics><a><bC>1</bC></a></newMetrics>"))
    assert ("new_metrics.a", "b_c", "1") in found(
        trial, "block_name", "measure_name", "measure_value"
    )


def test_a_time_that_is_none_is_set_aside(trial: Trial) -> None:
    body = METRICS.replace("2025-12-09T00:00:00Z", "last year")
    entry = trial.land_one(report(body))
    assert (entry.rows_landed, entry.rows_quarantined) == (6, 2)
    assert {r["column_name"] for r in trial.rejects()} == {"reporting_from"}
