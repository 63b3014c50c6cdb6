"""The header rows of what a seller's own tools export, comma-separated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

OPERATIONS: dict[str, tuple[str, ...]] = {
    "inspections": (
        "inspection_id", "rma_number", "order_id", "sku", "received_at",
        "inspected_at", "quantity_expected", "quantity_received",
        "quantity_restocked", "condition", "inspection_outcome", "disposition", "grade",
        "stated_reason", "found_reason", "fault_party", "inspector", "warehouse_id",
        "image_label", "image_confidence", "image_provider", "third_party_verdict",
        "comment", "updated_at",
    ),
    "shiphero": (
        "id", "return_id", "line_item_id", "order_number", "product.sku", "quantity",
        "quantity_received", "restock", "condition", "reason", "warehouse_id",
        "received_at", "inspected_at", "created_at", "updated_at",
    ),
    "messages": (
        "message_id", "ticket_id", "sent_at", "sender_kind", "agent", "is_automatic",
        "is_public", "needs_no_response", "order_id", "language", "channel", "subject",
        "body",
    ),
    "zendesk_comments": (
        "id", "ticket_id", "created_at", "public", "author.role", "author_id",
        "author.email", "via.channel", "ticket.external_id", "locale", "body",
    ),
    "tickets": (
        "ticket_id", "created_at", "updated_at", "solved_at", "status", "channel",
        "language", "order_id", "assignee", "tags", "reply_count", "reopen_count",
        "first_reply_minutes", "subject", "requester_email",
    ),
    "checkpoints": (
        "tracking_id", "carrier", "checkpoint_at", "checkpoint_tag",
        "checkpoint_subtag", "country_code", "order_id", "rma_id",
    ),
    "aftership": (
        "tracking_number", "checkpoints_slug", "checkpoints_checkpoint_time",
        "checkpoints_tag", "checkpoints_subtag", "checkpoints_city",
        "checkpoints_country_iso3", "checkpoints_message",
    ),
    **dict.fromkeys(
        ("return_events", "return_ends"),
        (
            "event_id", "event_at", "event_type", "rma_number", "order_id", "sku",
            "quantity", "disposition", "actor", "actor_kind", "system_name",
            "warehouse_id", "amount", "currency_code",
        ),
    ),
    "products": (
        "sku", "marketplace_code", "valid_from", "asin", "fnsku", "product_title",
        "category", "size", "colour", "listing_version", "unit_cost",
        "list_price", "currency_code", "unit_weight_grams",
    ),
    "stock": (
        "stock_date", "sku", "warehouse_id", "condition", "quantity_on_hand",
        "quantity_unprocessed",
    ),
    "exchange_rates": (
        "rate_date", "from_currency_code", "to_currency_code", "exchange_rate",
        "rate_source",
    ),
    "actions": (
        "action_id", "started_on", "ended_on", "action_type", "marketplace_code", "sku",
        "category", "reason_family", "stage_code", "owner", "action_cost",
        "currency_code", "description",
    ),
}  # fmt: skip
"""Header of every layout, under our own words or the tool's."""


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a tool exports them."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
