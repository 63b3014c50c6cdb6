"""What an inbox holds besides plain documents: copies, archives, empty and bad ones."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from orchestration.demo.business import (
    ACCOUNTS,
    LAKESIDE,
    NORTHWIND,
    PERIOD_END,
    SCOPES,
    Scope,
)
from orchestration.demo.documents import FEEDBACK, MFN, Document, midnight
from orchestration.demo.structured import ENVELOPES, body_path
from orchestration.demo.writing import Inbox, encode, header_line, heading

COPIED = f"{NORTHWIND}/US/returns/mfn-2026-03-01.tsv"
ZIPPED = f"{NORTHWIND}/CA/settlements"
ZIPPED_COUNT = 2
REFUSED = f"{LAKESIDE}/notes/returns-by-hand.csv"
ZIP_TIME = (2026, 10, 31, 12, 0, 0)


@dataclass(frozen=True)
class Malformed:
    """A line that cannot land.

    Attributes:
        path: Document it is the last line of.
        column: Normalised name of the wrong column; None if the line is cut short.
        value: The wrong value, or what there is of the line.
        fields: The line's other fields; all are invented.
    """

    path: str
    column: str | None
    value: str
    fields: dict[str, str]


MFN_FIELDS = {
    "Order ID": "111-0000001-0000001",
    "Order date": "05-Jan-2026",
    "Return request date": "12-Jan-2026",
    "Return request status": "Approved",
    "Merchant SKU": "RAINJ-S",
    "ASIN": "B0D0000000",
    "Return quantity": "1",
    "Return Reason": "CR-DEFECTIVE",
}
MALFORMED = (
    Malformed(
        f"{NORTHWIND}/US/returns/mfn-2026-02-01.tsv",
        "return_request_date",
        "31-Foo-2026",
        {**MFN_FIELDS, "Return request date": "31-Foo-2026"},
    ),
    Malformed(
        f"{NORTHWIND}/US/returns/mfn-2026-06-01.tsv",
        None,
        "111-0000002-0000002\t05-May-2026\t12-May-2026\tApproved",
        {},
    ),
    Malformed(
        f"{NORTHWIND}/fba-returns/fba-2026-05-01.txt",
        "quantity",
        "one",
        {
            "return-date": "2026-04-20T10:00:00+00:00",
            "order-id": "111-0000003-0000003",
            "sku": "LAMP",
            "asin": "B0D0000000",
            "fnsku": "X000000000",
            "quantity": "one",
            "detailed-disposition": "SELLABLE",
            "reason": "UNWANTED_ITEM",
        },
    ),
    Malformed(
        f"{ACCOUNTS['lakeside-eu']}/orders/orders-2026-02.txt",
        "purchase_date",
        "yesterday",
        {
            "amazon-order-id": "302-0000004-0000004",
            "purchase-date": "yesterday",
            "sku": "SCALE",
            "quantity": "1",
        },
    ),
    Malformed(
        f"{LAKESIDE}/UK/feedback/feedback-2026-04.txt",
        "rating",
        "7",
        {
            "Date": "11/05/26",
            "Rating": "7",
            "Comments": "Seven stars",
            "Order ID": "202-0000005-0000005",
            "Rater Email": "rater@example.com",
        },
    ),
    Malformed(
        f"{NORTHWIND}/fba-reimbursements/reimbursements-2026-10-31.txt",
        "amount_total",
        "twelve",
        {
            "approval-date": "2026-09-20T10:00:00+00:00",
            "reimbursement-id": "10000000006",
            "reason": "CustomerReturn",
            "sku": "LAMP",
            "amount-total": "twelve",
        },
    ),
    Malformed(
        f"{ACCOUNTS['lakeside-eu']}/removals/orders-2026-10-31.txt",
        "requested_quantity",
        "-",
        {
            "request-date": "2026-09-20T10:00:00+00:00",
            "order-id": "EXAMPLE007",
            "order-type": "Return",
            "order-status": "Completed",
            "sku": "SCALE",
            "requested-quantity": "-",
        },
    ),
    Malformed(
        f"{LAKESIDE}/operations/inspections.csv",
        "quantity_received",
        "two",
        {"order_id": "302-0000008-0000008", "sku": "LAMP", "quantity_received": "two"},
    ),
)

BAD_XML = f"{NORTHWIND}/US/returns/xml-2026-11-01.xml"
BAD_ELEMENT = (
    "<return_details><item_details><merchant_sku>RAINJ-S</merchant_sku>"
    "<return_quantity>two</return_quantity></item_details>"
    "<order_id>111-0000009-0000009</order_id>"
    "<return_request_date>2026-10-12T10:00:00Z</return_request_date></return_details>"
)


def add_malformed(inbox: Inbox) -> list[tuple[str, int, str | None, str]]:
    """Append the bad lines; return ``(path, line number, column, value)`` of each."""
    numbers = {item.path: number for number, item in enumerate(inbox.documents)}
    rejects = []
    for bad in MALFORMED:
        number = numbers[bad.path]
        line = bad.value
        if bad.column is not None:
            header = header_line(inbox.documents[number])
            between = "\t" if "\t" in header else ","
            blank = " " if inbox.documents[number].report_type == MFN else ""
            names = header.removesuffix("\n").split(between)
            line = between.join(bad.fields.get(name, blank) for name in names)
        inbox.append(number, 1, 0, line + "\n")
        # The header is line 1.
        place = inbox.written[number].rows + 1
        rejects.append((bad.path, place, bad.column, bad.value))
    place = _add_element(inbox, numbers[BAD_XML])
    return [*rejects, (BAD_XML, place, "return_quantity", "two")]


def _add_element(inbox: Inbox, number: int) -> int:
    """Add a bad request to an XML document that is not yet whole; return its line."""
    [name] = ENVELOPES["xml_returns"].lists
    inbox.append(number, 1, 0, BAD_ELEMENT + "\n", name)
    body = body_path(inbox.scratch, number, name).read_bytes()
    return ENVELOPES["xml_returns"].before.count("\n") + body.count(b"\n")


def add_empty(root: Path) -> list[tuple[str, str]]:
    """Add a report without rows and two that Amazon cancelled for want of data.

    They are of marketplaces where the seller ships nothing itself.

    Returns:
        ``(path, report type)`` of each; a cancelled one has only its meta file.
    """
    us, jp = (
        next(s for s in SCOPES if (s.seller, s.marketplace.code) == (LAKESIDE, code))
        for code in ("US", "JP")
    )
    empty = _request(us, date(2025, 10, 31), "utf-8-sig", "\r\n")
    (root / empty.path).parent.mkdir(parents=True, exist_ok=True)
    (root / empty.path).write_bytes(heading(empty))
    write_meta(root, empty)
    cancelled = [_request(scope, PERIOD_END) for scope in (us, jp)]
    for document in cancelled:
        (root / document.path).parent.mkdir(parents=True, exist_ok=True)
        write_meta(root, document, "CANCELLED")
    return [(document.path, MFN) for document in (empty, *cancelled)]


def _request(
    scope: Scope, day: date, encoding: str = "utf-8", newline: str = "\n"
) -> Document:
    """Return the seller-fulfilled returns report of the 60 days before a day."""
    path = f"{scope.seller}/{scope.marketplace.code}/returns/mfn-{day}.tsv"
    end = midnight(day)
    return Document(
        path, MFN, "mfn", scope.account, scope, end - timedelta(days=60), end, end,
        encoding, newline,
    )  # fmt: skip


def add_refused(root: Path) -> str:
    """Add a seller's own table, which is no report and must be refused."""
    path = root / REFUSED
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ["Parcel,Came in,Who opened it,OK?", "P-17,3 March,Example Person,yes"]
    path.write_bytes(encode("\n".join(rows) + "\n", "utf-8"))
    return REFUSED


