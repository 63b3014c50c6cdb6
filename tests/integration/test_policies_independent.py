"""Simulated policies against plain Python: every row, case by case.

Means and spreads come from lists of cases, not from the sums the marts keep.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import Z, close, seed, wilson
from tests.integration.projection_reference import (
    Row,
    month_after,
    place_of,
    rows_of,
)

Tables = dict[str, list[Row]]
Range = tuple[float, float, float]
READ = {
    "facts": [
        "dim_cohort_months",
        "dim_products",
        "fct_order_lines",
        "fct_policy_units",
        "fct_return_outcomes",
        "fct_return_recoveries",
        "fct_returns",
    ],
    "marts": [
        "kpi_return_insurance_by_category_month",
        "kpi_returnless_policy_by_category_month",
        "kpi_trusted_returns_by_segment_month",
    ],
}
ASSUMED: dict[str, Range] = {
    row["assumption_code"]: (
        float(row["low_value"]),
        float(row["assumed_value"]),
        float(row["high_value"]),
    )
    for row in seed("policy_assumptions")
}
MONTHS = int(ASSUMED["policy_window_months"][1])


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> Tables:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        return {
            name: rows_of(connection, f"{schema}.{name}")
            for schema, names in READ.items()
            for name in names
        }


def windows(
    cases: list[tuple[str, date, tuple[Any, ...], Any]],
) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Yield the cases of each seller, month and cell over the months up to it."""
    cells: dict[Any, dict[date, list[Any]]] = defaultdict(lambda: defaultdict(list))
    months: dict[str, set[date]] = defaultdict(set)
    for seller, month, cell, case in cases:
        cells[seller, cell][month].append(case)
        months[seller].add(month)
    for (seller, cell), by_month in cells.items():
        for month in months[seller]:
            within = [
                case
                for past, listed in by_month.items()
                if month_after(month, -MONTHS) < past <= month
                for case in listed
            ]
            if within:
                yield (seller, month, *cell), within


def money(*amounts: Any) -> float:
    """Return the sum of what is known."""
    return sum(float(amount) for amount in amounts if amount is not None)


def cents(found: Any, expected: float | None) -> bool:
    """Tell whether an amount of the mart is the expected one to a cent."""
    return close(found, expected, 0.0101)


def test_what_a_unit_cost_its_seller(tables: Tables) -> None:
    """Each unit's cost, price band and judgement, from the facts it is made of."""
    returns = {row["return_key"]: row for row in tables["fct_returns"]}
    lines = {row["order_line_key"]: row for row in tables["fct_order_lines"]}
    refunds = {
        r["unit_key"]: r["refunded_amount"] for r in tables["fct_return_outcomes"]
    }
    units = {row["unit_key"]: row for row in tables["fct_policy_units"]}
    bands = seed("value_bands")
    for unit in tables["fct_return_recoveries"]:
        if not unit["is_counted"] or not unit["return_key"]:
            assert unit["unit_key"] not in units
            continue
        row, source = units.pop(unit["unit_key"]), returns[unit["return_key"]]
        label = unit["label_cost_amount"]
        if source["label_payer"] in ("buyer", "amazon"):
            assert label == 0
        names = ("handling_cost", "charged_fee", "removal_fee", "write_off")
        spent = [unit[f"{name}_amount"] for name in names]
        expected = money(label, *spent) - money(unit["claim_amount"])
        assert cents(row["own_cost_amount"], expected)
        assert row["refunded_amount"] == refunds[unit["unit_key"]]
        line = lines.get(source["order_line_key"])
        price = None
        if line and line["item_amount"] is not None:
            price = float(line["item_amount"]) / line["quantity"]
        assert cents(row["unit_price_amount"], price)
        band = [
            b["value_band_code"]
            for b in bands
            if b["currency_code"] == row["currency_code"]
            and row["unit_price_amount"] is not None
            and float(b["lower_amount"]) <= float(row["unit_price_amount"])
            and float(row["unit_price_amount"]) < float(b["upper_amount"])
        ]
        assert [row["value_band_code"]] == (band or ["unknown"])
        assert row["is_refused"] == (source["return_status"] == "rejected")
        told = source["attribution_verdict"] in ("agrees", "contradicts")
        decided = row["is_refused"] or row["is_outside_policy"] or told
        assert row["is_judged"] == decided
    assert not units


def test_returnless_policy_of_every_cell(tables: Tables) -> None:
    cases = []
    for unit in tables["fct_policy_units"]:
        if not unit["is_returnless_candidate"]:
            continue
        saved = money(
            unit["own_label_amount"],
            unit["handling_cost_amount"],
            unit["removal_fee_amount"],
        )
        forgone = money(unit["recovered_amount"], unit["claim_amount"])
        case = saved, forgone, float(unit["refunded_amount"])
        for category in (unit["category_name"], "all"):
            for family in (unit["return_reason_family"], "all"):
                cell = (*place_of(unit)[1:], category, family)
                cell = (*cell, unit["value_band_code"], unit["currency_code"])
                month = unit["month_start_date"]
                cases.append((unit["seller_id"], month, cell, case))
    expected = dict(windows(cases))
    low, likely, high = ASSUMED["returnless_extra_share"]
    verdicts: Counter[str] = Counter()
    for row in tables["kpi_returnless_policy_by_category_month"]:
        place = row["seller_id"], row["month_start_date"], *place_of(row)[1:]
        cell = (*place, row["category_name"], row["return_reason_family"])
        found = expected.pop((*cell, row["value_band_code"], row["currency_code"]))
        assert row["unit_count"] == len(found)
        nets = [
            sum(saved - forgone - extra * refund for saved, forgone, refund in found)
            for extra in (likely, high, low)
        ]
        names = ("net_amount", "net_low_amount", "net_high_amount")
        assert all(cents(row[n], net) for n, net in zip(names, nets, strict=True))
        each = [saved - forgone - likely * refund for saved, forgone, refund in found]
        ends: list[float | None] = [None, None]
        if len(each) > 1:
            distance = Z * statistics.stdev(each) / math.sqrt(len(each))
            ends = [statistics.fmean(each) + side * distance for side in (-1, 1)]
        assert cents(row["mean_net_low_amount"], ends[0])
        assert cents(row["mean_net_high_amount"], ends[1])
        verdict = "too_few"
        if len(found) >= ASSUMED["policy_minimum_units"][1]:
            pays = nets[1] > 0 and (ends[0] or 0) > 0
            costs = nets[2] < 0 and (ends[1] or 0) < 0
            verdict = "pays" if pays else "costs" if costs else "unclear"
        verdicts[verdict] += 1
        assert row["policy_verdict_code"] == verdict
    assert not expected
    assert verdicts["too_few"]


