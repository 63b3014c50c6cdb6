"""Headers and bytes as Amazon's documents have them, told without the generator's own
tables."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter

from tests.unit.demo.conftest import Demo, read_csv, read_gzip

MFN = (
    "Order ID|Order date|Return request date|Return request status|Amazon RMA ID|"
    "Merchant RMA ID|Label type|Label cost|Currency code|Return carrier|Tracking ID|"
    "Label to be paid by|A-to-Z Claim|Is prime|ASIN|Merchant SKU|Item Name|"
    "Return quantity|Return Reason|In policy|Return type|Resolution|Invoice number|"
    "Return delivery date|Order Amount|Order quantity|SafeT Action reason|"
    "SafeT claim id|SafeT claim state|SafeT claim creation time|"
    "SafeT claim reimbursement amount|Refunded Amount"
)
FBA_OLD = (
    "return-date|order-id|sku|asin|fnsku|product-name|quantity|fulfillment-center-id|"
    "detailed-disposition|reason|status"
)
ORDERS = (
    "amazon-order-id|merchant-order-id|purchase-date|last-updated-date|order-status|"
    "fulfillment-channel|sales-channel|order-channel|ship-service-level|product-name|"
    "sku|asin|item-status|quantity|currency|item-price|item-tax|shipping-price|"
    "shipping-tax|gift-wrap-price|gift-wrap-tax|item-promotion-discount|"
    "ship-promotion-discount|ship-city|ship-state|ship-postal-code|ship-country|"
    "promotion-ids|is-business-order|purchase-order-number|price-designation"
)
ORDERS_LONG = (
    "amazon-order-id|merchant-order-id|purchase-date|last-updated-date|order-status|"
    "fulfillment-channel|sales-channel|order-channel|url|ship-service-level|"
    "product-name|sku|asin|number-of-items|item-status|tax-collection-model|"
    "tax-collection-responsible-party|quantity|currency|item-price|item-tax|"
    "shipping-price|shipping-tax|gift-wrap-price|gift-wrap-tax|"
    "item-promotion-discount|ship-promotion-discount|ship-city|ship-state|"
    "ship-postal-code|ship-country|promotion-ids|payment-method-details|"
    "is-business-order|purchase-order-number|price-designation|customized-url|"
    "customized-page|signature-confirmation-recommended "
)
SETTLEMENT = (
    "settlement-id|settlement-start-date|settlement-end-date|deposit-date|total-amount|"
    "currency|transaction-type|order-id|merchant-order-id|adjustment-id|shipment-id|"
    "marketplace-name|"
)
V1 = SETTLEMENT + (
    "shipment-fee-type|shipment-fee-amount|order-fee-type|order-fee-amount|"
    "fulfillment-id|posted-date|order-item-code|merchant-order-item-id|"
    "merchant-adjustment-item-id|sku|quantity-purchased|price-type|price-amount|"
    "item-related-fee-type|item-related-fee-amount|misc-fee-amount|other-fee-amount|"
    "other-fee-reason-description|promotion-id|promotion-type|promotion-amount|"
    "direct-payment-type|direct-payment-amount|other-amount"
)
V2 = SETTLEMENT + (
    "amount-type|amount-description|amount|fulfillment-id|posted-date|"
    "posted-date-time|order-item-code|merchant-order-item-id|"
    "merchant-adjustment-item-id|sku|quantity-purchased|promotion-id"
)
REIMBURSEMENTS = (
    "approval-date|reimbursement-id|case-id|amazon-order-id|reason|sku|fnsku|asin|"
    "product-name|condition|currency-unit|amount-per-unit|amount-total|"
    "quantity-reimbursed-cash|quantity-reimbursed-inventory|quantity-reimbursed-total|"
    "original-reimbursement-id|original-reimbursement-type"
)
REMOVALS = (
    "request-date|order-id|order-source|order-type|{speed}order-status|"
    "last-updated-date|sku|fnsku|disposition|requested-quantity|cancelled-quantity|"
    "disposed-quantity|shipped-quantity|in-process-quantity|removal-fee|currency"
)
REMOVAL_SHIPMENTS = (
    "request-date|order-id|shipment-date|sku|fnsku|disposition|shipped-quantity|"
    "carrier|tracking-number|removal-order-type"
)
REPLACEMENTS = (
    "shipment-date|sku|asin|fulfillment-center-id|original-fulfillment-center-id|"
    "quantity|replacement-reason-code|replacement-amazon-order-id|"
    "original-amazon-order-id"
)
LEDGER = (
    '"Date"|"FNSKU"|"ASIN"|"MSKU"|"Title"|"Event Type"|"Reference ID"|"Quantity"|'
    '"Fulfillment Center"|"Disposition"|"Reason"|"Country"|"Reconciled Quantity"|'
    '"Unreconciled Quantity"'
)
DOCUMENTED = {
    MFN,
    f"{MFN}|Order Item ID",
    f"{MFN}|Category|VAT|Order Item ID",
    FBA_OLD,
    f"{FBA_OLD}|license-plate-number|customer-comments",
    ORDERS,
    ORDERS_LONG,
    V1,
    V2,
    REIMBURSEMENTS,
    REMOVALS.format(speed=""),
    REMOVALS.format(speed="service-speed|"),
    REMOVAL_SHIPMENTS,
    REPLACEMENTS,
    LEDGER,
}


def test_every_header_is_documented_and_every_documented_one_occurs(
    demo: Demo,
) -> None:
    headers = {
        content.split("\n", 1)[0].replace("\t", "|")
        for label, content in demo.documents()
        if "/feedback/" not in label
    }
    assert headers == DOCUMENTED


def test_feedback_headers_are_in_the_marketplaces_language(demo: Demo) -> None:
    headers = {
        label.split("/")[1]: content.split("\n", 1)[0].split("\t")
        for label, content in demo.documents()
        if "/feedback/" in label
    }
    english = ["Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email"]
    assert [headers[code] for code in ("US", "CA", "UK")] == [english] * 3
    assert headers["DE"][0] == "Datum"
    assert headers["JP"][0] == "日付"
    assert {len(header) for header in headers.values()} == {6}


def test_documents_differ_in_encoding_and_line_ends(demo: Demo) -> None:
    looks: Counter[str] = Counter()
    for path in demo.inbox.rglob("*.t[sx][vt]"):
        data = path.read_bytes()
        looks["crlf"] += b"\r\n" in data
        looks["bom"] += data.startswith(b"\xef\xbb\xbf")
        looks["cp932"] += "キ".encode("cp932") in data and "/JP/" in str(path)
        lines = [line for line in data.split(b"\n") if not line.isascii()]
        utf8 = sum(is_utf8(line) for line in lines)
        looks["utf-8"] += utf8 > 0
        looks["other"] += utf8 < len(lines)
        looks["mixed"] += 0 < utf8 < len(lines) and "/US/" in str(path)
    assert all(looks[look] for look in ("crlf", "bom", "cp932", "utf-8", "mixed"))
    assert looks["other"] > looks["mixed"]


def is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_blank_fields_of_merchant_returns_are_one_space(demo: Demo) -> None:
    rows = [row for _, _, row in demo.rows("Amazon RMA ID")]
    assert rows
    assert not [row for row in rows if "" in row.values()]
    assert {row["Invoice number"] for row in rows} == {" "}


def test_titles_hold_quotation_marks_as_data(demo: Demo) -> None:
    titles = {row["product-name"] for _, _, row in demo.rows("purchase-date")}
    assert any('12" x 8"' in title for title in titles)


def test_a_copy_an_archive_an_empty_and_two_cancelled_reports_lie_there(
    demo: Demo,
) -> None:
    copy = next(demo.inbox.rglob("*.gz"))
    original = copy.with_suffix("")
    assert read_gzip(copy) == original.read_bytes()
    archive = next(demo.inbox.rglob("*.zip"))
    with zipfile.ZipFile(archive) as file:
        assert len(file.namelist()) == 2
    empty = demo.inbox / "lakeside-home/US/returns/mfn-2025-10-31.tsv"
    assert empty.read_bytes().count(b"\n") == 1
    metas = {path: json.loads(path.read_text()) for path in demo.inbox.rglob("*.json")}
    cancelled = [
        p for p, m in metas.items() if m.get("processingStatus") == "CANCELLED"
    ]
    assert len(cancelled) == 2
    assert not [p for p in cancelled if p.with_suffix("").with_suffix("").exists()]


def test_metas_say_when_and_for_which_days_a_report_was_made(demo: Demo) -> None:
    path = demo.inbox / "northwind-outdoor/US/returns/mfn-2025-10-01.tsv.meta.json"
    assert json.loads(path.read_text()) == {
        "reportType": "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
        "processingStatus": "DONE",
        "marketplaceIds": ["ATVPDKIKX0DER"],
        "dataStartTime": "2025-09-01T00:00:00+00:00",
        "dataEndTime": "2025-09-30T23:59:59+00:00",
        "createdTime": "2025-10-01T12:00:00+00:00",
    }


def test_one_file_is_no_report(demo: Demo) -> None:
    path = next(demo.inbox.rglob("notes/*.csv"))
    assert read_csv(path)[0][0] == "Parcel"


def test_no_two_documents_but_the_copy_have_the_same_rows(demo: Demo) -> None:
    seen = Counter(
        hashlib.sha256(content.encode()).hexdigest()
        for _, content in demo.documents()
        if content.count("\n") > 1
    )
    assert set(seen.values()) == {1}
