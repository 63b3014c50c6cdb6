"""How returns were judged and refunded, worked out row by row. No SQL in here."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from tests.integration.kpi_reference import month_of, seed

Row = dict[str, Any]
JUDGED = ("agrees", "contradicts")
EXTRA = ("double", "more_units_than_returned")


def began(row: Row) -> date | None:
    """Return the day a return began: of the request, else of the arrival."""
    day: date | None = row["requested_date"] or row["received_date"]
    return day


def parameter(code: str) -> Fraction:
    """Return a parameter's only value."""
    (row,) = (r for r in seed("score_parameters") if r["parameter_code"] == code)
    return Fraction(row["parameter_value"])


TOLERANCE = parameter("full_refund_tolerance")


class Case:
    """One return with everything the rules look at."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.own: list[tuple[Row, Row]] = []
        self.extra: list[tuple[Row, Row]] = []
        self.line: Row | None = None
        self.inspections: list[Row] = []
        self.reimbursed = Fraction(0)

    @property
    def is_refunded(self) -> bool:
        return bool(self.own or self.extra)

    def total(self, *reasons: str) -> Fraction | None:
        """Add up what matches paid; None in another currency than the return's."""
        pairs = self.own + self.extra
        if {r["currency_code"] for _, r in pairs} != {self.row["currency_code"]}:
            return None
        amounts = [
            Fraction(match["matched_amount"])
            for match, _ in pairs
            if not reasons or match["match_reason"] in reasons
        ]
        return sum(amounts, Fraction(0)) if amounts else None

    @property
    def units(self) -> int:
        return sum(match["matched_quantity"] for match, _ in self.own)

    def goods(self, with_tax: bool) -> Fraction:
        """Add up what the own refunds gave back for goods."""
        paid = Fraction(0)
        for match, refund in self.own:
            money = Fraction(refund["principal_amount"])
            money += Fraction(refund["restocking_fee_amount"])
            money += Fraction(refund["tax_amount"]) if with_tax else 0
            units = refund["refunded_quantity"]
            paid += money * (Fraction(match["matched_quantity"], units) if units else 1)
        return paid

    @property
    def price(self) -> Fraction | None:
        """Return the order line's price of the refunded units, if it can be told."""
        line = self.line
        if not line or not line["quantity"] or line["item_amount"] is None:
            return None
        currencies = {refund["currency_code"] for _, refund in self.own}
        if not currencies == {line["currency_code"]} == {self.row["currency_code"]}:
            return None
        price = Fraction(line["item_amount"]) / line["quantity"] * self.units
        return price if price > 0 else None

    def fee(self) -> tuple[Fraction, Fraction] | None:
        """Return the fee that could be kept and what was; None without a rule."""
        rules = seed("restocking_fees")
        places = {rule["marketplace_code"] for rule in rules}
        seen = [i for i in self.inspections if i["marketplace_code"] in places]
        if self.row["channel"] != "mfn" or not seen or not self.price or not self.units:
            return None
        shares = {
            (rule["marketplace_code"], rule["inspection_outcome_code"]): Fraction(
                rule["fee_share"]
            )
            for rule in rules
        }
        units = sum(
            i["linked_quantity"]
            * shares.get((i["marketplace_code"], i["inspection_outcome_code"]), 0)
            for i in seen
        )
        kept = max(self.price - self.goods(with_tax=False), Fraction(0))
        if self.row["evidenced_fault_party"] != "buyer":
            return Fraction(0), kept
        worse = min(Fraction(units), Fraction(self.units))
        return self.price * worse / self.units, kept

    @property
    def waived(self) -> Fraction | None:
        """Return the fee that could have been kept and was not."""
        fee = self.fee()
        if fee is None or self.price is None:
            return None
        waived = fee[0] - fee[1]
        return waived if waived > self.price * TOLERANCE else Fraction(0)

    @property
    def above_price(self) -> Fraction:
        """Return what exceeds the price by more than the tolerance."""
        if self.price is None:
            return Fraction(0)
        above = self.goods(with_tax=False) - self.price
        return above if above > self.price * TOLERANCE else Fraction(0)

    @property
    def owing_label_payer(self) -> str:
        """Return who owes the label: a finding before the marketplace's table."""
        row = self.row
        if row["attribution_verdict"] in JUDGED:
            if row["evidence_source"] == "payer":
                return "unassigned"
            if row["evidenced_fault_party"] == "seller":
                return "seller"
            if (row["attribution_verdict"], row["evidenced_fault_party"]) == (
                "contradicts",
                "buyer",
            ):
                return "buyer"
        return str(row["expected_label_payer"])


