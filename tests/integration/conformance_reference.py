"""The way of each return and the rules of the process, in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any

import duckdb

from tests.integration.handling_reference import Row, rows
from tests.integration.kpi_reference import month_of, seed

RULES = seed("process_rules")
EXCUSES = seed("process_excuses")
OWN_TOOLS = ("warehouse_events", "inspections")
Handled = tuple[Row, int | None, bool]
Told = dict[tuple[str, str, str], tuple[date, date]]


@dataclass
class Trace:
    """One return: its timed events in their order, all events by stage, its checks."""

    row: Row
    is_settled: bool
    events: list[Row]
    stages: dict[str, list[Row]]
    repeats: Counter[str]
    checks: dict[str, Row | None] = field(default_factory=dict)

    @property
    def month(self) -> date | None:
        """Return the month the return began in."""
        day = self.row["requested_date"] or self.row["received_date"]
        return month_of(day) if day else None

    def steps(self) -> list[str]:
        """Return the stages in their order, each run of one stage once."""
        return [stage for stage, _ in groupby(e["stage_code"] for e in self.events)]

    def text(self) -> str:
        """Return the steps as a mart shows them."""
        steps = self.steps()
        return " > ".join(steps[:16] + ["..."] * (len(steps) > 16))

    def revisits(self) -> int:
        """Return how many steps went back into a stage."""
        return len(self.steps()) - len(set(self.steps()))

    def elapsed(self) -> int:
        """Return the days from the first to the last event."""
        days = [event["event_date_local"] for event in self.events]
        return int((max(days) - min(days)).days)

    def actors(self) -> list[str]:
        """Return whether persons or systems acted, where that is known."""
        kinds = [event["actor_kind"] for event in self.events]
        return [kind for kind in kinds if kind != "unknown"]

    def system_handoffs(self) -> int:
        """Return the changes between persons and systems."""
        return sum(left != right for left, right in pairwise(self.actors()))

    def person_handoffs(self) -> int:
        """Return the changes between named persons."""
        people = [
            event["agent_id"]
            for event in self.events
            if event["actor_kind"] == "person" and event["agent_id"]
        ]
        return sum(left != right for left, right in pairwise(people))

    def faults(self) -> list[str]:
        """Return the rules broken without an excuse."""
        return [
            rule
            for rule, fault in self.checks.items()
            if fault is not None and excuse_of(self, rule) is None
        ]

    def rework(self) -> bool:
        """Tell whether work was done again."""
        again = {r["rule_code"] for r in RULES if r["is_rework"] == "true"}
        return bool(again & set(self.faults()))

    def handling(self) -> list[Handled]:
        """Return the seller's own events, days since the one before, and faults."""
        keys = {self.checks[rule]["return_event_key"] for rule in self.faults()}  # type: ignore[index]
        found = []
        for place, event in enumerate(self.events):
            if event["source_code"] in OWN_TOOLS:
                before = self.events[place - 1]["event_date_local"] if place else None
                days = (event["event_date_local"] - before).days if before else None
                found.append((event, days, event["return_event_key"] in keys))
        return found


def traces_of(connection: duckdb.DuckDBPyConnection) -> list[Trace]:
    """Return the trace of every return."""
    events: dict[str, list[Row]] = defaultdict(list)
    for event in rows(connection, "facts.fct_return_events"):
        events[event["return_key"]].append(event)
    progress = {
        row["return_key"]: row["refund_status"]
        for row in rows(connection, "facts.fct_return_progress")
    }
    words = {
        row["stated_event_name"]: row["stage_code"]
        for row in seed("event_stages")
        if row["source_code"] == "warehouse_events"
    }
    repeats: dict[str, Counter[str]] = defaultdict(Counter)
    for record in rows(connection, "intermediate.int_warehouse_records__matched"):
        if record["return_key"] and record["matched_quantity"] == 0:
            lane = record["lane_code"].lower().replace(" ", "_").replace("-", "_")
            stage = words.get(lane, "inspected" if lane == "inspection" else "other")
            repeats[record["return_key"]][stage] += 1
    found = []
    for row in rows(connection, "facts.fct_returns"):
        key = row["return_key"]
        timed = [e for e in events[key] if e["event_number"] is not None]
        stages: dict[str, list[Row]] = defaultdict(list)
        for event in events[key]:
            stages[event["stage_code"]].append(event)
        timed.sort(key=lambda event: event["event_number"])
        settled = progress[key] in ("done", "not_applicable")
        found.append(Trace(row, settled, timed, dict(stages), repeats[key]))
    return found


