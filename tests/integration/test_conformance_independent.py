"""Variants, deviations, hand-offs and automation against plain Python, row by row.

The reference walks the events of each return; rules and excuses come from the seeds'
text. What was planted in the demo is found.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.conformance_reference import (
    Handled,
    Trace,
    deviations_of,
    excuse_of,
    told_dates,
    traces_of,
)
from tests.integration.handling_reference import PLACE, mart, rows
from tests.integration.kpi_reference import Z, close, nearest_rank, share, wilson

MONTH = (*PLACE, "month_start_date")


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def traces(warehouse: duckdb.DuckDBPyConnection) -> list[Trace]:
    """Every return with its timed events in their order and what breaks a rule."""
    traces = traces_of(warehouse)
    told = told_dates(traces)
    for trace in traces:
        trace.checks = deviations_of(trace, told)
    return traces


def by_month(traces: list[Trace]) -> dict[Any, list[Trace]]:
    groups: dict[Any, list[Trace]] = defaultdict(list)
    for trace in traces:
        if trace.row["is_counted"] and trace.month:
            groups[(*(trace.row[name] for name in PLACE), trace.month)].append(trace)
    return groups


def test_each_deviation_is_one_of_the_return_and_shows_its_event(
    warehouse: duckdb.DuckDBPyConnection, traces: list[Trace]
) -> None:
    found = {
        (row["return_key"], row["rule_code"]): row
        for row in rows(warehouse, "facts.fct_return_deviations")
    }
    expected = {
        (trace.row["return_key"], rule): (trace, fault)
        for trace in traces
        for rule, fault in trace.checks.items()
        if fault is not None
    }
    assert set(found) == set(expected)
    for (key, rule), (trace, fault) in expected.items():
        row = found[(key, rule)]
        assert row["fault_event_key"] == fault["return_event_key"]
        assert row["evidence_key"] == fault["evidence_key"]
        assert row["excuse_code"] == excuse_of(trace, rule), (key, rule)
        assert row["is_excused"] == (row["excuse_code"] is not None)
    assert any(row["is_excused"] for row in found.values())


def test_planted_rework_is_found(
    warehouse: duckdb.DuckDBPyConnection, demo_run: RunOutcome
) -> None:
    """Rules that fired twice and decisions taken twice, as they truly happened."""
    truth = f"'{demo_run.home.demo}/truth/events.parquet'"
    again = warehouse.execute(
        "select stage_code, amazon_order_id, sku from (select stage_code, case_id,"
        f" amazon_order_id, sku, count(*) as times from {truth}"
        " where stage_code in ('authorised', 'decided') group by all) where times > 1"
    ).fetchall()
    found = warehouse.execute(
        "select stage_code, amazon_order_id, sku from facts.fct_return_deviations"
        " where rule_code in ('authorised_twice', 'decided_twice')"
    ).fetchall()
    assert again and sorted(found) == sorted(again)


def test_deviations_of_every_rule_and_month(
    warehouse: duckdb.DuckDBPyConnection, traces: list[Trace]
) -> None:
    found = mart(
        warehouse, "kpi_process_deviations_by_marketplace_month", *MONTH, "rule_code"
    )
    expected: dict[Any, Counter[str]] = defaultdict(Counter)
    for key, group in by_month(traces).items():
        for trace in group:
            for rule, fault in trace.checks.items():
                counts = expected[(*key, rule)]
                counts["judged"] += 1
                if fault is not None and excuse_of(trace, rule):
                    counts["excused"] += 1
                elif fault is not None:
                    counts["deviation"] += 1
                    counts[fault["actor_kind"]] += 1
    assert set(found) == set(expected)
    for key, counts in expected.items():
        row = found[key]
        for name in ("judged", "deviation", "excused"):
            assert row[f"{name}_count"] == counts[name], key
        for kind in ("person", "system"):
            assert row[f"{kind}_deviation_count"] == counts[kind], key
        deviated, judged = counts["deviation"], counts["judged"]
        low, high = wilson(deviated, judged)
        assert close(row["deviation_rate"], share(deviated, judged))
        assert close(row["deviation_rate_low"], low)
        assert close(row["deviation_rate_high"], high)


def is_conforming(trace: Trace) -> bool:
    return not trace.faults()


def test_conformance_of_every_month(
    warehouse: duckdb.DuckDBPyConnection, traces: list[Trace]
) -> None:
    found = mart(warehouse, "kpi_process_conformance_by_marketplace_month", *MONTH)
    groups = by_month(traces)
    assert set(found) == set(groups)
    for key, group in groups.items():
        row = found[key]
        traced = [trace for trace in group if trace.events]
        judged = [trace for trace in traced if trace.checks]
        known = [trace for trace in traced if trace.actors()]
        expected = {
            "return": len(group),
            "traced": len(traced),
            "variant": len({trace.text() for trace in traced}),
            "judged": len(judged),
            "conforming": sum(map(is_conforming, judged)),
            "rework": sum(trace.rework() for trace in judged),
            "revisiting": sum(trace.revisits() > 0 for trace in traced),
            "event": sum(len(trace.events) for trace in traced),
            "known_actor": sum(len(trace.actors()) for trace in traced),
            "known_actor_return": len(known),
            "person_handoff": sum(trace.person_handoffs() for trace in traced),
            "system_handoff": sum(trace.system_handoffs() for trace in traced),
        }
        assert {name: row[f"{name}_count"] for name in expected} == expected, key
        for name in ("conforming", "rework"):
            good = expected[name]
            low, high = wilson(good, len(judged))
            assert close(row[f"{name}_share"], share(good, len(judged)))
            assert close(row[f"{name}_share_low"], low)
            assert close(row[f"{name}_share_high"], high)
        for kind in ("person", "system"):
            mean = share(expected[f"{kind}_handoff"], len(known))
            assert close(row[f"{kind}_handoffs_per_return"], mean)
        assert close(row["judged_share"], share(len(judged), len(group)))
        seen = share(expected["known_actor"], expected["event"])
        assert close(row["known_actor_share"], seen)
    assert sum(row["rework_count"] for row in found.values()) > 0
    assert sum(row["person_handoff_count"] for row in found.values()) > 0


def test_variants_of_every_month(
    warehouse: duckdb.DuckDBPyConnection, traces: list[Trace]
) -> None:
    found = mart(
        warehouse, "kpi_process_variants_by_marketplace_month", *MONTH, "variant_text"
    )
    expected = set()
    for key, group in by_month(traces).items():
        ways: dict[str, list[Trace]] = defaultdict(list)
        for trace in group:
            if trace.events:
                ways[trace.text()].append(trace)
        order = sorted(ways, key=lambda text: (-len(ways[text]), text))
        for text, taken in ways.items():
            expected.add((*key, text))
            row = found[(*key, text)]
            settled = [t.elapsed() for t in taken if t.is_settled]
            judged = [trace for trace in taken if trace.checks]
            conforming = sum(map(is_conforming, judged))
            assert row["variant_rank"] == order.index(text) + 1, (key, text)
            assert row["return_count"] == len(taken)
            assert row["month_return_count"] == sum(map(len, ways.values()))
            assert row["settled_count"] == len(settled)
            assert row["settled_total_days"] == (sum(settled) if settled else None)
            assert row["p50_elapsed_days"] == nearest_rank(list(settled), 50)
            assert (row["judged_count"], row["conforming_count"]) == (
                len(judged), conforming
            )  # fmt: skip
            whole = row["month_return_count"]
            assert close(row["return_share"], share(len(taken), whole))
            assert close(row["conforming_share"], share(conforming, len(judged)))
    assert set(found) == expected


def median_of(days: list[int]) -> list[int | None]:
    """Return the lower median and its interval by order statistics."""
    ordered, cases = sorted(days), len(days)
    if not cases:
        return [None, None, None]
    rank = math.floor((cases - Z * math.sqrt(cases)) / 2)
    ends = [ordered[rank - 1], ordered[cases - rank]] if rank >= 1 else [None, None]
    return [ordered[(cases + 1) // 2 - 1], *ends]


def difference(left: list[Any], right: list[Any]) -> list[float | None]:
    """Return left less right with the interval made of both sides' intervals."""
    if left[0] is None or right[0] is None:
        return [None, None, None]
    value = float(left[0]) - float(right[0])
    if None in left or None in right:
        return [value, None, None]
    (a, a_low, a_high), (b, b_low, b_high) = (map(float, left), map(float, right))
    return [
        value,
        value - math.hypot(a - a_low, b_high - b),
        value + math.hypot(a_high - a, b - b_low),
    ]


