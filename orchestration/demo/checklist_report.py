"""The older performance report: it alone tells dissatisfaction with returns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

REPORT = "GET_V1_SELLER_PERFORMANCE_REPORT"
FRAMES = (7, 30, 60, 90)
"""Days before the report that its metric blocks look back."""
USUAL = 1
"""Which of the frames the states of the list are of."""
LIMIT = 0.1
"""Share above which a metric is no longer good."""


def checklist_report(day: date, rows: list[tuple[Any, ...]]) -> tuple[str, int]:
    """Return the document and how many values it holds.

    Args:
        day: First day that it does not count.
        rows: Rows of ``sql/checklist.sql``, a time frame each.
    """
    blocks = [block for row in rows for block in _blocks(day, row)]
    _, asked, dissatisfied, waits, in_time, *_ = rows[USUAL]
    states = {
        "returnDissatisfactionRate": _state(dissatisfied, asked),
        "contactResponseTime": _state(waits - in_time, waits),
    }
    checklist = "".join(
        f"<{name}><status>{state}</status></{name}>" for name, state in states.items()
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sellerPerformanceReports>\n'
        "<sellerPerformanceReport>\n"
        f"<performanceChecklist>{checklist}</performanceChecklist>\n"
        + "\n".join(text for text, _ in blocks)
        + "\n</sellerPerformanceReport>\n</sellerPerformanceReports>\n"
    )
    return text, len(states) + sum(values for _, values in blocks)


def _blocks(day: date, row: tuple[Any, ...]) -> list[tuple[str, int]]:
    days, asked, dissatisfied, _, in_time, late, unanswered, hours = row
    frame = (
        f"<timeFrame><start>{day - timedelta(days=days)}T00:00:00Z</start>"
        f"<end>{day}T00:00:00Z</end></timeFrame>"
    )
    rate = round(dissatisfied / asked, 4) if asked else 0
    answers = {
        "averageResponseTimeInHours": hours,
        "responseUnder24Hours": in_time,
        "responseTimeGreaterThan24Hours": late,
        "noResponseForContactsOlderThan24Hours": unanswered,
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    return [
        (
            f"<returnDissatisfactionMetrics>{frame}<returnDissatisfaction>"
            f"<rate>{rate}</rate><count>{dissatisfied}</count>"
            "</returnDissatisfaction></returnDissatisfactionMetrics>",
            2,
        ),
        (
            f"<buyerSellerContactResponseTimeMetrics>{frame}{inner}"
            "</buyerSellerContactResponseTimeMetrics>",
            len(answers),
        ),
    ]


def _state(bad: int, base: int) -> str:
    share = bad / base if base else 0.0
    return "Good" if share < LIMIT else "Fair" if share < 2 * LIMIT else "Poor"
