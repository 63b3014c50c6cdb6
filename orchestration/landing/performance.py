"""The seller performance report: a JSON document turned into one row a metric."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from orchestration.landing.cleaning import Cleaned
from orchestration.landing.errors import Refusal
from orchestration.landing.layout import Layout
from orchestration.landing.scan import Scan
from orchestration.landing.specs import ReportSpec

LARGEST = 64 << 20
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
Block = dict[str, Any]


def read_performance(scan: Scan, layout: Layout, cleaned: Cleaned) -> None:
    """Write one line a metric to the work file, in the order of the document.

    Raises:
        Refusal: The document is no JSON, or JSON of another shape.
    """
    content = _parse(scan, layout.spec)
    columns = [column.name for column in layout.spec.columns]
    # Emptied, not only made: an earlier document may have left its own there.
    cleaned.rejects.write_bytes(b"")
    with cleaned.lines.open("w", encoding="utf-8", newline="\n") as lines:
        for number, row in enumerate(_rows(content), start=1):
            fields = [_plain(row.get(name)) for name in columns]
            lines.write(f"{number}\t" + "\t".join(fields) + "\n")
            cleaned.rows += 1
            cleaned.kept += 1


def _parse(scan: Scan, spec: ReportSpec) -> dict[str, Any]:
    if scan.size > LARGEST:
        raise Refusal("This JSON file is far larger than any performance report.")
    try:
        text = scan.source.read_text(encoding="utf-8-sig")
        content = json.loads(text, parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refusal(
            f"This looks like JSON but cannot be read ({error}). Download it again."
        ) from error
    shape = set(spec.json_shape)
    if not isinstance(content, dict) or not shape <= content.keys():
        raise Refusal(
            "This JSON document is no report that can land: the "
            f"{spec.title} has the keys {' and '.join(spec.json_shape)}."
        )
    blocks = [item for key in shape for item in _list(content[key])]
    if not all(
        isinstance(item, dict) and isinstance(item.get("marketplaceId", ""), str)
        for item in blocks
    ):
        raise Refusal(
            f"This has the keys of the {spec.title}, but its entries are not objects "
            "with a marketplaceId."
        )
    return content


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rows(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
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


def _metric(key: str, value: object) -> Iterator[dict[str, Any]]:
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


def _fields(name: str, block: object) -> dict[str, Any]:
    row = {"metric_name": name, "metric_json": _json(block)}
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


def _any(block: Block, names: tuple[str, ...]) -> Any:
    return next((block[name] for name in names if name in block), None)


def _count(value: object) -> object:
    return value.get("count") if isinstance(value, dict) else value


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=float)
    return text.encode("utf-8", "replace").decode()


def _plain(value: object) -> str:
    """Return a JSON value as the text of one field."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool | dict | list):
        return _json(value)
    whole = str(value).encode("utf-8", "replace").decode()
    return re.sub(r"[\t\r\n\0]", " ", whole)
