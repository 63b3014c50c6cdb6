"""Why buyers send things back, what they say instead, and what inspection shows."""

from __future__ import annotations

from dataclasses import dataclass

Weights = dict[str, float]


@dataclass(frozen=True)
class Cause:
    """A true cause of a return.

    Attributes:
        cause: Our word for it, as the truth files have it.
        fault: Who caused it: ``buyer``, ``seller``, ``carrier`` or ``amazon``.
        misstated_share: How often the buyer states another reason.
        stated_instead: Causes that are then stated, with weights.
        dispositions: What a fulfilment centre finds, with weights.
        fba_codes: Codes of the FBA report that state this cause, with weights.
        mfn_codes: Codes of the seller-fulfilled report, with weights.
    """

    cause: str
    fault: str
    misstated_share: float
    stated_instead: Weights
    dispositions: Weights
    fba_codes: Weights
    mfn_codes: Weights


UNUSED = {"SELLABLE": 86.0, "CUSTOMER_DAMAGED": 12.0, "DEFECTIVE": 2.0}

CAUSES = (
    Cause(
        "changed_mind", "buyer", 0.22,
        {"defective": 40, "bad_description": 30, "poor_quality": 20, "style": 10},
        UNUSED,
        {"UNWANTED_ITEM": 90, "NO_REASON_GIVEN": 10},
        {"CR-UNWANTED_ITEM": 95, "CR-NO_REASON_GIVEN": 5},
    ),
    Cause(
        "ordered_wrong", "buyer", 0.16,
        {"bad_description": 50, "wrong_item": 30, "defective": 20},
        UNUSED,
        {"ORDERED_WRONG_ITEM": 80, "MISORDERED": 20},
        {"CR-ORDERED_WRONG_ITEM": 85, "AMZ-PG-MISORDERED": 15},
    ),
    Cause(
        "better_price", "buyer", 0.20,
        {"poor_quality": 50, "changed_mind": 50},
        UNUSED,
        {"FOUND_BETTER_PRICE": 100},
        {"CR-FOUND_BETTER_PRICE": 100},
    ),
    Cause(
        "too_small", "buyer", 0.10,
        {"bad_description": 50, "changed_mind": 50},
        UNUSED,
        {"APPAREL_TOO_SMALL": 100},
        {"AMZ-PG-APP-TOO-SMALL": 97, "AMZ-PG-WJ-TOO-SMALL": 3},
    ),
    Cause(
        "too_large", "buyer", 0.10,
        {"bad_description": 50, "changed_mind": 50},
        UNUSED,
        {"APPAREL_TOO_LARGE": 100},
        {"AMZ-PG-APP-TOO-LARGE": 100},
    ),
    Cause(
        "style", "buyer", 0.12,
        {"bad_description": 60, "changed_mind": 40},
        UNUSED,
        {"APPAREL_STYLE": 70, "DID_NOT_LIKE_COLOR": 30},
        {"AMZ-PG-APP-STYLE": 60, "DID_NOT_LIKE_FABRIC": 25, "DID_NOT_LIKE_COLOR": 15},
    ),
    Cause(
        "not_compatible", "buyer", 0.15,
        {"defective": 60, "bad_description": 40},
        {"SELLABLE": 80, "CUSTOMER_DAMAGED": 15, "DEFECTIVE": 5},
        {"NOT_COMPATIBLE": 90, "PART_NOT_COMPATIBLE": 10},
        {"CR-NOT_COMPATIBLE": 100},
    ),
    Cause(
        "used", "buyer", 0.90,
        {"defective": 55, "bad_description": 25, "changed_mind": 20},
        {"CUSTOMER_DAMAGED": 95, "DEFECTIVE": 5},
        {"UNWANTED_ITEM": 100},
        {"CR-UNWANTED_ITEM": 100},
    ),
    Cause(
        "defective", "seller", 0.08,
        {"changed_mind": 50, "carrier_damage": 30, "poor_quality": 20},
        {"DEFECTIVE": 86, "CUSTOMER_DAMAGED": 6, "SELLABLE": 8},
        {"DEFECTIVE": 100},
        {"CR-DEFECTIVE": 90, "AMZ-PG-BAD-ITEM": 10},
    ),
    Cause(
        "bad_description", "seller", 0.10,
        {"changed_mind": 70, "defective": 30},
        {"SELLABLE": 75, "CUSTOMER_DAMAGED": 15, "DEFECTIVE": 10},
        {"NOT_AS_DESCRIBED": 90, "NOT_AS_PHOTO": 10},
        {"AMZ-PG-BAD-DESC": 100},
    ),
    Cause(
        "poor_quality", "seller", 0.10,
        {"changed_mind": 60, "defective": 40},
        {"DEFECTIVE": 50, "CUSTOMER_DAMAGED": 25, "SELLABLE": 25},
        {"QUALITY_UNACCEPTABLE": 100},
        {"CR-QUALITY_UNACCEPTABLE": 100},
    ),
    Cause(
        "missing_parts", "seller", 0.08,
        {"defective": 60, "bad_description": 40},
        {"DEFECTIVE": 50, "CUSTOMER_DAMAGED": 40, "SELLABLE": 10},
        {"MISSING_PARTS": 100},
        {"CR-MISSING_PARTS": 100},
    ),
    Cause(
        "wrong_item", "seller", 0.10,
        {"bad_description": 60, "ordered_wrong": 40},
        {"SELLABLE": 55, "DEFECTIVE": 45},
        {"SWITCHEROO": 100},
        {"CR-SWITCHEROO": 95, "CR-EXTRA_ITEM": 5},
    ),
    Cause(
        "carrier_damage", "carrier", 0.15,
        {"defective": 70, "handling_damage": 30},
        {"CARRIER_DAMAGED": 90, "DEFECTIVE": 10},
        {"DAMAGED_BY_CARRIER": 100},
        {"CR-DAMAGED_BY_CARRIER": 100},
    ),
    Cause(
        "handling_damage", "amazon", 0.15,
        {"defective": 60, "carrier_damage": 40},
        {"DAMAGED": 88, "DEFECTIVE": 12},
        {"DAMAGED_BY_FC": 100},
        {"CR-DAMAGED_BY_FC": 100},
    ),
    Cause(
        "late", "carrier", 0.10,
        {"changed_mind": 100},
        {"SELLABLE": 92, "CUSTOMER_DAMAGED": 8},
        {"MISSED_ESTIMATED_DELIVERY": 100},
        {"CR-MISSED_ESTIMATED_DELIVERY": 97, "AMZ-PG-APP-LATE": 3},
    ),
    Cause(
        "undeliverable", "carrier", 0.05,
        {"changed_mind": 100},
        {"SELLABLE": 95, "CARRIER_DAMAGED": 5},
        {"UNDELIVERABLE_UNKNOWN": 50, "UNDELIVERABLE_REFUSED": 50},
        {"UNDELIVERABLE_UNKNOWN": 100},
    ),
)  # fmt: skip
"""Damage in the seller's own packing is ``handling_damage`` too: there the seller's."""

