"""Every row of ship months, processing fee and badge risk against plain Python."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, seed, share, wilson
from tests.integration.projection_reference import (
    HISTORY_MONTHS,
    MATURITY_DAYS,
    PARAMETERS,
    Delays,
    Row,
    covered_until,
    month_after,
    month_end,
    place_of,
    project,
    returned_day,
    rows_of,
    units_of_orders,
)

Tables = dict[str, list[Row]]
Cohort = dict[str, Any]
KEY = ("seller_id", "marketplace_code", "channel", "month_start_date", "sku")
READ = {
    "facts": [
        "fct_order_lines",
        "fct_returns",
        "dim_cohort_months",
        "dim_report_days",
        "dim_sellers",
        "dim_products",
    ],
    "marts": [
        "kpi_ship_cohorts_by_sku_month",
        "kpi_ship_projections_by_sku_month",
        "kpi_return_fees_by_sku_month",
        "kpi_return_badge_risk_by_sku_month",
    ],
}


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> Tables:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        return {
            name: rows_of(connection, f"{schema}.{name}")
            for schema, names in READ.items()
            for name in names
        }


@pytest.fixture(scope="module")
def delays(tables: Tables) -> Delays:
    units = units_of_orders(tables["fct_order_lines"], tables["fct_returns"])
    known = {key for key, is_known in months_of(tables).items() if is_known}
    return Delays(units, known)


def months_of(tables: Tables) -> dict[Any, bool]:
    return {
        (place_of(row), row["order_month_start_date"]): row["has_order_coverage"]
        and row["has_return_coverage"]
        and row["has_matched_returns"]
        for row in tables["dim_cohort_months"]
    }


def days_of_lines(returns: list[Row]) -> dict[Any, list[date]]:
    days: dict[Any, list[date]] = defaultdict(list)
    for row in returns:
        if row["is_counted"] and row["order_line_key"]:
            days[row["order_line_key"]] += [returned_day(row)] * row[
                "returned_quantity"
            ]
    return days


@pytest.fixture(scope="module")
def cohorts(tables: Tables, delays: Delays) -> dict[tuple[Any, ...], Cohort]:
    """Shipped units of every SKU and month, with what came back in their window."""
    months = months_of(tables)
    until = covered_until(tables["dim_report_days"])
    ends = {row["seller_id"]: row["data_as_of_date"] for row in tables["dim_sellers"]}
    categories = {
        (row["seller_id"], row["sku"]): row["category_name"] or "unknown"
        for row in tables["dim_products"]
    }
    days: dict[Any, list[date]] = defaultdict(list)
    for row in tables["fct_returns"]:
        if row["is_counted"] and row["order_line_key"]:
            days[row["order_line_key"]] += [returned_day(row)] * row[
                "returned_quantity"
            ]
    found: dict[Any, Cohort] = {}
    for line in tables["fct_order_lines"]:
        shipped, place = line["shipped_date_local"], place_of(line)
        if not line["is_counted"] or not shipped:
            continue
        month = month_of(shipped)
        if (place, month) not in months:
            continue
        window_end, known_until = month_end(month_after(month, 2)), until.get(place)
        is_over = known_until is not None and known_until >= window_end
        cohort = found.setdefault(
            (*place, month, line["sku"]),
            Counter(is_known=months[place, month], is_over=is_over),
        )
        cohort["window_end"] = window_end
        cohort["category"] = categories[line["seller_id"], line["sku"]].lower()
        back = days[line["order_line_key"]]
        in_window = [day for day in back if day <= window_end]
        cohort["shipped"] += line["quantity"]
        cohort["back"] += min(len(in_window), line["quantity"])
        cohort["all_back"] += min(len(back), line["quantity"])
        scope = place[0], place[2], "ship"
        sample, age = Counter[int](), 0
        if known_until:
            sample = delays.sample(scope, month_of(known_until), ends[place[0]])
            age = min((known_until - shipped).days, MATURITY_DAYS)
        cohort["delays"] = sample.total()
        shown = sum(n for took, n in sample.items() if took <= age)
        cohort["shown"] += line["quantity"] * (
            1 if is_over else shown / sample.total() if sample else math.nan
        )
    return found


def test_ship_months_of_every_sku(
    tables: Tables, cohorts: dict[tuple[Any, ...], Cohort]
) -> None:
    mart = {
        tuple(row[name] for name in KEY): row
        for row in tables["kpi_ship_cohorts_by_sku_month"]
    }
    assert set(mart) == set(cohorts)
    for key, cohort in cohorts.items():
        row = mart[key]
        assert row["shipped_quantity"] == cohort["shipped"]
        assert row["returned_quantity"] == cohort["back"]
        assert row["late_returned_quantity"] == cohort["all_back"] - cohort["back"]
        assert row["window_end_date"] == cohort["window_end"]
        assert row["is_window_over"] == cohort["is_over"]
        assert row["is_rate_known"] == cohort["is_known"]
        assert row["category_name"] == cohort["category"]
        shown = None if math.isnan(cohort["shown"]) else cohort["shown"]
        assert close(row["developed_units"], shown, 0.001)
        assert close(row["returned_share"], cohort["back"] / cohort["shipped"])


@pytest.fixture(scope="module")
def usual(cohorts: dict[tuple[Any, ...], Cohort]) -> dict[Any, tuple[int, int]]:
    """Units and returns of each category's closed months."""
    newest: dict[Any, date] = {}
    for key in cohorts:
        newest[key[:3]] = max(newest.get(key[:3], date.min), key[3])
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for key, cohort in cohorts.items():
        oldest = month_after(newest[key[:3]], -HISTORY_MONTHS - 3)
        if cohort["is_over"] and cohort["is_known"] and key[3] >= oldest:
            units = found[(*key[:3], cohort["category"])]
            units[0] += cohort["shipped"]
            units[1] += cohort["back"]
    return {key: (units, back) for key, (units, back) in found.items()}