def test_insurance_of_every_category(tables: Tables) -> None:
    mature = {
        (place_of(row), row["order_month_start_date"])
        for row in tables["dim_cohort_months"]
        if row["is_mature"]
        and row["has_order_coverage"]
        and row["has_return_coverage"]
        and row["has_matched_returns"]
    }
    categories = {
        (row["seller_id"], row["sku"]): (row["category_name"] or "unknown").lower()
        for row in tables["dim_products"]
    }
    costs: Counter[Any] = Counter()
    for unit in tables["fct_policy_units"]:
        key = unit["order_line_key"], unit["currency_code"]
        costs[key] += max(float(unit["own_cost_amount"]), 0)
    cases = []
    for line in tables["fct_order_lines"]:
        month, currency = line["order_month_start_date"], line["currency_code"]
        if line["is_counted"] and (place_of(line), month) in mature and currency:
            case = line["quantity"], costs[line["order_line_key"], currency]
            for category in (categories[line["seller_id"], line["sku"]], "all"):
                cell = (*place_of(line)[1:], category, currency)
                cases.append((line["seller_id"], month, cell, case))
    expected = dict(windows(cases))
    extra, kept = ASSUMED["insured_extra_share"], ASSUMED["insurer_expense_share"]
    for row in tables["kpi_return_insurance_by_category_month"]:
        place = row["seller_id"], row["month_start_date"], *place_of(row)[1:]
        found = expected.pop((*place, row["category_name"], row["currency_code"]))
        units, spent = (sum(part) for part in zip(*found, strict=True))
        assert row["ordered_quantity"] == units
        assert cents(row["return_cost_amount"], spent)
        mean = spent / units
        rest = math.sqrt(sum((cost - mean * quantity) ** 2 for quantity, cost in found))
        ends = [max(mean + side * Z * rest / units, 0) for side in (-1, 1)]
        fair = [
            ends[0] * (1 + extra[0]),
            mean * (1 + extra[1]),
            ends[1] * (1 + extra[2]),
        ]
        names = ("fair_premium_low", "fair_premium", "fair_premium_high")
        for name, premium in zip(names, fair, strict=True):
            assert close(row[name], premium, 0.001)
        net = spent - units * fair[1] / (1 - kept[1])
        assert close(row["net_amount"], net, 0.02)
        assert close(row["premium"], fair[1] / (1 - kept[1]), 0.001)
    assert not expected


def test_trust_in_every_segment(tables: Tables) -> None:
    cases = []
    for unit in tables["fct_policy_units"]:
        if unit["is_requested"] and unit["channel"] != "fba":
            for band in (unit["value_band_code"], "all"):
                cell = (*place_of(unit)[1:], unit["buyer_type"], band)
                cell = (*cell, unit["currency_code"])
                month = unit["month_start_date"]
                cases.append((unit["seller_id"], month, cell, unit))
    expected = dict(windows(cases))
    more, work = ASSUMED["trusted_extra_share"], ASSUMED["approval_work_ratio"]
    limit = ASSUMED["trusted_bad_share_limit"][1]
    for row in tables["kpi_trusted_returns_by_segment_month"]:
        place = row["seller_id"], row["month_start_date"], *place_of(row)[1:]
        cell = (*place, row["buyer_type"], row["value_band_code"], row["currency_code"])
        found = expected.pop(cell)
        bad = [
            unit
            for unit in found
            if unit["is_refused"] or unit["is_outside_policy"] or unit["is_misstated"]
        ]
        judged = [unit for unit in found if unit["is_judged"]]
        counts = row["request_count"], row["judged_count"], row["bad_count"]
        assert counts == (len(found), len(judged), len(bad))
        low, high = wilson(len(bad), len(judged))
        assert close(row["bad_share_low"], low) and close(row["bad_share_high"], high)
        trust = "trusted" if high is not None and high <= limit else "unclear"
        assert row["trust_code"] == ("not_trusted" if (low or 0) > limit else trust)
        handling = money(*(unit["handling_rate_amount"] for unit in found))
        if all(unit["handling_rate_amount"] is None for unit in found):
            assert row["saved_amount"] is None and row["net_amount"] is None
            continue
        refused = sum(
            money(
                unit["refunded_amount"]
                if unit["unit_price_amount"] is None
                else unit["unit_price_amount"]
            )
            for unit in found
            if unit["is_refused"]
        )
        cost = max(money(*(unit["own_cost_amount"] for unit in found)), 0)
        nets = [
            work[saved] * handling - refused - more[lost] * cost
            for saved, lost in ((1, 1), (0, 2), (2, 0))
        ]
        names = ("net_amount", "net_low_amount", "net_high_amount")
        assert all(cents(row[n], net) for n, net in zip(names, nets, strict=True))
    assert not expected
