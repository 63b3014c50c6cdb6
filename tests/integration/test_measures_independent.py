"""The long table of measures against the marts and plain arithmetic, row by row.

Where a mart states a measure's share itself, the long table must have the same number
for the same place: that holds numerators and denominators together. Members `all` are
added up in a loop; intervals, changes and verdicts are worked out from textbook forms.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, seed, share, wilson

Row = dict[str, Any]
LISTED = {row["measure_code"]: row for row in seed("measures")}
KEY = (
    "seller_id", "marketplace_code", "channel", "month_start_date", "measure_code",
    "currency_code",
)  # fmt: skip
STAGES = {
    "received_within_target_share": "request_to_receipt",
    "refunded_within_target_share": "receipt_to_refund",
    "handled_within_target_share": "request_to_refund",
}
# The mart's own column for a measure, where it states one for its place and month.
STATED = {
    "reason_attribution_share": ("reason_attribution", "attribution_share"),
    "judged_returns_share": ("reason_attribution", "judged_share"),
    "refunds_on_time_share": ("refund_speed", "on_time_share"),
    "partial_refunds_share": ("refund_speed", "partial_share"),
    "double_refunds_share": ("refund_speed", "double_share"),
    "buyer_satisfaction_share": ("buyer_satisfaction", "satisfaction_rate"),
    "negative_return_feedback_share": (
        "buyer_satisfaction", "negative_return_feedback_rate",
    ),
    "negative_feedback_share": ("feedback", "negative_share"),
    "feedback_answered_share": ("feedback", "responded_share"),
    "contacts_answered_in_24_hours_share": (
        "contact_response", "within_24_hours_share",
    ),
    "contacts_answered_in_48_hours_share": (
        "contact_response", "within_48_hours_share",
    ),
    "late_response_share": ("return_dissatisfaction", "late_response_rate"),
    "invalid_rejection_share": ("return_dissatisfaction", "invalid_rejection_rate"),
    "return_dissatisfaction_share": ("return_dissatisfaction", "dissatisfaction_rate"),
    "negative_return_request_feedback_share": (
        "return_dissatisfaction", "negative_return_feedback_rate",
    ),
    "conforming_returns_share": ("process_conformance", "conforming_share"),
    "reworked_returns_share": ("process_conformance", "rework_share"),
    "person_handoffs_per_return": ("process_conformance", "person_handoffs_per_return"),
    "system_handoffs_per_return": ("process_conformance", "system_handoffs_per_return"),
    "first_response_median_hours": ("contact_response", "first_response_p50_hours"),
    "first_response_p90_hours": ("contact_response", "first_response_p90_hours"),
    "resolution_median_hours": ("contact_response", "resolution_p50_hours"),
    "score": ("score_bands", "score"),
}  # fmt: skip
# The same by currency: compared where a place has one currency only.
BY_CURRENCY = {
    "units_sold_again_share": ("recovery", "sold_again_share"),
    "units_destroyed_share": ("recovery", "destroyed_share"),
    "units_sold_off_share": ("recovery", "low_price_share"),
    "recovered_value": ("recovery", "recovered_amount"),
    "written_off": ("recovery", "write_off_amount"),
    "forgone_value": ("recovery", "forgone_amount"),
    "automatic_refunds_share": ("automatic_refunds", "automatic_share"),
    "claim_rights_lost_share": ("automatic_refunds", "right_lost_share"),
    "net_cash": ("return_balance", "net_cash_amount"),
    "refunded": ("return_balance", "refunded_amount"),
    "reimbursed": ("return_balance", "reimbursed_amount"),
}


class Warehouse:
    """Rows of the demo run's tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, relation: str) -> list[Row]:
        result = self._connection.execute(f"from {relation}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Warehouse(connection)


@pytest.fixture(scope="module")
def measures(warehouse: Warehouse) -> dict[tuple[Any, ...], Row]:
    table = warehouse.rows("marts.kpi_measures_by_marketplace_month")
    return {tuple(row[name] for name in KEY): row for row in table}


def number(value: Any) -> float | None:
    return None if value is None else float(value)


def test_every_listed_measure_has_values(measures: dict[Any, Row]) -> None:
    valued = {key[4] for key, row in measures.items() if row["measure_value"]}
    counted = {key[4] for key in measures}
    assert counted <= set(LISTED)
    rare = set(LISTED) - valued
    assert len(LISTED) >= 90
    # what a small demo business may do without; each has a mart test of its own
    assert len(rare) <= len(LISTED) // 10, sorted(rare)


def test_values_are_what_the_marts_state(
    warehouse: Warehouse, measures: dict[Any, Row]
) -> None:
    compared: Counter[str] = Counter()
    for code, (mart, column) in {**STATED, **BY_CURRENCY}.items():
        table = warehouse.rows(f"marts.kpi_{mart}_by_marketplace_month")
        places = Counter(tuple(row[name] for name in KEY[:4]) for row in table)
        for row in table:
            place = tuple(row[name] for name in KEY[:4])
            if places[place] > 1:
                continue
            money = LISTED[code]["unit_name"] == "money"
            currency = row["currency_code"] if money else "none"
            found = measures[*place, code, currency]["measure_value"]
            wanted = number(row[column])
            assert close(found, wanted, 1e-5), (code, place)
            compared[code] += wanted is not None
    assert set(compared) == {*STATED, *BY_CURRENCY}
    assert sum(count > 0 for count in compared.values()) > len(compared) * 0.8


def test_stages_and_rates_are_taken_from_their_own_rows(
    warehouse: Warehouse, measures: dict[Any, Row]
) -> None:
    stages = {stage: code for code, stage in STAGES.items()}
    for row in warehouse.rows("marts.kpi_handling_time_by_marketplace_month"):
        if row["stage_code"] in stages:
            place = tuple(row[name] for name in KEY[:4])
            found = measures[*place, stages[row["stage_code"]], "none"]
            wanted = number(row["within_target_share"])
            assert close(found["measure_value"], wanted), place
            known = row["case_count"] + row["unknown_count"]
            assert close(found["coverage_share"], share(row["case_count"], known))
    rated = 0
    for row in warehouse.rows("marts.kpi_return_rate_by_marketplace_month"):
        key = (*(row[n] for n in KEY[:3]), row["order_month_start_date"])
        known = row["is_mature"] and row["return_rate"] is not None
        assert ((*key, "return_rate", "none") in measures) == known, key
        if known:
            found = measures[*key, "return_rate", "none"]["measure_value"]
            assert close(found, float(row["return_rate"])), key
            rated += 1
    assert rated > 5


def test_all_is_the_sum_of_its_members(measures: dict[Any, Row]) -> None:
    sums: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    parts = ("numerator_value", "denominator_value")
    for (seller, place, channel, *rest), row in measures.items():
        if LISTED[row["measure_code"]]["method_code"] == "stated":
            continue
        if "all" in (place, channel):
            continue
        for member in ((place, "all"), ("all", channel), ("all", "all")):
            for name in parts:
                sums[seller, *member, *rest][name].append(row[name])
    expected = {key for key in measures if "all" in key[1:3]
                and LISTED[key[4]]["method_code"] != "stated"}  # fmt: skip
    assert set(sums) == expected
    for key, values in sums.items():
        for name in parts:
            known = [value for value in values[name] if value is not None]
            assert measures[key][name] == (sum(known) if known else None), (key, name)


def test_intervals_are_wilsons(measures: dict[Any, Row]) -> None:
    for key, row in measures.items():
        method = LISTED[key[4]]["method_code"]
        top, bottom = row["numerator_value"], row["denominator_value"]
        if method == "sum":
            assert row["measure_value"] == top
        elif method != "stated":
            value = (
                share(float(top), float(bottom)) if top is not None and bottom else None
            )
            assert close(row["measure_value"], value, 1e-5), key
        if method == "share" and top is not None:
            low, high = wilson(float(top), float(bottom))
            assert close(row["measure_value_low"], low), key
            assert close(row["measure_value_high"], high), key


def changed(now: Row, then: Row | None) -> dict[str, Any]:
    """Return the change, its interval by Newcombe's formula and what it is called."""
    if then is None or now["measure_value"] is None or then["measure_value"] is None:
        return {"change": None, "low": None, "status": "nothing_to_compare"}
    new, old = (
        [row[f"measure_value{end}"] for end in ("", "_low", "_high")]
        for row in (now, then)
    )
    change = float(new[0] - old[0])
    rule = LISTED[now["measure_code"]]
    status, low, high = "not_tested", None, None
    if None not in (*new, *old):
        p, l1, u1 = map(float, new)
        q, l2, u2 = map(float, old)
        low = change - math.hypot(p - l1, u2 - q)
        high = change + math.hypot(u1 - p, q - l2)
        good = rule["is_higher_better"] == "true"
        status = "unclear"
        if round(low, 6) > 0:
            status = "better" if good else "worse"
        elif round(high, 6) < 0:
            status = "worse" if good else "better"
    if rule["is_judged"] != "true":
        status = "not_judged"
    return {"change": change, "low": low, "high": high, "status": status}


@pytest.mark.parametrize(("span", "months"), [("previous_month", 1), ("last_year", 12)])
def test_changes_have_newcombes_interval(
    measures: dict[Any, Row], span: str, months: int
) -> None:
    statuses: Counter[str] = Counter()
    for key, row in measures.items():
        number = key[3].year * 12 + key[3].month - 1 - months
        earlier = date(number // 12, number % 12 + 1, 1)
        wanted = changed(row, measures.get((*key[:3], earlier, *key[4:])))
        assert row[f"{span}_status"] == wanted["status"], key
        assert close(row[f"{span}_change"], wanted["change"], 2e-6), key
        assert close(row[f"{span}_change_low"], wanted["low"], 1e-4), key
        statuses[wanted["status"]] += 1
    assert statuses["unclear"] > 100
    assert statuses["nothing_to_compare"] > 100


def test_skus_add_up_to_their_marts(warehouse: Warehouse) -> None:
    """Every row by SKU is the sum of its SKU marts, and of nothing else."""
    currency = {
        row["marketplace_code"]: row["currency_code"]
        for row in warehouse.rows("facts.dim_marketplaces")
    }
    taken = {
        "reason_attribution": {"return_count": "return_count",
                               "judged_count": "judged_count"},
        "return_causes": {"controllable_return_count": "controllable_return_count"},
        "handling_time": {"due_count": "handling_due_count"},
        "refund_speed": {"due_count": "refund_due_count",
                         "late_count": "refund_late_count"},
        "recovery": {"unit_count": "unit_count", "net_loss_amount": "net_loss_amount"},
        "misjudged_money": {"misjudged_amount": "misjudged_amount"},
        "return_rate": {"ordered_quantity": "ordered_quantity"},
    }  # fmt: skip
    sums: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for mart, columns in taken.items():
        for row in warehouse.rows(f"marts.kpi_{mart}_by_sku_month"):
            if row.get("stage_code", "request_to_refund") != "request_to_refund":
                continue
            key = (
                *(row[name] for name in KEY[:3]),
                row.get("month_start_date") or row["order_month_start_date"],
                row["sku"] or "unknown",
                row.get("currency_code")
                or currency[row["marketplace_code"]]
                or "unknown",
            )
            for column, name in columns.items():
                if row[column] is not None:
                    sums[key][name].append(row[column])
                else:
                    sums[key].setdefault(name, [])
    table = {
        tuple(row[name] for name in (*KEY[:4], "sku", "currency_code")): row
        for row in warehouse.rows("marts.kpi_returns_by_sku_month")
    }
    assert set(table) == set(sums)
    names = [name for columns in taken.values() for name in columns.values()]
    for key, row in table.items():
        for name in names:
            values = sums[key].get(name)
            assert row[name] == (sum(values) if values else None), (key, name)
