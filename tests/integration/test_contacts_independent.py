"""Answers to buyers against plain Python, every row of the marts.

Waits come from the facts, which other tests hold against what really happened; clocks,
deadlines, cuts, responsible agents and Kaplan-Meier (scipy's) are worked out here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, share, wilson
from tests.integration.service_reference import Row, Tables, local, minutes, survival

PLACE = ("seller_id", "marketplace_code", "channel", "month_start_date")
CUT = (*PLACE, "cut_code", "cut_value")


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> Iterator[Tables]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Tables(connection)


def waits_of(tables: Tables) -> list[Row]:
    """Every wait with what the marts count of it."""
    tickets = {
        (row["_seller_id"], row["ticket_id"]): row
        for row in sorted(tables["raw.tickets"], key=lambda r: r["updated_at"] or "")
    }
    conversations: dict[Any, list[Row]] = defaultdict(list)
    for wait in tables["facts.fct_conversation_segments"]:
        conversations[wait["seller_id"], wait["ticket_id"]].append(wait)
    waits = []
    for key, segments in conversations.items():
        segments.sort(key=lambda w: w["first_buyer_message_at"])
        end = resolved_at(segments, tickets.get(key))
        for number, wait in enumerate(segments):
            wait = dict(wait)
            asked = wait["first_buyer_message_at"]
            watched = minutes(asked, wait["observed_until_at"])
            answer = wait["replied_at"] and minutes(asked, wait["replied_at"])
            day = local(asked, wait["marketplace_code"])
            assignee = tickets.get(key, {}).get("assignee")
            wait |= {
                "month_start_date": month_of(day.date()),
                "watched": watched,
                "answer": answer,
                "is_first": number == 0,
                "end": end if number == 0 else None,
                "cuts": {
                    "all": "all",
                    "agent": wait["agent_id"] or assignee or "unknown",
                    "automatic_reply": "yes" if wait["has_automatic_reply"] else "no",
                    "hour": str(day.hour),
                    "language": wait["language_code"],
                    "return_linked": "yes" if wait["is_return_linked"] else "no",
                    "weekday": str(day.isoweekday()),
                },
            }
            waits.append(wait)
    return waits


def resolved_at(segments: list[Row], ticket: Row | None) -> tuple[str, datetime] | None:
    if any(wait["replied_at"] is None for wait in segments):
        return None
    if ticket is None:
        return "last_answer", max(wait["replied_at"] for wait in segments)
    if not ticket["solved_at"]:
        return None
    solved = datetime.fromisoformat(ticket["solved_at"])
    began = segments[0]["first_buyer_message_at"]
    return ("stated", solved) if solved >= began else None


def counts_of(waits: list[Row]) -> Row:
    """The columns of one row of the mart."""
    first = [w for w in waits if w["is_first"]]
    answered = [w["answer"] for w in waits if w["answer"] is not None]
    row: Row = {
        "wait_count": len(waits),
        "conversation_count": len(first),
        "return_linked_count": sum(w["is_return_linked"] for w in waits),
        "repeated_question_count": sum(w["buyer_message_count"] > 1 for w in waits),
        "automatic_reply_count": sum(w["has_automatic_reply"] for w in waits),
        "answered_count": len(answered),
        "open_count": len(waits) - len(answered),
        "resolved_count": sum(w["end"] is not None for w in waits),
        "resolution_stated_count": sum(
            w["end"] is not None and w["end"][0] == "stated" for w in waits
        ),
    }
    for hours in (24, 48):
        due = [w for w in waits if w["watched"] > hours * 60]
        good = [w for w in due if w["answer"] is not None and w["answer"] <= hours * 60]
        row[f"due_in_{hours}_hours_count"] = len(due)
        row[f"within_{hours}_hours_count"] = len(good) if due else None
        row[f"within_{hours}_hours_share"] = share(len(good), len(due))
        low, high = wilson(len(good), len(due))
        row[f"within_{hours}_hours_share_low"] = low
        row[f"within_{hours}_hours_share_high"] = high
        if hours == 24:
            late = [w for w in due if w not in good]
            row["unanswered_after_24_hours_count"] = (
                sum(w["answer"] is None for w in due) if due else None
            )
            row["only_automatic_in_24_hours_count"] = (
                sum(w["has_automatic_reply"] for w in late) if due else None
            )
    row["automatic_reply_share"] = share(row["automatic_reply_count"], len(waits))
    row["answered_hours"] = sum(answered) / 60 if answered else None
    return row


def clocks_of(waits: list[Row]) -> dict[str, tuple[list[float], list[float]]]:
    """Hours that ended and hours still watched, of each clock."""
    clocks: dict[str, tuple[list[float], list[float]]] = {
        name: ([], []) for name in ("response", "first_response", "resolution")
    }
    for wait in waits:
        asked = wait["first_buyer_message_at"]
        spans = {"response": wait["answer"]}
        if wait["is_first"]:
            spans["first_response"] = wait["answer"]
            spans["resolution"] = wait["end"] and minutes(asked, wait["end"][1])
        for name, span in spans.items():
            ended, watched = clocks[name]
            (watched if span is None else ended).append(
                (wait["watched"] if span is None else span) / 60
            )
    return clocks


def test_every_row_of_contact_response(tables: Tables) -> None:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for wait in waits_of(tables):
        for code, value in wait["cuts"].items():
            groups[(*(wait[name] for name in PLACE), code, value)].append(wait)
    mart = tables.mart("kpi_contact_response_by_cut_month", *CUT)
    assert set(mart) == set(groups)
    percentiles = 0
    for key, waits in groups.items():
        row = mart[key]
        for name, value in counts_of(waits).items():
            tolerance = 0.01 if name == "answered_hours" else 2e-6
            assert close(row[name], value, tolerance), (key, name, row[name], value)
        for clock, (ended, watched) in clocks_of(waits).items():
            for percent in (50, 75, 90, 95):
                found = row[f"{clock}_p{percent}_hours"]
                expected = survival(ended, watched, percent)
                assert close(found, expected, 0.011), (key, clock, percent, found)
                percentiles += expected is not None and len(watched) > 0
    assert percentiles > 20, "no percentile was estimated beside an open case"
    total = [row for key, row in mart.items() if key[-2] == "all"]
    assert sum(row["open_count"] for row in total) > 2
    assert sum(row["only_automatic_in_24_hours_count"] or 0 for row in total) > 2


def test_the_total_is_the_cut_of_everything(tables: Tables) -> None:
    cuts = tables.mart("kpi_contact_response_by_cut_month", *CUT)
    rows = tables.mart("kpi_contact_response_by_marketplace_month", *PLACE)
    assert {(*key, "all", "all") for key in rows} == {k for k in cuts if k[4] == "all"}
    for key, row in rows.items():
        whole = cuts[(*key, "all", "all")]
        assert row == {name: whole[name] for name in row}
