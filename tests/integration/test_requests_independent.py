"""Return requests, and what failures do to feedback, against plain Python.

Every request is judged again from returns, events and feedback; late answers also by
what really happened. The matched difference: in exact fractions, and as the coefficient
of a regression with one constant a stratum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.kpi_reference import close, month_of, share, wilson
from tests.integration.service_reference import (
    Row,
    Tables,
    mantel_haenszel,
    minutes,
    regression,
)

PLACE = ("seller_id", "marketplace_code", "channel", "month_start_date")
ORDER = ("seller_id", "amazon_order_id")
READ = ("seller_id", "marketplace_code", "report_code", "covered_date")
HOURS = 48
ANSWERS = {"authorised", "label_issued", "closed"}


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> Iterator[Tables]:
    truth = demo_run.home.demo / "truth"
    with duckdb.connect(demo_run.home.warehouse) as connection:
        for name in ("returns", "events"):
            path = truth / f"{name}.parquet"
            connection.execute(f"create temp view true_{name} as from '{path}'")
        yield Tables(connection)


def requests_of(tables: Tables) -> list[Row]:
    """Every request, judged by walking its returns and what happened to them."""
    told: dict[str, list[Row]] = defaultdict(list)
    for event in tables["facts.fct_return_events"]:
        if event["stage_code"] not in ("requested", "other"):
            told[event["return_key"]].append(event)
    groups: dict[Any, list[Row]] = defaultdict(list)
    for line in tables["facts.fct_returns"]:
        if line["channel"] in ("mfn", "seller_flex") and line["requested_date"]:
            rma = line["amazon_rma_id"] or f"on {line['requested_date']}"
            groups[line["seller_id"], line["amazon_order_id"], rma].append(line)
    ends = {r["seller_id"]: r["data_as_of_date"] for r in tables["facts.dim_sellers"]}
    orders = tables.mart_of("facts.fct_returned_orders", *ORDER)
    windows = tables.mart_of("facts.fct_feedback_windows", *ORDER)
    days = tables.mart_of("facts.dim_report_days", *READ)
    return [
        judged(
            key,
            lines,
            [event for line in lines for event in told[line["return_key"]]],
            ends[key[0]],
            orders.get(key[:2], {}).get("negative_feedback_date"),
            windows.get(key[:2], {}).get("window_status", "uncovered"),
            days,
        )
        for key, lines in groups.items()
    ]


def judged(
    key: Any, lines: list[Row], events: list[Row], end: Any, bad: Any, window: str,
    read: Any,
) -> Row:  # fmt: skip
    day = min(line["requested_date"] for line in lines)
    asked = min((x["requested_at"] for x in lines if x["requested_at"]), default=None)
    answers = [e for e in events if e["stage_code"] in ANSWERS]
    refunds = [e for e in events if e["stage_code"] == "refunded"]
    at = min((e["event_at"] for e in answers if e["event_at"]), default=None)
    days, paid, traces = (
        [(e["event_date_local"] - day).days for e in part if e["event_date_local"]]
        for part in (answers, refunds, events)
    )
    # a refund within the deadline is an answer as well
    for when in [e["event_at"] for e in refunds if asked and e["event_at"]]:
        at = min(at or when, when) if minutes(asked, when) <= HOURS * 60 else at
    days += [number for number in paid if number <= HOURS / 24]
    if (end - day).days - 1 < HOURS / 24:
        status = "not_yet_due"
    elif asked and at:
        status = "in_time" if minutes(asked, at) <= HOURS * 60 else "late"
    elif days:
        surely = {"in_time": min(days) + 1 <= 2, "late": min(days) - 1 >= 2}
        status = next((name for name, holds in surely.items() if holds), "undecided")
    elif traces and min(traces) + 1 <= HOURS / 24:
        status = "in_time"
    elif not events and any(line["return_status"] for line in lines):
        status = "unanswered"
    else:
        status = "undecided"
    wrong = any(x["return_status"] == "rejected" and x["is_in_policy"] for x in lines)
    late, negative = status in ("late", "unanswered"), bool(bad and bad >= day)
    place = (lines[0]["marketplace_code"], lines[0]["channel"])
    is_read = (key[0], place[0], "seller_feedback", day) in read
    return {
        "place": (key[0], *place, month_of(day)),
        "counted": any(line["is_counted"] for line in lines),
        "status": status,
        "late": late,
        "is_hour": bool(
            status not in ("not_yet_due", "undecided")
            and asked and (at or status == "unanswered")
        ),
        "is_day": status != "not_yet_due" and bool(days or status == "unanswered"),
        "two_days": bool(days) and min(days) <= 2,
        "read": window == "covered" or (window == "not_yet_due" and is_read),
        "rejected": any(line["return_status"] == "rejected" for line in lines),
        "wrong": wrong,
        "negative": negative,
        "bad": late or wrong or negative,
    }  # fmt: skip


def columns_of(requests: list[Row]) -> Row:
    asked = [r for r in requests if r["counted"]]
    hour = [r for r in asked if r["is_hour"]]
    day = [r for r in asked if r["is_day"]]
    read = [r for r in asked if r["read"]]
    full = [r for r in hour if r["read"]]
    vague = ("not_yet_due", "undecided")
    doubt = [r for r in asked if r["bad"] or not r["read"] or r["status"] in vague]
    row: Row = {
        "request_count": len(asked),
        "cancelled_request_count": len(requests) - len(asked),
        "response_judged_count": len(hour),
        "response_day_known_count": len(day),
        "rejected_count": sum(r["rejected"] for r in asked),
        "feedback_read_count": len(read),
        "judged_count": len(full),
        "least_dissatisfied_count": sum(r["bad"] for r in asked),
        "most_dissatisfied_count": len(doubt),
        "judged_share": share(len(full), len(asked)),
        "least_dissatisfaction_rate": share(sum(r["bad"] for r in asked), len(asked)),
        "most_dissatisfaction_rate": share(len(doubt), len(asked)),
    }
    for rate, count, base, name in (
        ("late_response_rate", "late_response_count", hour, "late"),
        ("within_deadline_days_rate", "within_deadline_days_count", day, "two_days"),
        ("invalid_rejection_rate", "invalid_rejection_count", asked, "wrong"),
        ("negative_return_feedback_rate", "negative_feedback_count", read, "negative"),
        ("dissatisfaction_rate", "dissatisfied_count", full, "bad"),
    ):
        hits = sum(r[name] for r in base)
        row[count] = hits if base or count.startswith("invalid") else None
        row[rate] = share(hits, len(base))
        row[f"{rate}_low"], row[f"{rate}_high"] = wilson(hits, len(base))
    return row


def test_every_row_of_return_dissatisfaction(tables: Tables) -> None:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for request in requests_of(tables):
        groups[request["place"]].append(request)
    mart = tables.mart("kpi_return_dissatisfaction_by_marketplace_month", *PLACE)
    assert set(mart) == set(groups)
    for key, requests in groups.items():
        for name, value in columns_of(requests).items():
            assert close(mart[key][name], value), (key, name, mart[key][name], value)
    assert sum(row["response_judged_count"] for row in mart.values()) > 10
    most, least = (f"{end}_dissatisfied_count" for end in ("most", "least"))
    assert any(row[most] > row[least] for row in mart.values())


def test_late_answers_are_the_true_ones(tables: Tables) -> None:
    """Judged to the hour or by days, no verdict contradicts what really happened."""
    lines = {row["return_id"]: row for row in tables["true_returns"]}
    answered: dict[Any, Any] = {}
    for event in tables["true_events"]:
        if event["stage_code"] in ("authorised", "closed", "refunded"):
            at = answered.get(event["return_id"], event["event_at"])
            answered[event["return_id"]] = min(at, event["event_at"])
    truth: dict[Any, set[bool]] = defaultdict(set)
    for number, line in lines.items():
        if line["amazon_rma_id"] and number in answered:
            wait = answered[number] - line["requested_at"]
            key = (line["seller_id"], line["amazon_order_id"], line["amazon_rma_id"])
            truth[key].add(wait > timedelta(hours=HOURS))
    checked: Counter[str] = Counter()
    for row in tables["facts.fct_return_requests"]:
        late = truth.get((row["seller_id"], row["amazon_order_id"], row["request_id"]))
        if late and row["response_status"] in ("in_time", "late"):
            assert (row["response_status"] == "late") in late, row["request_id"]
            checked[row["response_status"]] += 1
    assert checked["in_time"] > 20
    assert checked["late"] > 0


def exposures_of(tables: Tables) -> Iterator[tuple[Any, str, Any, bool, bool]]:
    """Each compared order: place, exposure, stratum, whether exposed, rated badly."""
    windows = tables.mart_of("facts.fct_feedback_windows", *ORDER)
    due = {row["return_key"]: row for row in tables["facts.fct_refund_deadlines"]}
    lines, waits = defaultdict(list), defaultdict(list)
    for line in tables["facts.fct_returns"]:
        if line["is_counted"]:
            lines[line["seller_id"], line["amazon_order_id"]].append(line)
    for wait in tables["facts.fct_contact_waits"]:
        if wait["is_due_in_24_hours"]:
            waits[wait["seller_id"], wait["amazon_order_id"]].append(wait)
    for order in tables["facts.fct_returned_orders"]:
        key = (order["seller_id"], order["amazon_order_id"])
        began, bad = order["first_returned_date"], order["negative_feedback_date"]
        if began is None or windows[key]["window_status"] != "covered":
            continue
        mine = [due[line["return_key"]] for line in lines[key]]
        starts = {"wrongly_judged": (began, any(map(is_wrong, lines[key], mine)))}
        ripe = [row for row in mine if row["is_due"]]
        if ripe:
            slow = any(row["deadline_status"] in ("late", "missing") for row in ripe)
            starts["slow_refund"] = (max(r["refund_due_date"] for r in ripe), slow)
        from_day = began - timedelta(days=1)
        asked = [w for w in waits[key] if w["asked_date_local"] >= from_day]
        if asked:
            last = max(wait["asked_date_local"] for wait in asked)
            slow = any(not wait["is_within_24_hours"] for wait in asked)
            starts["slow_answer"] = (last + timedelta(days=1), slow)
        parties = [x["stated_fault_party"] or "zzz" for x in lines[key]]
        party = min(parties).replace("zzz", "unknown")
        stratum = (*(order[name] for name in PLACE[1:]), party)
        for code, (start, is_exposed) in starts.items():
            if start < windows[key]["window_end_date"] and not (bad and bad < start):
                yield key[0], code, stratum, is_exposed, bad is not None


def is_wrong(line: Row, deadline: Row) -> bool:
    payers = line["label_payer"], line["expected_label_payer"]
    rejected = line["return_status"] == "rejected" and line["is_in_policy"]
    partly = deadline["is_partially_refunded"]
    return bool(partly or rejected or payers == ("buyer", "seller"))


def test_every_row_of_the_feedback_effect(tables: Tables) -> None:
    """By fractions, and as a regression with a constant a stratum."""
    rows: dict[Any, list[tuple[Any, bool, bool]]] = defaultdict(list)
    for seller, code, stratum, is_exposed, is_bad in exposures_of(tables):
        for place in (stratum[:2], ("all", "all")):
            rows[seller, *place, code].append((stratum, is_exposed, is_bad))
    keys = ("seller_id", "marketplace_code", "channel", "exposure_code")
    mart = tables.mart(
        "kpi_feedback_effect_by_marketplace_month", *keys, "month_start_date"
    )
    assert set(mart) == {
        (*key, stratum[2]) for key, cases in rows.items() for stratum, *_ in cases
    }
    verdicts: Counter[str] = Counter()
    for key, row in mart.items():
        month = key[-1]
        first = month.replace(year=month.year - 1)
        cases = [case for case in rows[key[:-1]] if first < case[0][2] <= month]
        check_effect(key, row, cases)
        verdicts[row["effect_verdict"]] += 1
    assert verdicts["too_few"] > 0
    assert any(row["matched_difference"] is not None for row in mart.values())


def check_effect(key: Any, row: Row, cases: list[tuple[Any, bool, bool]]) -> None:
    strata: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for stratum, is_exposed, is_bad in cases:
        counts = strata[stratum]
        counts[1 if is_exposed else 3] += 1
        counts[0 if is_exposed else 2] += is_bad
    x1, n1, x0, n0 = map(sum, zip(*strata.values(), strict=True))
    assert (row["exposed_count"], row["other_count"]) == (n1, n0), key
    assert (row["exposed_negative_count"], row["other_negative_count"]) == (x1, x0)
    assert close(row["exposed_rate"], share(x1, n1)), key
    assert close(row["other_rate"], share(x0, n0)), key
    both = [s for s in strata.values() if s[1] and s[3]]
    assert row["matched_stratum_count"] == len(both)
    sides = [sum(s[place] for s in both) for place in (1, 3)]
    assert [row["matched_exposed_count"], row["matched_other_count"]] == sides
    difference, margin = mantel_haenszel(strata.values())
    assert close(row["matched_difference"], difference), key
    if difference is None:
        assert row["effect_verdict"] == "too_few"
        return
    assert close(float(row["matched_difference"]), regression(cases)), key
    ratings = sum(s[0] + s[2] for s in both)
    if margin is None or min(sides) < 20 or ratings < 10:
        verdict = "too_few"
    elif abs(difference) <= margin:
        verdict = "unclear"
    else:
        verdict = "more_bad_feedback" if difference > 0 else "less_bad_feedback"
    assert row["effect_verdict"] == verdict, key
    low, high = (None, None) if margin is None else (-margin, margin)
    for name, end in (("low", low), ("high", high)):
        expected = None if end is None else difference + end
        assert close(row[f"matched_difference_{name}"], expected), key