def test_projection_of_every_sku(
    tables: Tables,
    cohorts: dict[tuple[Any, ...], Cohort],
    usual: dict[Any, tuple[int, int]],
) -> None:
    projected = 0
    for row in tables["kpi_ship_projections_by_sku_month"]:
        key = tuple(row[name] for name in KEY)
        cohort = cohorts[key]
        history = usual.get((*key[:3], cohort["category"]))
        enough = cohort["delays"] >= PARAMETERS["minimum_delay_units"]
        low, high = row["projected_low_quantity"], row["projected_high_quantity"]
        if cohort["is_known"] and cohort["is_over"]:
            back = cohort["back"]
            assert (row["projected_units"], low, high) == (back, back, back)
        elif not cohort["is_known"] or not history or not enough:
            assert (row["projected_units"], low, high) == (None, None, None)
        else:
            expected = project(
                cohort["shipped"],
                cohort["back"],
                cohort["shown"],
                (history[1] / history[0], PARAMETERS["sku_prior_strength"]),
                cohort["delays"],
            )
            assert close(row["projected_units"], expected.expected, 0.005), key
            assert expected.holds(low, high, cohort["shipped"]), key
            projected += 1
    assert projected
    assert len(tables["kpi_ship_projections_by_sku_month"]) == len(cohorts)


def status_and_free_units(
    rule: dict[str, str] | None, shipped: int
) -> tuple[str, int | None]:
    """Return what the rule of the seed makes of the units shipped in a month."""
    if not rule:
        return "no_rule", None
    if shipped < int(rule["exempt_below_quantity"]):
        return "exempt", shipped
    if rule["is_every_unit_charged"] == "true":
        return "every_unit", 0
    if not rule["threshold_share"]:
        return "threshold_unknown", None
    return "threshold", math.floor(float(rule["threshold_share"]) * shipped + 1e-9)


