"""Large XML and JSON documents, written in a stream, and what landing one costs."""

from __future__ import annotations

import json
import multiprocessing
import re
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.landing.cleaning import Cleaned
from orchestration.landing.landing import land_inbox
from orchestration.landing.scan import rescan
from orchestration.landing.structured.reading import read_structured
from orchestration.landing.structured.recognising import (
    recognise_json,
    recognise_xml,
)
from orchestration.settings import Home

MB = 1 << 20
RETURN = """  <return_details>
    <item_details><item_name>Brand shirt é {n}, &quot;blue&quot; &amp; wide</item_name>
      <asin>B{n:09d}</asin><return_reason_code>AMZ-PG-APP-TOO-SMALL</return_reason_code>
      <merchant_sku>SKU-{n}</merchant_sku><in_policy>Y</in_policy>
      <return_quantity>1</return_quantity><resolution>StandardRefund</resolution>
      <category>Apparel</category><refund_amount>59.9</refund_amount></item_details>
    <order_id>408-{n:07d}-{n:07d}</order_id>
    <order_date>2025-11-03T17:08:47Z</order_date><amazon_rma_id>D{n}RRMA</amazon_rma_id>
    <return_request_date>2025-11-12T12:44:17Z</return_request_date>
    <return_request_status>Approved</return_request_status>
    <a_to_z_claim>false</a_to_z_claim><is_prime>N</is_prime>
    <label_details><currency_code>EUR</currency_code><label_cost>0.0</label_cost>
    <label_type>AmazonUnPaidLabel</label_type></label_details>
    <label_to_be_paid_by>Customer</label_to_be_paid_by>
    <return_type>C-Returns</return_type><order_amount>59.9</order_amount>
    <order_quantity>1</order_quantity>
  </return_details>
"""
XML_HEAD = (
    '<?xml version="1.0"?>\n<AmazonEnvelope><Header><DocumentVersion>1.00'
    "</DocumentVersion></Header><MessageType>Returns-Report</MessageType><Message>\n"
)


@dataclass(frozen=True)
class Cost:
    """What a document of ``size`` bytes cost, in seconds and MB of peak memory.

    ``reading`` is what the peak rose while the document became a work file.
    """

    size: int
    rows: int
    seconds: float
    reading: float
    peak: float


def write_xml(path: Path, size: int) -> None:
    """Write a returns report of about ``size`` bytes."""
    parts = (RETURN.format(n=number) for number in range(1 << 40))
    _write(path, size, XML_HEAD, parts, "</Message></AmazonEnvelope>\n")


def write_json(path: Path, size: int) -> None:
    """Write financial events of about ``size`` bytes, all on one line."""
    parts = (
        ("," if number else "") + json.dumps(_refund(number))
        for number in range(1 << 40)
    )
    head = '{"payload":{"FinancialEvents":{"RefundEventList":['
    _write(path, size, head, parts, "]}}}")


def write_json_lines(path: Path, size: int) -> None:
    """Write financial events of about ``size`` bytes, a page of ten a line."""
    parts = (
        json.dumps({"FinancialEvents": {"RefundEventList": [_refund(n)] * 10}}) + "\n"
        for n in range(1 << 40)
    )
    _write(path, size, "", parts, "")


def _refund(number: int) -> dict[str, Any]:
    def money(amount: float) -> dict[str, Any]:
        return {"CurrencyCode": "EUR", "CurrencyAmount": amount}

    charges = [
        {"ChargeType": kind, "ChargeAmount": money(-12.34)}
        for kind in ("Principal", "Tax", "ShippingCharge")
    ]
    fees = [
        {"FeeType": kind, "FeeAmount": money(1.85)}
        for kind in ("Commission", "RefundCommission")
    ]
    item = {
        "SellerSKU": f"SKU-{number % 999}",
        "OrderAdjustmentItemId": str(number),
        "QuantityShipped": 1,
        "ItemChargeAdjustmentList": charges,
        "ItemFeeAdjustmentList": fees,
    }
    return {
        "AmazonOrderId": f"408-{number:07d}-{number:07d}",
        "MarketplaceName": "Amazon.de",
        "PostedDate": f"2025-05-01T10:{number % 60:02d}:00Z",
        "ShipmentItemAdjustmentList": [item],
    }


def _write(path: Path, size: int, head: str, parts: Iterator[str], end: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        written = file.write(head)
        while written < size:
            written += file.write(next(parts))
        file.write(end)


def _peak() -> float:
    """Return the most memory this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Without what the parent had when this process began, which counts below.
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(path: Path, home: Path, out: Any) -> None:
    scratch = home.parent / "scratch"
    scratch.mkdir()
    scan = rescan(path)
    layout = (recognise_xml if path.suffix == ".xml" else recognise_json)(scan)
    before = _peak()
    read_structured(scan, layout, "cp1252", Cleaned(scratch / "a", scratch / "b"))
    reading = _peak() - before
    (scratch / "a").unlink()
    started = time.perf_counter()
    rows = land_inbox(path.parent, Home(home)).rows_landed
    seconds = time.perf_counter() - started
    out.put(Cost(scan.size, rows, seconds, reading, _peak()))


def cost_of(
    write: Callable[[Path, int], None], suffix: str, megabytes: int, folder: Path
) -> Cost:
    """Write a document and land it in a process of its own."""
    inbox = folder / "inbox"
    inbox.mkdir()
    path = inbox / f"document{suffix}"
    write(path, megabytes * MB)
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(target=_measure, args=(path, folder / "home", out))
    process.start()
    found: Cost = out.get(timeout=1800)
    process.join()
    return found
