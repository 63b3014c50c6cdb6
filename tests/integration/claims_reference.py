"""Losses that can be claimed, judged one by one. No SQL of the models in here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.integration.kpi_reference import seed
from tests.integration.recovery_reference import NOTHING, Row, Warehouse, grouped

OTHERS = ("buyer", "carrier", "amazon")
RIGHTS_LOST = {
    row["resolution_type"]
    for row in seed("refund_policies")
    if row["has_claim_right"] == "false"
}
REASONS = {"LOST_WAREHOUSE": "fba_lost", "DAMAGED_WAREHOUSE": "fba_damaged"}


def fba_evidence(unit: Row, item: Row) -> str | None:
    """Return what a loss of an fba unit can be shown by."""
    if unit["outcome_code"] == "reimbursed":
        return None
    if unit["match_reason"] == "no_return":
        return "not_returned"
    by_word = item.get("evidence_source") == "disposition"
    fault = item.get("evidenced_fault_party")
    return "damaged_by_amazon" if by_word and fault in OTHERS[1:] else None


def own_evidence(unit: Row, item: Row) -> str | None:
    """Return what a loss of the seller's own channel can be shown by."""
    end = unit["outcome_code"]
    if item.get("safe_t_claim_id") or item.get("safe_t_claim_status"):
        return None
    if not item:
        reason = unit["match_reason"]
        return reason if reason in ("a_to_z", "no_return") else None
    if unit["refund_key"] is None:
        return None
    if item["has_a_to_z_claim"]:
        return "a_to_z" if end != "restocked" else None
    if item["resolution_type"] in RIGHTS_LOST:
        return None
    if item["received_date"] is None and end in ("open", "lost"):
        return None if item["is_returnless"] else "not_received"
    if unit["outcome_source"] == "inspections" and end == "lost":
        return "inspection"
    fault = item["evidenced_fault_party"]
    if item["evidence_source"] != "inspection" or fault not in OTHERS:
        return None
    if end != "restocked":
        return "inspection"
    paid = item["label_payer"] == "seller" and (unit["label_cost_amount"] or 0) > 0
    return "return_label" if fault == "buyer" and paid else None


def rule_of(evidence: str, marketplace: str, day: date) -> dict[str, str]:
    """Return the rule of a loss's day, the marketplace's own first."""
    rows = {
        row["marketplace_code"]: row
        for row in seed("claim_rules")
        if row["evidence_code"] == evidence
        and row["valid_from"] <= day.isoformat() <= row["valid_to"]
    }
    return rows.get(marketplace) or rows["default"]


def loss_amount(unit: Row, basis: str) -> Decimal | None:
    """Return what was lost, by the basis of the rule."""
    if basis == "label":
        return unit["label_cost_amount"]
    if basis == "cost":
        return unit["cost_of_goods_amount"]
    brought: Decimal | None = NOTHING
    if unit["outcome_code"] in ("resold", "liquidated"):
        name = "resale" if unit["outcome_code"] == "resold" else "liquidation"
        brought = unit[f"{name}_amount"]
    paid = unit["refunded_amount"]
    return None if paid is None or brought is None else max(paid - brought, NOTHING)


def chance(loss: Row, today: date) -> Row:
    """Return a loss with its window, state and amount."""
    day = loss["loss_date"]
    rule = rule_of(loss["evidence"], loss["marketplace_code"], day or loss["began"])
    amount = loss_amount(loss, rule["amount_basis"])
    limit = rule["max_amount"]
    if amount is not None and limit and rule["max_currency_code"] == loss["currency"]:
        amount = min(amount, Decimal(limit))
    opens = deadline = None
    if day:
        opens = day + timedelta(days=int(rule["opens_days"]))
        deadline = day + timedelta(days=int(rule["deadline_days"]))
    state = "undated" if deadline is None else "open"
    if deadline and deadline < today:
        state = "expired"
    elif opens and opens > today:
        state = "not_yet_open"
    left = (deadline - today).days if deadline and state != "expired" else None
    return loss | {
        "type": rule["claim_type"], "state": state, "due": amount,
        "deadline": deadline, "left": left, "assumed": rule["is_assumed"] == "true",
    }  # fmt: skip


def warehouse_losses(warehouse: Warehouse) -> Iterator[Row]:
    """Units the ledger lost, used up one by one by what was paid or found."""
    paid: Counter[Any] = Counter()
    for row in warehouse.rows("facts.fct_reimbursements"):
        kind = REASONS.get(row["reimbursement_reason_code"])
        if kind and not row["is_reversal"]:
            units = row["counted_quantity"] - (row["reversed_quantity"] or 0)
            paid[(kind, row["seller_id"], row["sku"])] += units
    blamed = {
        row["disposition_code"]
        for row in seed("dispositions")
        if row["fault_party"] in OTHERS[1:]
    }
    lost: list[tuple[str, int, Row]] = []
    for row in warehouse.rows("facts.fct_inventory_days"):
        if row["place_type"] != "amazon":
            continue
        if row["disposition_code"] in blamed and row["damaged_quantity"] > 0:
            lost.append(("fba_damaged", row["damaged_quantity"], row))
        if row["misplaced_quantity"] < 0:
            lost.append(("fba_lost", -row["misplaced_quantity"], row))
        found = max(row["found_quantity"], 0)
        paid[("fba_lost", row["seller_id"], row["sku"])] += found
    costs = grouped(warehouse.rows("facts.dim_product_versions"), "seller_id", "sku")
    for kind, units, row in sorted(
        lost, key=lambda loss: (loss[2]["inventory_date"], loss[2]["inventory_day_key"])
    ):
        account = (kind, row["seller_id"], row["sku"])
        answered = min(units, paid[account])
        paid[account] -= answered
        if units == answered:
            continue
        day = row["inventory_date"]
        cost = next(
            version
            for version in costs[(row["seller_id"], row["sku"])]
            if version["marketplace_code"] == row["marketplace_code"]
            and version["valid_from_date"] <= day <= version["valid_to_date"]
        )
        yield {
            "seller_id": row["seller_id"], "channel": "fba", "evidence": kind,
            "marketplace_code": row["marketplace_code"], "loss_date": day,
            "began": day, "currency": cost["currency_code"], "sku": row["sku"],
            "cost_of_goods_amount": cost["unit_cost_amount"] * (units - answered),
            "record": row["inventory_day_key"], "units": units - answered,
        }  # fmt: skip


def claim_chances(warehouse: Warehouse) -> list[Row]:
    """Return every loss nobody claimed, on the day its seller's data reaches."""
    today = {
        row["seller_id"]: row["data_as_of_date"]
        for row in warehouse.rows("facts.dim_sellers")
    }
    returns = warehouse.keyed("facts.fct_returns", "return_key")
    losses = list(warehouse_losses(warehouse))
    for unit in warehouse.rows("facts.fct_return_outcomes"):
        if not unit["is_counted"]:
            continue
        item = returns.get(unit["return_key"], {})
        judge = fba_evidence if unit["channel"] == "fba" else own_evidence
        evidence = judge(unit, item)
        if evidence:
            losses.append(
                unit
                | {
                    "evidence": evidence,
                    "loss_date": unit["refunded_date_local"],
                    "began": unit["return_date"],
                    "currency": unit["currency_code"],
                    "record": unit["return_key"] or unit["refund_key"],
                    "units": 1,
                }
            )
    return [chance(loss, today[loss["seller_id"]]) for loss in losses]
