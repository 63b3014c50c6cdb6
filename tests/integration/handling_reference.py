"""Steps and stages of returns in plain Python, for the checks of handling times."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import duckdb

from tests.integration.kpi_reference import month_of, seed

Row = dict[str, Any]
Stage = dict[str, Any]

GOODS = {"restocked", "resold", "removed", "liquidated", "donated", "disposed"}
STEPS = {"authorised": {"authorised"}, "inspected": {"inspected"}, "outcome": GOODS}
TABLES = {
    "warehouse_events": "return_events",
    "checkpoints": "carrier_checkpoints",
    "removals": "removal_orders",
}
# Where a stage starts and ends, and which evidence tells of its end.
ENDS = {
    "request_to_authorisation": ("requested", "authorised"),
    "request_to_receipt": ("requested", "received"),
    "request_to_refund": ("requested", "refunded"),
    "receipt_to_inspection": ("received", "inspected"),
    "receipt_to_refund": ("received", "refunded"),
    "inspection_to_refund": ("inspected", "refunded"),
    "inspection_to_outcome": ("inspected", "outcome"),
}


PLACE = ("seller_id", "marketplace_code", "channel")
HANDLING = (*PLACE, "month_start_date", "stage_code")


def rows(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Row]:
    """Return the rows of a table."""
    result = connection.execute(f"from {relation}")
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def mart(
    connection: duckdb.DuckDBPyConnection, name: str, *keys: str
) -> dict[tuple[Any, ...], Row]:
    """Return the rows of a mart by their key."""
    return {tuple(r[k] for k in keys): r for r in rows(connection, f"marts.{name}")}


def grouped(stages: list[Stage], *more: str) -> dict[Any, list[Stage]]:
    """Return the stages of each place, month, stage and further columns."""
    groups: dict[Any, list[Stage]] = defaultdict(list)
    for stage in stages:
        key = (*(stage[name] for name in (*PLACE, "month")), stage["stage"])
        groups[key + tuple(stage[name] for name in more)].append(stage)
    return groups


def returns_of(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return counted returns with days, states and known days of their steps."""
    progress = rows(connection, "facts.fct_return_progress")
    returns = rows(connection, "facts.fct_returns")
    events = rows(connection, "facts.fct_return_events")
    files = rows(connection, "facts.fct_report_files")
    told: dict[Any, list[Row]] = defaultdict(list)
    tables: dict[Any, set[str]] = defaultdict(set)
    for event in events:
        told[event["return_key"]].append(event)
        source, day = event["source_code"], event["event_date_local"]
        for step, stages in STEPS.items():
            if event["stage_code"] in stages and day and source != "resales":
                tables[event["seller_id"], step].add(TABLES.get(source, source))
    statuses = {row["return_key"]: row["return_status"] for row in returns}
    found = []
    for row in (row for row in progress if row["is_counted"]):
        own = told[row["return_key"]]
        scans = [e["event_date_local"] for e in own if e["stage_code"] == "in_transit"]
        days = {
            "requested": row["requested_date"],
            "shipped": min((day for day in scans if day), default=None),
            "received": row["received_date"],
            "refunded": row["refunded_date_local"],
        }
        states = {"received": row["receipt_status"], "refunded": row["refund_status"]}
        until = {
            "received": row["receipts_known_until_date"],
            "refunded": row["refunds_known_until_date"],
        }
        for step in STEPS:
            start = days["requested" if step == "authorised" else "received"]
            names = tables[row["seller_id"], step]
            until[step] = _reach(row["seller_id"], names, start, files)
            days[step], states[step] = _step(
                step, own, statuses[row["return_key"]], until[step]
            )
        found.append({**row, "days": days, "states": states, "until": until})
    return found


def _reach(
    seller: str, tables: set[str], start: date | None, files: list[Row]
) -> date | None:
    """Return the newest day of a seller's files, if they are as old as ``start``."""
    own = [
        (file["covered_from_date"], file["known_until_date"])
        for file in files
        if file["seller_id"] == seller
        and file["lake_table_name"] in tables
        and file["is_covering"]
    ]
    if not own or start is None or start < min(first for first, _ in own):
        return None
    return max(last for _, last in own)


def _step(
    step: str, events: list[Row], status: str | None, until: date | None
) -> tuple[date | None, str]:
    """Return the first day of a step and what is known of it."""
    own = [event for event in events if event["stage_code"] in STEPS[step]]
    days = [e["event_date_local"] for e in own if e["event_date_local"]]
    if days:
        return min(days), "done"
    if own:
        return None, "unknown"
    if step == "authorised" and status in ("cancelled", "closed", "rejected"):
        return None, "not_applicable"
    if step == "inspected" and any(e["stage_code"] in GOODS for e in events):
        return None, "not_applicable"
    return None, "open" if until else "unknown"


def stages_of(returns: list[Row]) -> list[Stage]:
    """Return every started stage of every return with a target."""
    targets = {(r["stage_code"], r["channel"]): r for r in seed("stage_targets")}
    return [
        _stage(row, name, start, end, int(target["target_days"]))
        for row in returns
        for name, (start, end) in ENDS.items()
        if (target := targets.get((name, row["channel"])))
        and row["days"][start] is not None
    ]


def _stage(row: Row, name: str, start: str, end: str, target: int) -> Stage:
    began, ended, until = row["days"][start], row["days"][end], row["until"][end]
    state, days, watched = row["states"][end], None, None
    if state == "done":
        days = (ended - began).days
        state = "closed" if days >= 0 else "ended_before_start"
        watched = days if days >= 0 else None
    elif state == "open" and until and until >= began:
        watched = (until - began).days
    is_timed = state in ("closed", "open")
    return {
        **{name: row[name] for name in ("seller_id", "marketplace_code", "channel")},
        "sku": row["sku"] or "unknown",
        "month": month_of(began),
        "stage": name,
        "state": state,
        "started": began,
        "ended": ended,
        "days": days,
        "watched": watched,
        "target": target,
        "is_due": bool(is_timed and until and (until - began).days > target),
        "is_good": state == "closed" and days <= target,
    }


def path_of(row: Row, window: int) -> list[tuple[str, date, dict[str, int]]]:
    """Return a return's days between its steps, whole and within the window."""
    days = row["days"]
    start = days["requested"] or days["received"]
    paid = days["refunded"] if row["states"]["refunded"] == "done" else None
    if start is None or row["states"]["refunded"] not in ("done", "open"):
        return []
    if row["states"]["refunded"] == "done" and (paid is None or paid < start):
        return []
    points = [("request", days["requested"])]
    shipped, received = days["shipped"], days["received"]
    if not (shipped and received and shipped > received):
        points.append(("shipment", shipped))
    points += [("receipt", received), ("inspection", days["inspected"])]
    way: list[tuple[str, date]] = []
    for name, day in points:
        if day is None or day < start or (paid and day > paid):
            continue
        if not way or day >= way[-1][1]:
            way.append((name, day))
    cohorts = []
    if paid:
        cohorts.append(("completed", month_of(paid), paid))
    until, end = row["until"]["refunded"], start + timedelta(days=window)
    if until and until >= end:
        cohorts.append(("started", month_of(start), min(paid or end, end)))
    return [
        (cohort, month, _cut(way, paid or date.max, cut))
        for cohort, month, cut in cohorts
    ]


def _cut(way: list[tuple[str, date]], last: date, cut: date) -> dict[str, int]:
    ends = [*way[1:], ("refund", last)]
    return {
        f"{name}_to_{next_name}": (min(next_day, cut) - day).days
        for (name, day), (next_name, next_day) in zip(way, ends, strict=True)
        if day <= cut
    }
