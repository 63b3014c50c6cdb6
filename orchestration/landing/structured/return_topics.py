"""Customer Feedback API 2024-06-01: topics of a category's returns, by month."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.landing.structured.flattening import flat, inside, listed
from orchestration.landing.structured.records import Block, Family, Record, Row

PAGE = {
    "browseNodeId": "browse_node_id",
    "displayName": "browse_node_name",
    "marketplaceId": "marketplace_id",
    "dateRange.startDate": "start_date",
    "dateRange.endDate": "end_date",
}
METRICS = {
    "browseNodeMetrics.numberOfMentions": "mention_count",
    "browseNodeMetrics.occurrencePercentage.allProducts": "occurrence_percentage",
}
TOPIC = {"topic": "topic_name"} | METRICS
SUBTOPIC = {"subtopic": "subtopic_name"} | METRICS
POINT = METRICS | {
    "dateRange.startDate": "start_date",
    "dateRange.endDate": "end_date",
}
INNER = ("subtopics", "trendMetrics")


def rows(record: Record) -> Iterator[Row]:
    """Yield a topic, or the months of a trend, and the same of its subtopics."""
    page = {key: value for key, value in flat(record.page, PAGE).items() if key in KEPT}
    topic: Block = record.value
    is_trend = record.path[0] != "topics"
    base = page | {"row_kind": "trend" if is_trend else "topic"}
    yield from _of(topic, base | flat(topic, TOPIC, INNER), is_trend)
    for subtopic in listed(topic.get("subtopics")):
        row = base | {"topic_name": topic.get("topic")}
        yield from _of(subtopic, row | flat(subtopic, SUBTOPIC, INNER), is_trend)


def _of(topic: Block, row: Row, is_trend: bool) -> Iterator[Row]:
    if not is_trend:
        yield row
        return
    for point in listed(inside(topic, "trendMetrics")):
        yield row | flat(point, POINT)


KEPT = frozenset(PAGE.values())
FAMILY = Family(
    name="return_topics",
    table="return_topics",
    format="json",
    rows=rows,
    signs=frozenset({"browseNodeId"}),
    records=(("topics", None), ("returnTrends", None)),
    needs_page=True,
)
