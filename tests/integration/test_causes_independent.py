"""Causes of returns against dictionaries, loops and scipy: every row of every mart."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.integration.cause_reference import (
    RULES,
    Window,
)
from tests.integration.cause_units import Causes
from tests.integration.kpi_reference import close, share, wilson
from tests.integration.test_kpis_independent import PLACE

Row = dict[str, Any]


def test_causes_of_each_sku_and_month(causes: Causes) -> None:
    expected: dict[Any, list[Row]] = defaultdict(list)
    for row in causes.counted:
        place = (*(row[name] for name in PLACE), row["month"])
        expected[(*place, row["sku"] or "unknown", row["family"])].append(row)
    mart = causes.warehouse.mart(
        "kpi_return_causes_by_sku_month",
        *(*PLACE, "month_start_date", "sku", "return_reason_family"),
    )
    assert set(mart) == set(expected)
    for key, rows in expected.items():
        found, whole = mart[key], [r for k, r in expected.items() if k[:5] == key[:5]]
        total = sum(len(part) for part in whole)
        verdicts = Counter(row["attribution_verdict"] for row in rows)
        assert found["return_count"] == len(rows)
        assert found["returned_quantity"] == sum(r["returned_quantity"] for r in rows)
        assert found["month_return_count"] == total
        assert found["controllable_return_count"] == sum(
            row["is_controllable"] for row in rows
        )
        assert found["agrees_count"] == verdicts["agrees"]
        assert found["contradicts_count"] == verdicts["contradicts"]
        low, high = wilson(len(rows), total)
        assert close(found["return_share"], share(len(rows), total))
        assert close(found["return_share_low"], low)
        assert close(found["return_share_high"], high)
        product = causes.products.get((key[0], key[4]), {})
        assert found["category_name"] == (product.get("category_name") or "unknown")


def test_skus_add_up_to_the_reasons_of_their_marketplace(causes: Causes) -> None:
    sums: list[Counter[Any]] = []
    for name in ("return_causes_by_sku_month", "return_reasons_by_marketplace_month"):
        counts: Counter[Any] = Counter()
        for row in causes.warehouse.rows(f"marts.kpi_{name}"):
            place = (*(row[column] for column in PLACE), row["month_start_date"])
            counts[(*place, row["return_reason_family"])] += row["return_count"]
        sums.append(counts)
    assert sums[0] == sums[1]
    assert sums[0].total() > 100


def test_cases_of_every_segment_and_place(causes: Causes) -> None:
    cases = causes.cases
    mart = {
        (
            (row["seller_id"], row["cut_code"], row["marketplace_code"],
             row["channel"], row["category_name"], row["month_start_date"]),
            row["segment_code"], row["return_reason_family"],
        ): row
        for row in causes.warehouse.rows("marts.kpi_cause_cases_by_segment_month")
    }  # fmt: skip
    expected = {
        (place, segment, family)
        for place, bases in cases.bases.items()
        for segment in bases
        for family in cases.cases[place]
    }
    assert set(mart) == expected
    for place, segment, family in expected:
        row, found = mart[place, segment, family], cases.cases[place][family]
        bases = cases.bases[place]
        assert row["case_count"] == found[segment]
        assert row["base_count"] == bases[segment]
        assert row["place_case_count"] == found.total()
        assert row["place_base_count"] == bases.total()
        assert row["is_comparable"] == cases.is_comparable(place)
        assert close(row["expected_cases"], cases.expected(place, family, segment))
    assert {place[1] for place, _, _ in expected} == {
        "sku", "size", "colour", "listing_version", "fulfillment_center", "carrier",
    }  # fmt: skip


def test_signals_are_those_of_scipy(causes: Causes) -> None:
    """Windows, p-values, Benjamini-Hochberg, growth and reversal of every row."""
    names = ("seller_id", "cut_code", "segment_code", "return_reason_family")
    mart = causes.warehouse.mart(
        "kpi_cause_signals_by_segment_month", *names, "month_start_date"
    )
    assert set(mart) == set(causes.judged)
    for key, window in causes.judged.items():
        row = mart[key]
        counts = ("case", "base", "rest_case", "rest_base", "observed", "recent_case")
        assert [row[f"{name}_count"] for name in counts] == [
            window.cases, window.bases, window.rest_cases, window.rest_bases,
            window.observed, window.recent_cases,
        ], key  # fmt: skip
        assert close(row["expected_cases"], window.fair)
        for name in ("p", "q", "growth_p", "growth_q"):
            expected = getattr(window, name)
            found = row[f"{name}_value"]
            assert (found is None) == (expected is None), (key, name)
            assert expected is None or found == pytest.approx(expected, rel=1e-6), key
        assert row["is_tested"] == window.is_tested
        assert row["is_signal"] == window.is_signal
        assert row["is_new"] == window.is_new
        assert row["signal_month_count"] == window.signal_months
        assert row["is_growing"] == _is_growing(window)
        assert row["has_simpson_reversal"] == _is_reversed(window), key
        (category, *others) = window.categories
        assert row["category_name"] == ("all" if others else category)
    tested = [w for w in causes.judged.values() if w.is_tested]
    assert len(tested) > 100
    assert any(w.p is not None and w.p < 0.2 for w in tested)


def _is_growing(window: Window) -> bool:
    rising = window.recent_observed * window.fair > window.observed * sum(
        window.recent_expected
    )
    limit = RULES["false_discovery_share"]
    return window.growth_q is not None and window.growth_q <= limit and rising


def _is_reversed(window: Window) -> bool:
    if not window.is_tested or not window.rest_bases:
        return False
    plain = round(window.cases / window.bases, 6)
    rest = round(window.rest_cases / window.rest_bases, 6)
    ratio = window.observed / window.fair
    if plain == rest or abs(ratio - 1) < 1e-9:
        return False
    return (ratio > 1) != (plain > rest)
