"""Effects of actions worked out again line by line, and against what was planted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from orchestration.running.run import RunOutcome
from tests.integration.cause_reference import RULES, Side, difference, ordinal
from tests.integration.cause_units import counted_returns, products_of, warehouse_of
from tests.integration.kpi_reference import close, month_of, seed
from tests.integration.test_kpis_independent import PLACE, Warehouse

Row = dict[str, Any]
BEFORE, AFTER = (int(RULES[f"action_{side}_months"]) for side in ("before", "after"))
Groups = dict[tuple[str, str, str, str, date], list[int]]
"""Action and measure, place, month: touched cases and lines, untouched ones."""


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[Warehouse]:
    yield from warehouse_of(demo_run)


@pytest.fixture(scope="module")
def actions(warehouse: Warehouse) -> dict[tuple[str, str], Row]:
    """Lines of the log, gathered by number, with their months and aims."""
    words = defaultdict(set)
    for row in seed("action_words"):
        words[row["word_type"], row["stated_word"]].add(row["target_code"])
    found: dict[tuple[str, str], Row] = {}
    for line in warehouse.rows("facts.fct_actions"):
        action = found.setdefault(
            (line["seller_id"], line["action_id"]), {"lines": [], "aims": {}}
        )
        action["lines"].append(line)
        action["start"] = line["started_date"]
        family, stage = line["return_reason_family"], line["stage_code"]
        if family:
            action["aims"]["cause_rate"] = words["reason_family", family] or {"unknown"}
        if stage:
            action["aims"]["on_time_share"] = words["stage", stage] or {"unknown"}
        if family or not stage:
            action["aims"]["return_rate"] = {"any"}
    for action in found.values():
        action["scope"] = _scope(action["lines"])
        ends = [line["ended_date"] for line in action["lines"]]
        action["end"] = None if None in ends else max(ends)
    return found


def _scope(lines: list[Row]) -> str:
    if any(line["sku"] or line["asin"] for line in lines):
        return "product"
    if any(line["category_name"] for line in lines):
        return "category"
    everywhere = any(line["is_for_all_marketplaces"] for line in lines)
    return "everything" if everywhere else "marketplace"


def _is_touched(action: Row, cell: Row) -> bool:
    return any(
        line["seller_id"] == cell["seller_id"]
        and line["is_for_all_marketplaces"] | (line["marketplace_code"] == cell["code"])
        and line["sku"] in (None, cell["sku"])
        and line["asin"] in (None, cell["asin"])
        and line["category_name"] in (None, cell["category"])
        for line in action["lines"]
    )


def _period(action: Row, month: date) -> str | None:
    """Return early, late or after; None outside and in the month of the start."""
    start = action["start"]
    away = ordinal(month) - ordinal(start)
    first = 0 if start.day == 1 else 1
    if -BEFORE <= away < 0:
        return "early" if away < -BEFORE + BEFORE // 2 else "late"
    end = action["end"]
    if first <= away < first + AFTER:
        past = (month + timedelta(days=31)).replace(day=1)
        return "after" if end is None or past <= end + timedelta(days=1) else None
    return None


@pytest.fixture(scope="module")
def cells(warehouse: Warehouse) -> list[Row]:
    """Order lines of mature, covered months, and due stages of the seller's own."""
    products = products_of(warehouse)
    families = defaultdict(set)
    for row in counted_returns(warehouse):
        families[row["order_line_key"]] |= {row["family"], "any"}
    usable = {
        (*(row[name] for name in PLACE), row["order_month_start_date"])
        for row in warehouse.rows("facts.dim_cohort_months")
        if row["has_order_coverage"]
        and row["has_return_coverage"]
        and row["has_matched_returns"]
        and row["is_mature"]
    }
    found = []
    for line in warehouse.rows("facts.fct_order_lines"):
        month = line["order_month_start_date"]
        if line["is_counted"] and (*(line[n] for n in PLACE), month) in usable:
            cell = {"month": month, "stage": None}
            cell["hits"] = families[line["order_line_key"]]
            found.append(_placed(cell, line, products))
    for row in warehouse.rows("facts.fct_return_stages"):
        if row["is_counted"] and row["is_due"] and row["channel"] == "mfn":
            stage = row["stage_code"]
            cell = {"month": row["month_start_date"], "stage": stage}
            cell["hits"] = {stage} if row["is_within_target"] else set()
            found.append(_placed(cell, row, products))
    return found


def _placed(cell: Row, row: Row, products: dict[tuple[str, str], Row]) -> Row:
    product = products.get((row["seller_id"], row["sku"]), {})
    return cell | {
        "seller_id": row["seller_id"],
        "code": row["marketplace_code"],
        "channel": row["channel"],
        "sku": row["sku"],
        "asin": product.get("asin"),
        "category": product.get("category_name") or "unknown",
    }


@pytest.fixture(scope="module")
def groups(actions: dict[tuple[str, str], Row], cells: list[Row]) -> Groups:
    found: Groups = defaultdict(lambda: [0, 0, 0, 0])
    for (seller, number), action in actions.items():
        scope = action["scope"]
        for cell in cells:
            if cell["seller_id"] != seller and scope != "everything":
                continue
            if _period(action, cell["month"]) is None:
                continue
            place = cell["channel"]
            place += f" / {cell['code']}" if scope in ("product", "category") else ""
            place += f" / {cell['category']}" if scope == "product" else ""
            side = 0 if _is_touched(action, cell) else 2
            for measure, targets in action["aims"].items():
                if (measure == "on_time_share") != (cell["stage"] is not None):
                    continue
                if cell["stage"] and cell["stage"] not in targets:
                    continue
                counts = found[seller, number, measure, place, cell["month"]]
                counts[side] += len(cell["hits"] & targets)
                counts[side + 1] += 1
    return {key: counts for key, counts in found.items() if counts[1]}


