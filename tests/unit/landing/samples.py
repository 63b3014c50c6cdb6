"""A good row of every report and export whose documents are rows of fields."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime

from orchestration.landing.specs import ColumnSpec, ReportSpec, lake_specs

HEADERS = {
    "mfn_returns": (
        "Order ID\tOrder date\tReturn request date\tReturn request status\t"
        "Amazon RMA ID\tMerchant RMA ID\tLabel type\tLabel cost\tCurrency code\t"
        "Return carrier\tTracking ID\tLabel to be paid by\tA-to-Z Claim\tIs prime\t"
        "ASIN\tMerchant SKU\tItem Name\tReturn quantity\tReturn Reason\tIn policy\t"
        "Return type\tResolution\tInvoice number\tReturn delivery date\tOrder Amount\t"
        "Order quantity\tSafeT Action reason\tSafeT claim id\tSafeT claim state\t"
        "SafeT claim creation time\tSafeT claim reimbursement amount\tRefunded Amount"
    ),
    "seller_feedback": "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email",
    "inventory_ledger": (
        "Date\tFNSKU\tASIN\tMSKU\tTitle\tEvent Type\tReference ID\tQuantity\t"
        "Fulfillment Center\tDisposition\tReason\tCountry\tReconciled Quantity\t"
        "Unreconciled Quantity\tDate and Time"
    ),
}
# Reports that share the lake table of another have a name of their own here.
SHARING = {"mfn_prime_returns": ("mfn_returns", 1)}
ROWS: dict[str, dict[str, str]] = {
    "mfn_returns": {
        "order_id": "111-0000001-0000001",
        "order_date": "08-Feb-2023",
        "return_request_date": "28-Feb-2023",
        "return_request_status": "Approved",
        "label_cost": "3.97",
        "currency_code": "USD",
        "a_to_z_claim": "N",
        "merchant_sku": "SKU-1",
        "item_name": "A shirt",
        "return_quantity": "1",
        "order_amount": "21.38",
    },
    "fba_returns": {
        "return_date": "2025-06-05T15:31:40+00:00",
        "order_id": "111-0000001-0000001",
        "sku": "SKU-1",
        "product_name": "A shirt",
        "quantity": "1",
        "license_plate_number": "LPN1",
    },
    "all_orders": {
        "amazon_order_id": "111-0000001-0000001",
        "purchase_date": "2025-06-01T10:00:00+00:00",
        "last_updated_date": "2025-06-02T10:00:00+00:00",
        "order_status": "Shipped",
        "sku": "SKU-1",
        "quantity": "1",
        "item_price": "19.95",
        "currency": "USD",
        "product_name": "A shirt",
    },
    "settlements_v1": {"settlement_id": "1", "posted_date": "2025-06-05"},
    "settlements_v2": {
        "settlement_id": "1",
        "posted_date": "2025-06-05",
        "amount": "1.00",
    },
    "seller_feedback": {
        "feedback_date": "10/20/23",
        "rating": "5",
        "comments": "Fine",
        "order_id": "111-0000001-0000001",
        "rater_email": "someone@example.com",
    },
    "fba_reimbursements": {
        "approval_date": "2025-06-05T15:31:40+00:00",
        "reimbursement_id": "9000000001",
        "amazon_order_id": "111-0000001-0000001",
        "reason": "CustomerReturn",
        "sku": "SKU-1",
        "fnsku": "X001",
        "currency_unit": "USD",
        "amount_per_unit": "4.10",
        "amount_total": "4.10",
        "quantity_reimbursed_total": "1",
    },
    "removal_orders": {
        "request_date": "2025-06-05T15:31:40+00:00",
        "order_id": "RMV-1",
        "order_source": "Seller Initiated",
        "order_type": "Return",
        "service_speed": "Standard",
        "order_status": "Completed",
        "last_updated_date": "2025-06-15T15:31:40+00:00",
        "sku": "SKU-1",
        "fnsku": "X001",
        "disposition": "Unsellable",
        "requested_quantity": "3",
        "shipped_quantity": "2",
        "disposed_quantity": "1",
        "removal_fee": "1.50",
        "currency": "USD",
    },
    "inventory_ledger": {
        "date": "06/05/2025",
        "fnsku": "X001",
        "msku": "SKU-1",
        "title": "A shirt",
        "event_type": "CustomerReturns",
        "quantity": "1",
        "fulfillment_center": "LEX1",
        "disposition": "SELLABLE",
        "country": "US",
    },
}
BY_KIND = {
    "text": "Plain words",
    "free_text": "Some words",
    "person": "Ann Example",
    "decimal": "3.50",
    "integer": "2",
    "flag": "Y",
}
BY_FORM = ("TKN-1", "USD", "US", "111-0000001-0000001", "2")
MOMENT = datetime(2025, 6, 5, 15, 31, 40)
BY_FORMAT = {"iso_instant": "2025-06-05T15:31:40+00:00", "iso_day": "2025-06-05"}


def delimited() -> list[str]:
    """The names of all whose documents are rows of fields."""
    found = [table for table, specs in lake_specs().items() if specs[0].delimiters]
    return sorted([*found, *SHARING])


def spec_of(name: str) -> ReportSpec:
    table, index = SHARING.get(name, (name, 0))
    return lake_specs()[table][index]


def sample(spec: ReportSpec, column: ColumnSpec) -> str:
    """A value that is right in a column."""
    if column.pattern is not None:
        return next(v for v in BY_FORM if re.fullmatch(column.pattern, v))
    if column.kind in {"date", "instant"}:
        by_kind = {"date": spec.date_formats, "instant": spec.instant_formats}
        form = by_kind[column.kind][0]
        return BY_FORMAT.get(form) or MOMENT.strftime(form)
    return column.words[0] if column.words else BY_KIND[column.kind]


def usual_values(name: str) -> dict[str, str]:
    """What the usual row holds: as written above, else something in every column."""
    spec = spec_of(name)
    values = ROWS.get(spec.table)
    return values or {column.name: sample(spec, column) for column in spec.columns}


def header_cells(name: str) -> list[str]:
    """The cells of the usual header, with its personal columns."""
    spec = spec_of(name)
    if spec.table in HEADERS:
        return HEADERS[spec.table].split("\t")
    names = [column.name for column in spec.columns] + list(spec.personal_columns)
    return [name.replace("_", "-") for name in names]


def line(name: str, cells: list[str]) -> str:
    """A line of cells as the report writes it: quoted where it quotes."""
    spec = spec_of(name)
    if spec.quotes == "data":
        return "\t".join(cells)
    text = io.StringIO()
    rule = csv.QUOTE_ALL if spec.format == "tsv" else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=spec.delimiters[0], quoting=rule).writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def row(name: str, /, **values: str) -> str:
    """One line under the usual header."""
    spec = spec_of(name)
    if spec.header == "by_position":
        names = [column.name for column in spec.columns] + list(spec.personal_columns)
    else:
        cells = header_cells(name)
        names = [c.lower().replace("-", "_").replace(" ", "_") for c in cells]
    filled = {**usual_values(name), **values}
    return line(name, [filled.get(name, "") for name in names])


def document(name: str, *rows: str, end: str = "\n") -> bytes:
    """A whole document: header and rows, each line ended by ``end``."""
    header = line(name, header_cells(name))
    return "".join(f"{text}{end}" for text in (header, *rows)).encode()
