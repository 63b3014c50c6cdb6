"""Which XML and JSON documents there are, and how one is told from another."""

from __future__ import annotations

from orchestration.landing.structured import (
    account_health,
    checklists,
    external_returns,
    finances_events,
    finances_transactions,
    return_topics,
    sales_and_traffic,
    xml_returns,
)
from orchestration.landing.structured.records import Family

FAMILIES = (
    xml_returns.FAMILY,
    checklists.FAMILY,
    account_health.FAMILY,
    sales_and_traffic.FAMILY,
    finances_events.FAMILY,
    finances_transactions.FAMILY,
    external_returns.FAMILY,
    external_returns.SINGLE,
    return_topics.FAMILY,
)


def family(name: str) -> Family:
    """Return the family of this name."""
    return next(item for item in FAMILIES if item.name == name)
