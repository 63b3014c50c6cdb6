"""The score of every member (marketplace or all, channel or all), row by row.

Cases are added up in plain loops from the marts that count them; what the score makes
of them is the reference of the scorecards' own test. What moved the score is worked out
as a Shapley value: each part's share in the change, over both orders of changing its
points and its weight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, seed
from tests.integration.test_scores_independent import (
    NUMBERS,
    PARTS,
    WEIGHTS,
    Cases,
    Row,
    rows,
    scored,
)

SOURCES = {
    "handling_time": ("handling_time", "within_target_count", "due_count"),
    "reason_attribution": ("reason_attribution", "agrees_count", "judged_count"),
    "refund_speed": ("refund_speed", "on_time_count", "due_count"),
    "buyer_satisfaction": (
        "buyer_satisfaction",
        "satisfied_order_count",
        "covered_order_count",
    ),
}
MEMBER = ("seller_id", "marketplace_code", "channel", "month_start_date")


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def members(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Cases]:
    """Good cases and cases of every part, by channel (or all) and place."""
    found: dict[str, dict[Any, list[int]]] = defaultdict(dict)
    for part, (mart, good, cases) in SOURCES.items():
        for row in rows(warehouse, f"marts.kpi_{mart}_by_marketplace_month"):
            if part == "handling_time" and not row["is_scored"]:
                continue
            counts = row.get("is_scored", True)
            for channel in (row["channel"], "all"):
                for place in (row["marketplace_code"], "all"):
                    key = (row["seller_id"], place, row["month_start_date"], part)
                    pair = found[channel].setdefault(key, [0, 0])
                    pair[0] += (row[good] or 0) if counts else 0
                    pair[1] += (row[cases] or 0) if counts else 0
    return {
        channel: {key: (good, count) for key, (good, count) in pairs.items()}
        for channel, pairs in found.items()
    }


def test_cases_are_added_over_members(
    warehouse: duckdb.DuckDBPyConnection, members: dict[str, Cases]
) -> None:
    mart = {
        (row["channel"], *(row[k] for k in MEMBER if k != "channel"), row["part_code"]):
        (row["good_count"], row["case_count"])
        for row in rows(warehouse, "marts.kpi_score_counts_by_marketplace_month")
    }  # fmt: skip
    expected = {
        (channel, *key): pair
        for channel, pairs in members.items()
        for key, pair in pairs.items()
    }
    assert mart == expected
    assert {key[0] for key in mart} >= {"all", "fba", "mfn"}


def test_every_members_score(
    warehouse: duckdb.DuckDBPyConnection, members: dict[str, Cases]
) -> None:
    """Every row of the score with its interval, sensitivity and band."""
    bands = [(float(r["lower_score"]), r["band_code"]) for r in seed("score_bands")]
    table = rows(warehouse, "marts.kpi_score_bands_by_marketplace_month")
    assert len(table) == sum(
        len({key[:3] for key in cases}) for cases in members.values()
    )
    for row in table:
        place = (row["seller_id"], row["marketplace_code"], row["month_start_date"])
        wanted = scored(members[row["channel"]], place)
        assert close(row["coverage_share"], wanted["coverage"]), place
        if wanted["score"] is None:
            assert row["score"] is None
            continue
        for name in (
            "score", "score_low", "score_high", "sensitivity_score_low",
            "sensitivity_score_high",
        ):  # fmt: skip
            assert close(row[name], wanted[name], 0.02), (place, name)
        band = next(code for lower, code in bands if float(row["score"]) >= lower)
        enough = wanted["coverage"] >= NUMBERS["minimum_score_coverage"]
        assert row["band_code"] == (band if enough else None), place


def month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def shapley(
    before: tuple[float, float], now: tuple[float, float], middle: float
) -> tuple[float, float]:
    """Split the change of weight times points between points and weight."""

    def value(weight: float, points: float) -> float:
        return weight * (points - middle)

    (w0, p0), (w1, p1) = before, now
    points_first = value(w0, p1) - value(w0, p0)
    points_last = value(w1, p1) - value(w1, p0)
    weight_first = value(w1, p0) - value(w0, p0)
    weight_last = value(w1, p1) - value(w0, p1)
    return (points_first + points_last) / 2, (weight_first + weight_last) / 2


def test_what_each_part_did_to_the_score(
    warehouse: duckdb.DuckDBPyConnection, members: dict[str, Cases]
) -> None:
    table: dict[Any, dict[str, Row]] = defaultdict(dict)
    for row in rows(warehouse, "marts.kpi_score_changes_by_marketplace_month"):
        table[tuple(row[k] for k in MEMBER)][row["part_code"]] = row
    expected = set()
    for channel, cases in members.items():
        for seller, place, month in {key[:3] for key in cases}:
            now = scored(cases, (seller, place, month))
            then = scored(cases, (seller, place, month_before(month)))
            if now["score"] is None or then["score"] is None:
                continue
            key = (seller, place, channel, month)
            expected.add(key)
            middle = (now["score"] + then["score"]) / 2
            total = 0.0
            for part in PARTS:
                pair = [
                    (
                        WEIGHTS[part] / sum(WEIGHTS[p] for p in side["parts"])
                        if part in side["parts"]
                        else 0.0,
                        side["parts"].get(part, other["parts"].get(part, [0]))[0],
                    )
                    for side, other in ((then, now), (now, then))
                ]
                points, weight = shapley(pair[0], pair[1], middle)
                row = table[key][part]
                assert close(row["points_from_part"], points, 0.02), (key, part)
                assert close(row["points_from_weight"], weight, 0.02), (key, part)
                total += float(row["points_changed"])
            assert abs(total - (now["score"] - then["score"])) < 0.03, key
            assert sum(row["is_largest"] for row in table[key].values()) == 1
    assert set(table) == expected
    assert any(
        abs(row["points_from_weight"]) > 1
        for parts in table.values()
        for row in parts.values()
    )


def test_peers_of_every_score(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Best month so far, place among marketplaces and the risks, by plain search."""
    risks = sorted(
        (float(r["threshold_score"]), r["risk_code"]) for r in seed("score_risks")
    )
    bands = rows(warehouse, "marts.kpi_score_bands_by_marketplace_month")
    placed = [row for row in bands if row["band_code"] is not None]
    table = {
        tuple(row[k] for k in MEMBER): row
        for row in rows(warehouse, "marts.kpi_score_peers_by_marketplace_month")
    }
    assert set(table) == {tuple(row[k] for k in MEMBER) for row in placed}
    parts: dict[Any, dict[str, float]] = defaultdict(dict)
    for part in rows(warehouse, "marts.kpi_score_parts_by_marketplace_month"):
        if part["part_score"] is not None:
            lost = float(part["used_weight_share"]) * (100 - float(part["part_score"]))
            parts[tuple(part[k] for k in MEMBER)][part["part_code"]] = lost
    for key, row in table.items():
        seller, place, channel, month = key
        score = float(row["score"])
        own = [
            float(r["score"])
            for r in placed
            if (r["seller_id"], r["marketplace_code"], r["channel"]) == key[:3]
            and r["month_start_date"] <= month
        ]
        assert float(row["best_month_score"]) == max(own), key
        assert row["is_best_month"] == (score == max(own))
        peers = [
            r
            for r in placed
            if (r["seller_id"], r["channel"], r["month_start_date"])
            == (seller, channel, month)
            and r["marketplace_code"] != "all"
        ]
        assert row["ranked_marketplace_count"] == len(peers)
        better = sum(float(r["score"]) > score for r in peers)
        assert row["marketplace_rank"] == (None if place == "all" else better + 1)
        behind = any(r["score_low"] > row["score_high"] for r in peers)
        assert row["is_clearly_behind"] == (place != "all" and behind), key
        # the gravest measure has the lowest threshold
        met = [code for threshold, code in risks if score < threshold]
        ahead = [(score - t, code) for t, code in risks if score >= t]
        assert row["plausible_risk_code"] == (met[0] if met else "none")
        assert row["next_risk_code"] == (min(ahead)[1] if ahead else "none")
        assert close(row["points_above_next_risk"], min(ahead)[0] if ahead else None)
        worst = max(parts[key].values())
        assert close(row["weakest_part_lost_points"], worst, 1e-3)
        assert abs(parts[key][row["weakest_part_code"]] - worst) < 1e-9
    assert any(row["marketplace_rank"] == 2 for row in table.values())