def cases_of(tables: dict[str, list[Row]]) -> dict[str, Case]:
    """Put what belongs to each return beside it; keys are return keys."""
    cases = {row["return_key"]: Case(row) for row in tables["fct_returns"]}
    refunds = {row["refund_key"]: row for row in tables["fct_refunds"]}
    lines = {row["order_line_key"]: row for row in tables["fct_order_lines"]}
    first: dict[Any, Case] = {}
    for case in sorted(
        cases.values(), key=lambda c: (began(c.row) or date.max, c.row["return_key"])
    ):
        first.setdefault(_item(case.row), case)
        case.line = lines.get(case.row["order_line_key"])
    for match in tables["fct_return_refund_matches"]:
        refund = refunds.get(match["refund_key"])
        if refund and match["return_key"]:
            cases[match["return_key"]].own.append((match, refund))
        elif refund and match["match_reason"] in EXTRA and _item(match) in first:
            first[_item(match)].extra.append((match, refund))
    for row in tables["fct_inspections"]:
        if row["is_counted"] and row["return_key"]:
            cases[row["return_key"]].inspections.append(row)
    for row in tables["fct_return_outcomes"]:
        owner = cases.get(row["return_key"])
        if owner and row["currency_code"] == owner.row["currency_code"]:
            owner.reimbursed += Fraction(row["reimbursed_amount"] or 0)
    return cases


def _item(row: Row) -> tuple[Any, ...]:
    return row["seller_id"], row["amazon_order_id"], row["sku"]


Finding = dict[str, Any]


def judge(case: Case) -> dict[str, Finding]:
    """Ask each rule it can answer; amounts are exact, None where not known."""
    row, found = case.row, {}
    stated, shown = row["stated_fault_party"], row["evidenced_fault_party"]
    if (
        (row["received_date"] or row["safe_t_claim_id"])
        and (row["label_cost_amount"] or 0) > 0
        and row["label_payer"] in ("buyer", "seller")
        and case.owing_label_payer in ("buyer", "seller")
    ):
        is_wrong = row["label_payer"] != case.owing_label_payer
        found["label_paid_by_wrong_party"] = _finding(
            is_wrong, row["label_cost_amount"], row["label_payer"]
        )
    if case.price is not None:
        too_much = (case.total(*EXTRA) or 0) + case.above_price
        found["refund_above_policy"] = _finding(too_much > 0, too_much)
    if row["has_stated_policy"] and not row["is_in_policy"]:
        found["out_of_policy_accepted"] = _finding(case.is_refunded, case.total())
    if row["attribution_verdict"] in JUDGED and "unassigned" not in (stated, shown):
        is_broken = shown in ("amazon", "carrier")
        goods = case.goods(with_tax=False) if case.own else None
        found["wrong_party_blamed"] = _finding(
            stated != shown, goods if is_broken else 0, None if is_broken else stated
        )
    if case.waived is not None:
        found["restocking_fee_waived"] = _finding(case.waived > 0, case.waived)
    _share_out(case, found)
    return found


def _finding(is_wrong: bool, amount: Any, bearer: str | None = None) -> Finding:
    known = None if amount is None else Fraction(amount)
    return {
        "is_misjudged": is_wrong,
        "at_stake": known if is_wrong else Fraction(0),
        "bearer": bearer or "seller",
        "misjudged": None,
        "recovered": None,
    }


def _share_out(case: Case, found: dict[str, Finding]) -> None:
    """Let the findings take their parts of the refund, and of what came back."""
    left = {"label": None, "refund": case.total()}
    back = Fraction(case.row["claim_amount"] or 0) + case.reimbursed
    classes = sorted(seed("misjudgement_classes"), key=lambda r: int(r["class_order"]))
    for rule in classes:
        finding = found.get(rule["misjudgement_class"])
        if not finding or not finding["is_misjudged"] or finding["at_stake"] is None:
            continue
        part = finding["at_stake"]
        pool = left[rule["money_type"]]
        if rule["money_type"] == "refund":
            part = min(part, max(pool or Fraction(0), Fraction(0)))
            left["refund"] = None if pool is None else pool - finding["at_stake"]
        finding["misjudged"] = part
        finding["recovered"] = Fraction(0)
        if finding["bearer"] == "seller":
            finding["recovered"] = min(part, max(back, Fraction(0)))
            back -= part


def findings_by_return(
    tables: dict[str, list[Row]],
) -> dict[str, tuple[Case, dict[str, Finding]]]:
    """Judge every counted return that began on a known day."""
    return {
        key: (case, judge(case))
        for key, case in cases_of(tables).items()
        if case.row["is_counted"] and began(case.row)
    }


def place_of(row: Row) -> tuple[Any, ...]:
    """Return seller, marketplace, channel and month of a return."""
    day = began(row)
    assert day
    return row["seller_id"], row["marketplace_code"], row["channel"], month_of(day)


def grouped(rows: Any, key: Any) -> dict[Any, list[Any]]:
    """Put rows with the same key together."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