def test_fee_of_every_sku(tables: Tables) -> None:
    """The rule of the seed, line by line; amounts stay unknown with the fee."""
    rules = {
        (rule["marketplace_code"], rule["channel"], rule["category_name"]): rule
        for rule in seed("return_fee_rules")
    }
    projections = {
        tuple(row[name] for name in KEY): row
        for row in tables["kpi_ship_projections_by_sku_month"]
    }
    statuses: Counter[str] = Counter()
    for row in tables["kpi_return_fees_by_sku_month"]:
        source = projections.pop(tuple(row[name] for name in KEY))
        place = row["marketplace_code"], row["channel"]
        rule = rules.get((*place, row["category_name"])) or rules.get((*place, "any"))
        if rule and str(row["month_start_date"]) < rule["valid_from"]:
            rule = None
        shipped, back = source["shipped_quantity"], source["returned_quantity"]
        status, free = status_and_free_units(rule, shipped)
        statuses[status] += 1
        assert (row["rule_status"], row["free_quantity"]) == (status, free)
        if free is None or not source["is_rate_known"]:
            assert row["charged_quantity"] is None
            assert row["fee_risk_code"] == "unknown"
        else:
            assert row["charged_quantity"] == max(back - free, 0)
            assert row["free_left_quantity"] == free - back
        if free is not None and (expected := source["projected_units"]) is not None:
            assert row["projected_charged_units"] == max(expected - free, 0)
        assert row["fee_amount"] is None and row["unit_fee_amount"] is None
        booked = month_after(month_of(row["window_end_date"]), 1).replace(day=7)
        assert row["charge_from_date"] == booked
    assert not projections
    assert statuses["no_rule"] and statuses["every_unit"] and statuses["exempt"]


def test_badge_risk_of_every_sku(
    tables: Tables, cohorts: dict[tuple[Any, ...], Cohort]
) -> None:
    known: dict[Any, list[tuple[Any, Cohort]]] = defaultdict(list)
    for key, cohort in cohorts.items():
        if cohort["is_known"] and not math.isnan(cohort["shown"]):
            known[(*key[:2], cohort["category"])].append((key, cohort))
    least = PARAMETERS["risk_minimum_units"]
    watch, high = PARAMETERS["risk_ratio_watch"], PARAMETERS["risk_ratio_high"]
    codes: Counter[str] = Counter()
    for row in tables["kpi_return_badge_risk_by_sku_month"]:
        month = row["month_start_date"]
        own = {3: [0, 0.0], 12: [0, 0.0]}
        peers = [0, 0.0]
        category = row["seller_id"], row["marketplace_code"], row["category_name"]
        for key, cohort in known[category]:
            for months, sums in own.items():
                if month_after(month, -months) < key[3] <= month:
                    target = sums if key[4] == row["sku"] else peers
                    if target is sums or months == 12:
                        target[0] += cohort["back"]
                        target[1] += cohort["shown"]
        assert row["short_returned_quantity"] == own[3][0]
        assert row["long_returned_quantity"] == own[12][0]
        assert row["peer_returned_quantity"] == peers[0]
        assert close(row["short_developed_units"], own[3][1], 0.01)
        assert close(row["long_developed_units"], own[12][1], 0.01)
        assert close(row["peer_developed_units"], peers[1], 0.01)
        usual = share(*peers) or 0
        risks = set()
        for back, units in own.values():
            if units >= least and usual:
                rate, low = back / units, wilson(back, units)[0] or 0
                risks.add("watch" if rate >= watch * usual else "low")
                risks.add("high" if rate >= high * usual and low > usual else "low")
        ranked = [code for code in ("high", "watch", "low") if code in risks]
        unknown = own[12][1] < least or peers[1] < least or not peers[0]
        code = "unknown" if unknown else ranked[0]
        codes[code] += 1
        assert row["badge_risk_code"] == code, row
    assert codes["unknown"] and codes["low"]