def handled_by_month(traces: list[Trace]) -> dict[Any, list[Handled]]:
    groups: dict[Any, list[Handled]] = defaultdict(list)
    for key, group in by_month(traces).items():
        for trace in group:
            for handled in trace.handling():
                groups[(*key, handled[0]["stage_code"])].append(handled)
    return groups


def test_automation_of_every_stage_and_month(
    warehouse: duckdb.DuckDBPyConnection, traces: list[Trace]
) -> None:
    keys = (*MONTH, "stage_code")
    found = mart(warehouse, "kpi_automation_by_marketplace_month", *keys)
    groups = handled_by_month(traces)
    assert set(found) == set(groups)
    for key, handled in groups.items():
        row, sides = found[key], {}
        kinds = Counter(event["actor_kind"] for event, _, _ in handled)
        assert row["event_count"] == len(handled)
        assert row["unknown_count"] == kinds["unknown"]
        for name, kind in (("automatic", "system"), ("manual", "person")):
            own = [item for item in handled if item[0]["actor_kind"] == kind]
            days = [waited for _, waited, _ in own if waited is not None]
            bad = sum(is_fault for _, _, is_fault in own)
            assert row[f"{name}_count"] == len(own), key
            assert row[f"{name}_error_count"] == bad, key
            assert row[f"{name}_timed_count"] == len(days), key
            sides[name] = (
                median_of(days),
                [share(bad, len(own)), *wilson(bad, len(own))],
            )
            for at, ending in enumerate(("", "_low", "_high")):
                assert row[f"{name}_p50_days{ending}"] == sides[name][0][at], key
                assert close(row[f"{name}_error_share{ending}"], sides[name][1][at])
        done = kinds["system"] + kinds["person"]
        shares = [share(kinds["system"], done), *wilson(kinds["system"], done)]
        for at, name in enumerate(("p50_days", "error_share")):
            expected = difference(sides["automatic"][at], sides["manual"][at])
            for value, ending in zip(expected, ("", "_low", "_high"), strict=True):
                tolerance = 0.006 if at == 0 else 3e-6
                assert close(row[f"{name}_difference{ending}"], value, tolerance), key
        for value, ending in zip(shares, ("", "_low", "_high"), strict=True):
            assert close(row[f"automatic_share{ending}"], value), key
    assert any(r["automatic_count"] and r["manual_count"] for r in found.values())
    assert any(row["automatic_error_count"] for row in found.values())
