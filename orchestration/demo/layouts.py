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
    **{f"feedback_{language}": names for language, names in SELLER_FEEDBACK.items()},
}
"""Header of every document layout."""
