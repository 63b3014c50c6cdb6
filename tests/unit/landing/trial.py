"""A small inbox and home to land in, and rows to fill documents with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.lake import view_queries
from orchestration.landing.landing import LandingSummary, land_inbox
from orchestration.landing.specs import ReportSpec, lake_specs
from orchestration.settings import Home

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
}
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
}


def spec_of(table: str) -> ReportSpec:
    return lake_specs()[table][0]


def header_cells(table: str) -> list[str]:
    """The cells of a table's usual header, with its personal columns."""
    if table in HEADERS:
        return HEADERS[table].split("\t")
    spec = spec_of(table)
    names = [column.name for column in spec.columns] + list(spec.personal_columns)
    return [name.replace("_", "-") for name in names]


def row(table: str, **values: str) -> str:
    """One tab-separated row under the usual header."""
    spec = spec_of(table)
    if spec.header == "by_position":
        names = [column.name for column in spec.columns] + list(spec.personal_columns)
    else:
        names = [
            c.lower().replace("-", "_").replace(" ", "_") for c in header_cells(table)
        ]
    filled = {**ROWS[table], **values}
    return "\t".join(filled.get(name, "") for name in names)


def document(table: str, *rows: str, end: str = "\n") -> bytes:
    """A whole document: header and rows, each line ended by ``end``."""
    return "".join(
        f"{x}{end}" for x in ("\t".join(header_cells(table)), *rows)
    ).encode()


@dataclass
class Trial:
    """An inbox and a home, with short ways to fill, land and look."""

    inbox: Path
    home: Home

    def put(self, name: str, content: bytes, **meta: object) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if meta:
            self.meta(name, **meta)
        return path

    def meta(self, name: str, **meta: object) -> None:
        path = self.inbox / f"{name}.meta.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(meta))

    def land(self) -> LandingSummary:
        return land_inbox(self.inbox, self.home)

    def land_one(
        self, content: bytes, name: str = "shop/US/file.txt", **meta: object
    ) -> Any:
        """Land one document and return its ledger entry."""
        self.put(name, content, **meta)
        return self.land().outcomes[0].entry

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows dbt would see, in the order of files and lines."""
        found = self._query(view_queries(self.home)[table])
        keys = ("_file_key", "_line_number", "file_key", "line_number")
        return sorted(
            found, key=lambda row: [str(row.get(key, "")).rjust(9) for key in keys]
        )

    def ledger(self) -> list[dict[str, Any]]:
        return sorted(self.rows("landing_files"), key=lambda row: row["file_name"])

    def rejects(self) -> list[dict[str, Any]]:
        return self.rows("landing_rejects")

    def stored_bytes(self) -> bytes:
        """Everything the home holds on disk, to search for what must not be there."""
        paths = sorted(path for path in self.home.root.rglob("*") if path.is_file())
        return b"".join(path.read_bytes() for path in paths)

    def stored_text(self) -> str:
        """Every value of every Parquet file of the home, decompressed."""
        texts = []
        for path in sorted(self.home.root.rglob("*.parquet")):
            texts.append(str(self._query(f"select * from read_parquet('{path}')")))
        return "\n".join(texts)

    def _query(self, query: str) -> list[dict[str, Any]]:
        cursor = shared_connection().execute(query)
        names = [item[0] for item in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@lru_cache(maxsize=1)
def shared_connection() -> duckdb.DuckDBPyConnection:
    """One connection for all looking: opening one takes longer than most tests."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection
