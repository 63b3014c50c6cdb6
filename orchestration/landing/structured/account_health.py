"""The seller performance report in JSON: one row a metric of a marketplace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from orchestration.landing.errors import Refusal
from orchestration.landing.structured.records import Block, Family, Record, Row

# The schema's property names and those of its own examples differ; both mean this.
NAMES = {
    "prefulfillment_cancel_rate": "pre_fulfillment_cancellation_rate",
    "warning_state": "warning_states",
    "document_request": "document_requests",
}
STATUS = ("status", "accountHealthRatingStatus", "ahrStatus")
DEFECTS = (
    "defectsCount",
    "orderWithDefects",
    "invoiceDefect",
    "lateShipmentCount",
    "cancellationCount",
)
BASES = (
    "orderCount",
    "shipmentCount",
    "shipmentCountWithValidTracking",
    "totalUnitCount",
)
SHAPE = ("accountStatuses", "performanceMetrics")


def rows(record: Record) -> Iterator[Row]:
    """Yield one row a metric, in the order of the document.

    Raises:
        Refusal: The document has another shape than the report.
    """
    content: Block = record.value
    blocks = [item for key in SHAPE for item in _list(content[key])]
    if not all(
        isinstance(item, dict) and isinstance(item.get("marketplaceId", ""), str)
        for item in blocks
    ):
        raise Refusal(
            "This has the keys of the seller performance report, but its entries are "
            "not objects with a marketplaceId."
        )
    yield from _rows(content)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rows(content: Block) -> Iterator[Row]:
    statuses = {
        item.get("marketplaceId"): item.get("status")
        for item in _list(content["accountStatuses"])
    }
    covered = set()
    for block in _list(content["performanceMetrics"]):
        marketplace = block.get("marketplaceId")
        covered.add(marketplace)
        base = {
            "marketplace_id": marketplace,
            "account_status": statuses.get(marketplace),
        }
        for key, value in block.items():
            if key != "marketplaceId":
                yield from (base | row for row in _metric(key, value))
    # A marketplace may have a status and no metric; its status still counts.
    for marketplace, status in statuses.items():
        if marketplace not in covered:
            yield {
                "marketplace_id": marketplace,
                "account_status": status,
                "metric_name": "account_status",
                "metric_status": status,
            }


def _metric(key: str, value: object) -> Iterator[Row]:
    name = _snake(key)
    name = NAMES.get(name, name)
    if name == "order_defect_rate" and isinstance(value, dict):
        # The key tells the fulfilment; the field of that name is wrong in Amazon's
        # own example.
        for fulfillment, block in value.items():
            yield _fields(name, block) | {"fulfillment_type": fulfillment}
    elif isinstance(value, list):
        yield from (_fields(name, item) for item in value)
    else:
        yield _fields(name, value)


def _fields(name: str, block: object) -> Row:
    row = {
        "metric_name": name,
        "metric_json": json.dumps(block, ensure_ascii=False, default=float),
    }
    if not isinstance(block, dict):
        return row
    window = block.get("reportingDateRange")
    window = window if isinstance(window, dict) else {}
    return row | {
        "reporting_from": window.get("reportingDateFrom"),
        "reporting_to": window.get("reportingDateTo"),
        "metric_status": _any(block, STATUS),
        "metric_rate": block.get("rate"),
        "target_value": block.get("targetValue"),
        "target_condition": block.get("targetCondition"),
        "defect_count": _count(_any(block, DEFECTS)),
        "base_count": _count(_any(block, BASES)),
    }


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _any(block: Block, names: tuple[str, ...]) -> Any:
    return next((block[name] for name in names if name in block), None)


def _count(value: object) -> object:
    return value.get("count") if isinstance(value, dict) else value


FAMILY = Family(
    name="seller_performance",
    table="seller_performance",
    format="json",
    rows=rows,
    signs=frozenset(SHAPE),
    needs_signs="all",
)