def add_metas(inbox: Inbox) -> None:
    """Write the meta files of the documents that have one.

    A localised feedback report needs one: with few rows its content says too little.
    """
    for document in inbox.documents:
        is_localised = document.report_type == FEEDBACK and document.layout[-2:] != "en"
        if document.has_meta or is_localised:
            write_meta(inbox.root, document)


def write_meta(root: Path, document: Document, status: str = "DONE") -> None:
    """Write what Amazon answers about a report beside its document."""
    markets = [document.scope] if document.scope else _scopes(document.account)
    content = {
        "reportType": document.report_type,
        "processingStatus": status,
        "marketplaceIds": [s.marketplace.amazon_id for s in markets],
        "dataStartTime": f"{document.start:%Y-%m-%dT%H:%M:%S}+00:00",
        "dataEndTime": f"{document.end - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}+00:00",
        "createdTime": f"{document.pulled_at:%Y-%m-%dT%H:%M:%S}+00:00",
    }
    text = json.dumps(content, indent=2) + "\n"
    (root / f"{document.path}.meta.json").write_text(text, encoding="utf-8")


def copy_compressed(inbox: Inbox) -> str:
    """Put a compressed copy of a document beside it; return the copy's path."""
    copy = f"{COPIED}.gz"
    with (
        (inbox.root / COPIED).open("rb") as source,
        (inbox.root / copy).open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as target,
    ):
        shutil.copyfileobj(source, target, 1 << 20)
    document = next(item for item in inbox.documents if item.path == COPIED)
    write_meta(inbox.root, replace(document, path=copy))
    return copy


def zip_oldest(inbox: Inbox) -> dict[str, str]:
    """Move some settlements into one archive; return old path to new label."""
    paths = [d.path for d in inbox.documents if d.path.startswith(ZIPPED + "/")]
    archive = f"{ZIPPED}/first-settlements.zip"
    labels = {}
    with zipfile.ZipFile(inbox.root / archive, "w") as file:
        for path in paths[:ZIPPED_COUNT]:
            source = inbox.root / path
            info = zipfile.ZipInfo(source.name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            with source.open("rb") as data, file.open(info, "w") as member:
                shutil.copyfileobj(data, member, 1 << 20)
            source.unlink()
            labels[path] = f"{archive}!{source.name}"
    return labels


def _scopes(account: str) -> list[Scope]:
    return [scope for scope in SCOPES if scope.account == account]
