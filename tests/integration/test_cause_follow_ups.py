"""What follows from causes: repeats, topics of the category, the exact test itself."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from scipy.stats import binom

from orchestration.settings import PROJECT_ROOT
from tests.integration.cause_reference import (
    RULES,
    TREND,
    Cases,
    correct,
    tail,
)
from tests.integration.cause_units import Causes
from tests.integration.kpi_reference import close, month_of, share, wilson

Row = dict[str, Any]


def test_repeated_causes_are_counted_from_the_action_on(causes: Causes) -> None:
    actions: dict[Any, dict[str, tuple[date, date]]] = defaultdict(dict)
    aims = defaultdict(set)
    for row in causes.warehouse.rows("facts.fct_action_measures"):
        if row["is_target"] and row["measure_code"] != "on_time_share":
            aims[row["seller_id"], row["action_id"]].add(row["target_code"])
    for row in causes.warehouse.rows("facts.fct_action_scopes"):
        for family in aims[row["seller_id"], row["action_id"]] | {"any"}:
            if aims[row["seller_id"], row["action_id"]]:
                begun = row["started_date"], row["after_from_date"]
                place = row["seller_id"], row["sku"], family
                actions[place][row["action_id"]] = begun
    expected: dict[Any, Row] = {}
    lists: dict[Any, list[Row]] = defaultdict(list)
    for (seller, cut, sku, family, last), window in causes.judged.items():
        begun = [
            dates for dates in actions[seller, sku, family].values() if dates[1] <= last
        ]
        if cut != "sku" or not (window.signal_months or begun):
            continue
        row = {"window": window, "actions": len(begun), "p": None, "q": None}
        expected[seller, sku, family, last] = row
        if begun:
            _since(
                row, causes.cases, seller, sku, family, max(d[1] for d in begun), last
            )
            if row["is_tested"]:
                lists[seller, last].append(row)
    for rows in lists.values():
        for row, q in zip(rows, correct([row["p"] for row in rows]), strict=True):
            row["q"] = q
    names = ("seller_id", "sku", "return_reason_family", "month_start_date")
    mart = causes.warehouse.mart("kpi_repeated_causes_by_sku_month", *names)
    assert set(mart) == set(expected)
    assert mart
    for key, row in expected.items():
        found, window = mart[key], row["window"]
        assert found["action_count"] == row["actions"]
        assert found["since_case_count"] == row.get("cases")
        assert found["since_base_count"] == row.get("lines")
        assert close(found["since_expected_cases"], row.get("fair"))
        assert close(found["since_q_value"], row["q"], 1e-9)
        assert found["is_repeated"] == (
            row["q"] is not None
            and row["q"] <= RULES["false_discovery_share"]
            and row["cases"] >= RULES["minimum_ratio"] * row["fair"]
        )
        assert found["is_unanswered"] == (
            window.is_signal and not row["actions"] and window.signal_months >= TREND
        )


def _since(
    row: Row, cases: Cases, seller: str, sku: str, family: str, first: date, last: date
) -> None:
    row |= {"cases": 0, "lines": 0, "fair": 0.0, "trials": 0}
    for place, bases in cases.bases.items():
        if place[:2] != (seller, "sku") or not first <= place[-1] <= last:
            continue
        if not bases[sku]:
            continue
        row["lines"] += bases[sku]
        if cases.is_comparable(place) and family in cases.cases[place]:
            row["cases"] += cases.cases[place][family][sku]
            row["fair"] += cases.expected(place, family, sku)
            row["trials"] += cases.cases[place][family].total()
    if not row["lines"]:  # nothing sold since: nothing to say
        del row["cases"], row["lines"], row["fair"]
    row["is_tested"] = (
        row.get("lines", 0) >= RULES["minimum_base_count"] and row["fair"] > 0
    )
    if row["is_tested"]:
        row["p"] = tail(row["cases"], row["trials"], row["fair"])


def test_the_binomial_tail_is_exact_and_its_bound_is_on_the_safe_side() -> None:
    """Counts up to the limit agree with scipy; beyond it no p is lower."""
    folder = Path(PROJECT_ROOT) / "dbt_project/macros/binomial_test.sql"
    macro = jinja2.Environment().from_string(folder.read_text(encoding="utf-8"))
    query = macro.make_module().binomial_test(  # type: ignore[attr-defined]
        "given", "p", is_tested="true", observed="k", trials="n", expected="e",
        minimum="3", days="days",
    )  # fmt: skip
    values = [
        (k, n, e)
        for n in (3, 10, 200, 5_000, 1_000_000)
        for e in (0.01, 1.5, 40.25, 900.0, 4_000.0)
        for k in (3, 4, 9, 60, 1_000, 1_001, 4_500)
        if k <= n and e < n
    ]
    rows = ", ".join(f"({number}, {k}, {n}, {e}, 1000)" for number, (k, n, e) in
                     enumerate(values))  # fmt: skip
    with duckdb.connect() as connection:
        found = connection.execute(
            "with days as (select date '1900-01-01' + cast(range as integer) as date"
            " from range(8000)), given as (select * from (values "
            f"{rows}) as t (test_key, k, n, e, exact_test_limit)) "
            f"select test_key, p from {query} as told"
        ).fetchall()
    assert len(found) == len(values)
    for number, p in found:
        k, n, e = values[number]
        exact = float(binom.sf(k - 1, n, e / n)) if k > e else 1.0
        if k <= 1_000:
            assert p == pytest.approx(exact, rel=1e-9, abs=1e-300), values[number]
        else:
            assert p >= exact


def test_topics_beside_the_sellers_own_returns(causes: Causes) -> None:
    topics: dict[Any, list[Row]] = defaultdict(list)
    for row in causes.warehouse.rows("facts.fct_return_topics"):
        period = (row["period_start_date"], row["period_end_date"])
        family = row["return_reason_family"] or "unknown"
        key = (row["seller_id"], row["marketplace_code"], row["browse_node_id"],
               row["row_type"], family, *period)  # fmt: skip
        topics[key].append(row)
    names = (
        "seller_id", "marketplace_code", "browse_node_id", "row_type",
        "return_reason_family", "period_start_date", "period_end_date",
    )  # fmt: skip
    mart = causes.warehouse.mart("kpi_topic_benchmark_by_category_month", *names)
    assert mart
    assert set(mart) == set(topics)
    for key, rows in topics.items():
        seller, code, _, _, family, first, last = key
        own = [
            row
            for row in causes.counted
            if (row["seller_id"], row["marketplace_code"]) == (seller, code)
            and first <= (row["requested_date"] or row["received_date"]) <= last
            and causes.products[seller, row["sku"]]["category_name"]
            == rows[0]["category_name"]
        ]
        part = sum(row["family"] == family for row in own)
        found = mart[key]
        assert found["month_start_date"] == month_of(last)
        assert close(
            found["benchmark_share"],
            min(1.0, float(sum(row["occurrence_share"] for row in rows))),
        )
        assert found["own_return_count"] == (len(own) or None)
        assert close(found["own_share"], share(part, len(own)))
        low, high = wilson(part, len(own))
        benchmark = float(found["benchmark_share"])
        status = "unknown"
        if low is not None and high is not None:
            status = "above" if low > benchmark else "alike"
            status = "below" if high < benchmark else status
        assert found["benchmark_status"] == status