def told_dates(traces: list[Trace]) -> Told:
    """Return from when to when each seller's sources tell a stage."""
    days: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for trace in traces:
        for event in trace.events:
            place = (trace.row["seller_id"], trace.row["channel"], event["stage_code"])
            days[place].append(event["event_date_local"])
    return {place: (min(told), max(told)) for place, told in days.items()}


def deviations_of(trace: Trace, told: Told) -> dict[str, Row | None]:
    """Return the event at fault of each rule that can be judged; None if kept."""
    found: dict[str, Row | None] = {}
    began = trace.row["requested_date"] or trace.row["received_date"]
    for rule in RULES:
        if rule["channel"] not in ("any", trace.row["channel"]) or began is None:
            continue
        own = _timed(trace, rule["stage_code"])
        given = _timed(trace, rule["given_stage_code"])
        if not own or not rule["valid_from"] <= began.isoformat() <= rule["valid_to"]:
            continue
        if rule["given_stage_code"] and not (
            given and given[0]["event_number"] < own[0]["event_number"]
        ):
            continue
        judged, fault = JUDGES[rule["rule_type"]](trace, rule, own, told)
        if judged:
            found[rule["rule_code"]] = fault
    return found


def excuse_of(trace: Trace, rule_code: str) -> str | None:
    """Return the policy that allows a return's deviation."""
    holding = [
        excuse["excuse_code"]
        for excuse in EXCUSES
        if excuse["rule_code"] == rule_code
        and excuse["channel"] in ("any", trace.row["channel"])
        and (
            excuse["condition_code"] in ("any", trace.row["resolution_type"])
            or (
                excuse["condition_code"] == "a_to_z_claim"
                and trace.row["has_a_to_z_claim"]
            )
        )
    ]
    return min(holding, default=None)


def _timed(trace: Trace, stage: str) -> list[Row]:
    return [event for event in trace.events if event["stage_code"] == stage]


Judged = tuple[bool, Row | None]


def _requires(trace: Trace, rule: Row, own: list[Row], told: Told) -> Judged:
    place = (trace.row["seller_id"], trace.row["channel"], rule["other_stage_code"])
    if place not in told:
        return False, None
    first, last = told[place]
    is_missing = rule["other_stage_code"] not in trace.stages
    day = min(event["event_date_local"] for event in own)
    return first <= day <= last, own[0] if is_missing else None


def _not_before(trace: Trace, rule: Row, own: list[Row], told: Told) -> Judged:
    others = _timed(trace, rule["other_stage_code"])
    if not others:
        return False, None
    is_early = own[0]["event_number"] < others[0]["event_number"]
    return True, own[0] if is_early else None


def _not_after(trace: Trace, rule: Row, own: list[Row], told: Told) -> Judged:
    others = _timed(trace, rule["other_stage_code"])
    if not others:
        return False, None
    is_late = own[-1]["event_number"] > others[0]["event_number"]
    return True, own[-1] if is_late else None


def _once(trace: Trace, rule: Row, own: list[Row], told: Told) -> Judged:
    units = 0
    for event in own:
        units += event["quantity"]
        if units > (trace.row["returned_quantity"] or units):
            return True, event
    return True, own[-1] if trace.repeats[rule["stage_code"]] else None


def _by_person(trace: Trace, rule: Row, own: list[Row], told: Told) -> Judged:
    kinds = [e["actor_kind"] for e in trace.stages[rule["stage_code"]]]
    is_outside = trace.row["has_stated_policy"] and not trace.row["is_in_policy"]
    by_system = [event for event in own if event["actor_kind"] == "system"]
    is_judged = bool(is_outside and set(kinds) - {"unknown"})
    return is_judged, by_system[0] if by_system else None


JUDGES: dict[str, Any] = {
    "requires": _requires,
    "not_before": _not_before,
    "not_after": _not_after,
    "once": _once,
    "by_person": _by_person,
}