def test_touched_and_untouched_of_every_action(
    warehouse: Warehouse, groups: Groups, actions: dict[tuple[str, str], Row]
) -> None:
    names = ("seller_id", "action_id", "measure_code", "place_code", "month_start_date")
    mart = warehouse.mart("kpi_action_groups_by_action_month", *names)
    assert set(mart) == set(groups)
    periods = {"early": "early_before", "late": "late_before", "after": "after"}
    for key, counts in groups.items():
        row = mart[key]
        columns = ("treated_case", "treated_base", "comparison_case", "comparison_base")
        assert [row[f"{column}_count"] for column in columns] == counts, key
        period = _period(actions[key[:2]], key[-1])
        assert row["period_type"] == periods[str(period)]
    assert {row["period_type"] for row in mart.values()} == set(periods.values())


def test_differences_and_verdicts_of_every_action(
    warehouse: Warehouse, groups: Groups, actions: dict[tuple[str, str], Row]
) -> None:
    names = ("seller_id", "action_id", "measure_code", "month_start_date")
    mart = warehouse.mart("kpi_action_effects_by_action_month", *names)
    expected: dict[Any, str] = {}
    for (seller, number), action in actions.items():
        for measure, targets in action["aims"].items():
            key = (seller, number, measure)
            own = {k[3:]: v for k, v in groups.items() if k[:3] == key}
            after = sorted(
                {
                    m
                    for (_, m), v in own.items()
                    if v[3] and _period(action, m) == "after"
                }
            )
            if not after:
                reason = _untold(action, own)
                expected[*key, month_of(action["start"])] = reason
            for last in after:
                row = mart[*key, last]
                sides = _sides(action, own, last)
                told = difference(sides["before"], sides["after"])
                _compare(row, sides, told)
                trend = difference(sides["early"], sides["late"])
                expected[*key, last] = _verdict(measure, sides, told, trend)
            if targets == {"unknown"}:
                expected |= dict.fromkeys(
                    [k for k in expected if k[:3] == key], "unknown_target"
                )
    crossed = {
        (row["seller_id"], row["action_id"], row["measure_code"])
        for row in warehouse.rows("facts.fct_action_measures")
        if row["other_action_count"]
    }
    assert not crossed  # the demo's actions leave each other alone
    assert {key: row["verdict_reason_code"] for key, row in mart.items()} == expected
    for row in mart.values():
        reason = row["verdict_reason_code"]
        good, bad = {"improved"}, {"worsened", "no_worthwhile_effect"}
        status = "success" if reason in good else "failure" if reason in bad else None
        assert row["verdict_status"] == (status or "unclear")
        assert row["lesson_text"]
        assert row["lesson_zh_text"]


def _untold(action: Row, own: dict[tuple[str, date], list[int]]) -> str:
    if not own:
        return "not_measured"
    has_after = any(_period(action, month) == "after" for _, month in own)
    return "no_comparison_group" if has_after else "too_recent"


def _sides(
    action: Row, own: dict[tuple[str, date], list[int]], last: date
) -> dict[str, Side]:
    sides = {name: Side() for name in ("before", "after", "early", "late")}
    for (_, month), counts in own.items():
        period = _period(action, month)
        if counts[3] and (period != "after" or month <= last):
            sides[str(period)].add(*counts)
            if period != "after":
                sides["before"].add(*counts)
    return sides


def _compare(row: Row, sides: dict[str, Side], told: Any) -> None:
    for name in ("before", "after"):
        side = sides[name]
        assert row[f"{name}_case_count"] == side.cases
        assert row[f"{name}_base_count"] == side.lines
        assert row[f"{name}_comparison_base_count"] == sum(p[2] for p in side.places)
        assert close(row[f"{name}_rate"], side.rate)
        assert close(row[f"{name}_comparison_rate"], side.other_rate)
    effect, low, high = told or (None, None, None)
    assert close(row["effect_difference"], effect)
    assert close(row["effect_difference_low"], low)
    assert close(row["effect_difference_high"], high)


def _verdict(measure: str, sides: dict[str, Side], told: Any, trend: Any) -> str:
    if told is None:
        return "no_comparison_group"
    sizes = [sides[name].lines for name in ("before", "after")]
    sizes += [sum(p[2] for p in sides[name].places) for name in ("before", "after")]
    if min(sizes) < RULES["minimum_base_count"]:
        return "sample_too_small"
    if trend and (trend[1] > 0 or trend[2] < 0):
        return "trends_differ"
    _, low, high = told
    rate = float(sides["before"].rate or 0)
    worst, best = (-high, -low)
    if measure == "on_time_share":
        worst, best, rate = low, high, 1 - rate
    if worst > 0:
        return "improved"
    if best < 0:
        return "worsened"
    enough = RULES["worthwhile_effect_share"] * rate
    return "no_worthwhile_effect" if best < enough else "interval_spans_zero"