APPAREL: Weights = {
    "changed_mind": 18, "ordered_wrong": 5, "better_price": 2, "too_small": 22,
    "too_large": 15, "style": 9, "used": 3, "defective": 7, "bad_description": 7,
    "poor_quality": 4, "missing_parts": 1, "wrong_item": 2.5, "carrier_damage": 1.5,
    "handling_damage": 1, "late": 2,
}  # fmt: skip
CAUSES_BY_TABLE: dict[str, Weights] = {
    "apparel": APPAREL,
    "costumes": {**APPAREL, "late": 12, "changed_mind": 26, "used": 7},
    "goods": {
        "changed_mind": 26, "ordered_wrong": 8, "better_price": 3, "used": 5,
        "not_compatible": 8, "defective": 19, "bad_description": 9, "poor_quality": 8,
        "missing_parts": 6, "wrong_item": 3, "carrier_damage": 6,
        "handling_damage": 3, "late": 3, "undeliverable": 1,
    },
}  # fmt: skip

SELLER_PAYS = {
    "defective", "bad_description", "poor_quality", "missing_parts", "wrong_item",
    "carrier_damage", "handling_damage", "late", "undeliverable",
}  # fmt: skip
"""Stated causes whose return label the seller pays; fashion is mostly free anyway."""

STATUS_OF_DISPOSITION: dict[str, Weights] = {
    "SELLABLE": {"Unit returned to inventory": 96, "Repackaged Successfully": 4},
    "CUSTOMER_DAMAGED": {
        "Unit returned to inventory": 70,
        "IMMEDIATE_DONATION": 15,
        "IMMEDIATE_DISPOSAL": 15,
    },
    "DEFECTIVE": {"Unit returned to inventory": 85, "IMMEDIATE_DISPOSAL": 15},
    "CARRIER_DAMAGED": {"Reimbursed": 80, "Unit returned to inventory": 20},
    "DAMAGED": {"Reimbursed": 90, "Unit returned to inventory": 10},
}

RESOLUTIONS: dict[bool, Weights] = {
    True: {
        "StandardRefund": 62, "RefundAtFirstScan": 24, "AutomatedRefund": 4,
        "ReturnlessRefund": 5, "Replacement": 4, "ReturnlessReplacement": 1,
    },
    False: {
        "StandardRefund": 86, "AutomatedRefund": 3,
        "ReturnlessRefund": 6, "Replacement": 4, "ReturnlessReplacement": 1,
    },
}  # fmt: skip
"""By whether the marketplace refunds at the carrier's first scan."""


@dataclass(frozen=True)
class Verdict:
    """How Amazon decides a SAFE-T claim; the amount is a share of the label cost."""

    action: str
    state: str
    weight: float
    label_share: float


VERDICTS = (
    Verdict("INVALID_SELLER_REFUND_OR_DEBIT", "GRANT", 42, 1.0),
    Verdict("ORDER_IN_RE_SELLABLE_CONDITION", "NOGRANT", 40, 0.0),
    Verdict("VALID_DIFFERENT_CONDITION_ITEM_RECEIVED", "GRANT", 8, 2.5),
    Verdict("CLAIM_CLOSED_MORE_INFO_REQUIRED", "NOGRANT", 5, 0.0),
    Verdict("VALID_MISSING_MAIN_ITEM", "GRANT", 2, 3.0),
    Verdict("RETURN_IN_TRANSIT", "NOGRANT", 3, 0.0),
)
