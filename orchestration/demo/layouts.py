"""The header rows of Amazon's reports, exactly as documents have them."""

from __future__ import annotations

MFN_RETURNS = (
    "Order ID", "Order date", "Return request date", "Return request status",
    "Amazon RMA ID", "Merchant RMA ID", "Label type", "Label cost", "Currency code",
    "Return carrier", "Tracking ID", "Label to be paid by", "A-to-Z Claim", "Is prime",
    "ASIN", "Merchant SKU", "Item Name", "Return quantity", "Return Reason",
    "In policy", "Return type", "Resolution", "Invoice number", "Return delivery date",
    "Order Amount", "Order quantity", "SafeT Action reason", "SafeT claim id",
    "SafeT claim state", "SafeT claim creation time",
    "SafeT claim reimbursement amount", "Refunded Amount",
)  # fmt: skip

FBA_RETURNS_OLD = (
    "return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity",
    "fulfillment-center-id", "detailed-disposition", "reason", "status",
)  # fmt: skip
FBA_RETURNS = (*FBA_RETURNS_OLD, "license-plate-number", "customer-comments")

ALL_ORDERS = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date",
    "order-status", "fulfillment-channel", "sales-channel", "order-channel",
    "ship-service-level", "product-name", "sku", "asin", "item-status", "quantity",
    "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount",
    "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code",
    "ship-country", "promotion-ids", "is-business-order", "purchase-order-number",
    "price-designation",
)  # fmt: skip

# The last header carries a blank, as documents of Amazon.com do.
ALL_ORDERS_LONG = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date",
    "order-status", "fulfillment-channel", "sales-channel", "order-channel", "url",
    "ship-service-level", "product-name", "sku", "asin", "number-of-items",
    "item-status", "tax-collection-model", "tax-collection-responsible-party",
    "quantity", "currency", "item-price", "item-tax", "shipping-price",
    "shipping-tax", "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount",
    "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code",
    "ship-country", "promotion-ids", "payment-method-details", "is-business-order",
    "purchase-order-number", "price-designation", "customized-url", "customized-page",
    "signature-confirmation-recommended ",
)  # fmt: skip

SETTLEMENT_HEAD = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date",
    "total-amount", "currency", "transaction-type", "order-id", "merchant-order-id",
    "adjustment-id", "shipment-id", "marketplace-name",
)  # fmt: skip
SETTLEMENT_V1 = (
    *SETTLEMENT_HEAD, "shipment-fee-type", "shipment-fee-amount", "order-fee-type",
    "order-fee-amount", "fulfillment-id", "posted-date", "order-item-code",
    "merchant-order-item-id", "merchant-adjustment-item-id", "sku",
    "quantity-purchased", "price-type", "price-amount", "item-related-fee-type",
    "item-related-fee-amount", "misc-fee-amount", "other-fee-amount",
    "other-fee-reason-description", "promotion-id", "promotion-type",
    "promotion-amount", "direct-payment-type", "direct-payment-amount", "other-amount",
)  # fmt: skip
SETTLEMENT_V2 = (
    *SETTLEMENT_HEAD, "amount-type", "amount-description", "amount", "fulfillment-id",
    "posted-date", "posted-date-time", "order-item-code", "merchant-order-item-id",
    "merchant-adjustment-item-id", "sku", "quantity-purchased", "promotion-id",
)  # fmt: skip

# Only the English header is documented. The others are our translation: readers know
# the columns by position.
SELLER_FEEDBACK = {
    "en": ("Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email"),
    "de": (
        "Datum", "Bewertung", "Kommentare", "Ihre Antwort", "Bestellnummer",
        "E-Mail des Bewerters",
    ),
    "ja": (
        "日付", "評価", "コメント", "出品者の回答", "注文番号", "評価者のＥメール",
    ),
}  # fmt: skip
FEEDBACK_DATES = {
    "US": "%m/%d/%y", "CA": "%d/%m/%y", "UK": "%d/%m/%y",
    "DE": "%d.%m.%y", "JP": "%y/%m/%d",
}  # fmt: skip

REIMBURSEMENTS = (
    "approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku",
    "fnsku", "asin", "product-name", "condition", "currency-unit", "amount-per-unit",
    "amount-total", "quantity-reimbursed-cash", "quantity-reimbursed-inventory",
    "quantity-reimbursed-total", "original-reimbursement-id",
    "original-reimbursement-type",
)  # fmt: skip
REMOVALS_SHORT = (
    "request-date", "order-id", "order-source", "order-type", "order-status",
    "last-updated-date", "sku", "fnsku", "disposition", "requested-quantity",
    "cancelled-quantity", "disposed-quantity", "shipped-quantity",
    "in-process-quantity", "removal-fee", "currency",
)  # fmt: skip
REMOVALS = (*REMOVALS_SHORT[:4], "service-speed", *REMOVALS_SHORT[4:])
REMOVAL_SHIPMENTS = (
    "request-date", "order-id", "shipment-date", "sku", "fnsku", "disposition",
    "shipped-quantity", "carrier", "tracking-number", "removal-order-type",
)  # fmt: skip
REPLACEMENTS = (
    "shipment-date", "sku", "asin", "fulfillment-center-id",
    "original-fulfillment-center-id", "quantity", "replacement-reason-code",
    "replacement-amazon-order-id", "original-amazon-order-id",
)  # fmt: skip
LEDGER = tuple(
    f'"{name}"'
    for name in (
        "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID",
        "Quantity", "Fulfillment Center", "Disposition", "Reason", "Country",
        "Reconciled Quantity", "Unreconciled Quantity",
    )
)  # fmt: skip

HEADERS: dict[str, tuple[str, ...]] = {
    "mfn": MFN_RETURNS,
    "mfn+item": (*MFN_RETURNS, "Order Item ID"),
    "mfn+category": (*MFN_RETURNS, "Category", "VAT", "Order Item ID"),
    "fba_old": FBA_RETURNS_OLD,
    "fba": FBA_RETURNS,
    "orders": ALL_ORDERS,
    "orders_long": ALL_ORDERS_LONG,
    "settlement_v1": SETTLEMENT_V1,
    "settlement_v2": SETTLEMENT_V2,
    "reimbursements": REIMBURSEMENTS,
    "removals": REMOVALS,
    "removals_short": REMOVALS_SHORT,
    "removal_shipments": REMOVAL_SHIPMENTS,
    "replacements": REPLACEMENTS,
    "ledger": LEDGER,
    **{f"feedback_{language}": names for language, names in SELLER_FEEDBACK.items()},
}
"""Header of every document layout."""
