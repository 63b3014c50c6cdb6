"""What the sellers' own tools export: one in our layouts, one as its tools do."""

from __future__ import annotations

from orchestration.demo.business import HORIZON, LAKESIDE, NORTHWIND, PERIOD_START
from orchestration.demo.documents import Document, midnight

NORTHWIND_EXPORTS = (
    ("shiphero-returns", "shiphero", "OPERATIONS_INSPECTIONS"),
    ("return-ends", "return_ends", "OPERATIONS_RETURN_EVENTS"),
    ("zendesk-comments", "zendesk_comments", "OPERATIONS_MESSAGES"),
    ("aftership-checkpoints", "aftership", "OPERATIONS_CARRIER_CHECKPOINTS"),
)
BOTH_EXPORT = (
    ("products", "products", "OPERATIONS_PRODUCTS"),
    ("exchange-rates", "exchange_rates", "OPERATIONS_EXCHANGE_RATES"),
    ("actions", "actions", "OPERATIONS_ACTIONS"),
)
LAKESIDE_EXPORTS = (
    ("inspections", "inspections", "OPERATIONS_INSPECTIONS"),
    ("return-events", "return_events", "OPERATIONS_RETURN_EVENTS"),
    ("messages", "messages", "OPERATIONS_MESSAGES"),
    ("tickets", "tickets", "OPERATIONS_TICKETS"),
    ("checkpoints", "checkpoints", "OPERATIONS_CARRIER_CHECKPOINTS"),
    ("stock", "stock", "OPERATIONS_STOCK"),
)
"""File name, layout, and what landing calls the contract it fills."""


def plan_operation_documents() -> list[Document]:
    """Return those documents in a fixed order."""
    return [
        Document(
            f"{seller}/operations/{name}.csv", report, layout, account, None,
            midnight(PERIOD_START), HORIZON, HORIZON,
        )
        for seller, account, exports in (
            (NORTHWIND, "northwind-na", NORTHWIND_EXPORTS),
            (LAKESIDE, "lakeside-eu", LAKESIDE_EXPORTS),
        )
        for name, layout, report in (*exports, *BOTH_EXPORT)
    ]  # fmt: skip
