"""Account risk against plain Python: every row, from facts and Amazon's figures.

Own counts walk orders, requests and waits over each window; Amazon's figures are read
off the raw health facts; distances, head room, trend and days are worked out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.account_trends import METRICS, add_trends, check_trend, rates
from tests.integration.kpi_reference import close, month_of, share
from tests.integration.service_reference import Row, Tables, month_steps

KEYS = ("seller_id", "marketplace_code", "channel", "metric_code", "month_start_date")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def tables(demo_run: RunOutcome) -> Iterator[Tables]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield Tables(connection)


def cases_of(tables: Tables) -> dict[Any, list[tuple[date, bool, bool]]]:
    """Day, whether it can be judged, whether it went wrong: every metric's cases."""
    cases: dict[Any, list[tuple[date, bool, bool]]] = defaultdict(list)

    def add(row: Row, channel: str, metric: str, *case: Any) -> None:
        cases[row["seller_id"], row["marketplace_code"], channel, metric].append(case)

    orders: dict[Any, Row] = {}
    for line in tables["facts.fct_order_lines"]:
        if not line["is_multi_channel"] and line["ordered_date_local"]:
            orders[line["seller_id"], line["amazon_order_id"]] = line
    bad: dict[Any, set[str]] = defaultdict(set)
    for row in tables["facts.fct_feedback"]:
        if row["rating"] in (1, 2):
            key = row["seller_id"], row["amazon_order_id"]
            bad[key].add("negative_feedback_rate")
    kinds = {"a_to_z": "a_to_z_claim_rate", "chargeback": "chargeback_rate"}
    for row in tables["facts.fct_refunds"]:
        if row["refund_type"] in kinds:
            key = row["seller_id"], row["amazon_order_id"]
            bad[key].add(kinds[row["refund_type"]])
    for key, line in orders.items():
        day, faults = line["ordered_date_local"], bad[key]
        add(line, line["channel"], "order_defect_rate", day, True, bool(faults))
        for metric in ("negative_feedback_rate", *kinds.values()):
            add(line, line["channel"], metric, day, True, metric in faults)
    for row in tables["facts.fct_return_requests"]:
        if not row["is_counted"]:
            continue
        day, hour, read = (
            row[n] for n in ("requested_date", "is_response_judged", "is_feedback_read")
        )
        late = row["response_status"] in ("late", "unanswered")
        negative, wrong = row["has_negative_feedback"], row["is_wrongly_rejected"]
        faulty = late or negative or wrong
        add(row, "mfn", "return_dissatisfaction_rate", day, hour and read, faulty)
        add(row, "mfn", "negative_return_feedback_rate", day, read, negative)
        add(row, "mfn", "late_response_rate", day, hour, late)
        add(row, "mfn", "invalid_rejection_rate", day, True, wrong)
    for row in tables["facts.fct_contact_waits"]:
        due, late = row["is_due_in_24_hours"], not row["is_within_24_hours"]
        day = row["asked_date_local"]
        add(row, "all", "contact_response_rate", day, due, late)
    return cases


def figures_of(tables: Tables) -> dict[Any, Row]:
    """Amazon's newest figure of each place, metric and month."""
    health = tables["facts.fct_account_health"]
    contacts: dict[Any, dict[str, float]] = defaultdict(dict)
    states: dict[Any, str] = {}
    for row in health:
        place = row["seller_id"], row["marketplace_code"]
        span = row["reporting_start_date"], row["reporting_end_date"]
        if "24_hours" in row["metric_name"]:
            contacts[*place, *span][row["metric_name"]] = float(row["metric_value"])
        if row["metric_value"] is None and row["report_code"] != "seller_performance":
            states[*place, row["metric_name"], span[1]] = row["metric_status"]
    names = {m["amazon_metric_name"]: m for m in METRICS.values()}
    figures: dict[Any, Row] = {}
    for row in sorted(health, key=lambda r: r["reporting_end_date"]):
        metric = names.get(row["metric_name"])
        old = row["report_code"] != "seller_performance"
        days = (row["reporting_end_date"] - row["reporting_start_date"]).days
        if old and (metric is None or days != int(metric["window_days"])):
            continue
        end = row["reporting_end_date"] - (DAY if old else 0 * DAY)
        code = metric["metric_code"] if metric else row["metric_name"]
        channel = row["fulfillment_channel"]
        if metric and metric["channel"] != "each":
            channel = metric["channel"]
        figure = {**row, "end": end, "bad": row["defect_count"]}
        figure["base"] = row["base_count"]
        # over no case Amazon's 0 is no rate
        figure["rate"] = None if row["base_count"] == 0 else row["metric_rate"]
        place = row["seller_id"], row["marketplace_code"]
        if code == "contact_response_rate":
            span = row["reporting_start_date"], row["reporting_end_date"]
            numbers = contacts[*place, *span]
            whole = sum(numbers.values())
            late = whole - numbers["response_under24_hours"]
            rate = share(whole - late, whole)
            figure |= {"bad": late, "base": whole, "rate": rate}
        if metric and old:
            state = metric["amazon_status_metric_name"]
            figure["metric_status"] = states.get(
                (*place, state, row["reporting_end_date"])
            )
        figures[*place, channel, code, month_of(end)] = figure
    return figures


def windows_of(tables: Tables) -> Iterator[tuple[Any, Row]]:
    """The own counts and Amazon's figure of every row the mart should have."""
    cases, figures = cases_of(tables), figures_of(tables)
    ends = {r["seller_id"]: r["data_as_of_date"] for r in tables["facts.dim_sellers"]}
    keys = set(figures)
    for place, rows in cases.items():
        first = min(day for day, *_ in rows)
        keys |= {(*place, m) for m in month_steps([first, ends[place[0]]])}
    days = {
        (d["seller_id"], d["marketplace_code"], d["report_code"], d["covered_date"])
        for d in tables["facts.dim_report_days"]
    }
    for key in keys:
        metric, figure, month = METRICS.get(key[3]), figures.get(key), key[4]
        after = (month + 31 * DAY).replace(day=1)
        end = figure["end"] if figure else min(after - DAY, ends[key[0]])
        length = int(metric["window_days"]) if metric else 0
        start = figure["reporting_start_date"] if figure else end - (length - 1) * DAY
        row: Row = {"figure": figure, "start": start, "end": end}
        for name, first, last in (
            ("own", start, end), ("previous", start - length * DAY, start - DAY)
        ):  # fmt: skip
            mine = [c for c in cases.get(key[:4], []) if first <= c[0] <= last]
            row[name] = (
                len(mine), sum(c[1] for c in mine), sum(c[1] and c[2] for c in mine)
            )  # fmt: skip
            span = [first + n * DAY for n in range((last - first).days + 1)]
            needed = (metric or {}).get("needed_reports_text", "").split(",")
            shares = [
                sum((*key[:2], report, day) in days for day in span)
                / ((end - start).days + 1)
                for report in needed if report
            ]  # fmt: skip
            row[f"{name}_covered"] = min(shares, default=1.0)
        yield key, row


def test_every_row_of_account_risk(tables: Tables) -> None:
    expected = dict(windows_of(tables))
    mart = tables.mart("kpi_account_risk_by_marketplace_month", *KEYS)
    assert set(mart) == set(expected)
    add_trends(expected, {key: row["is_higher_better"] for key, row in mart.items()})
    statuses, states = set(), states_of(tables)
    for key, row in mart.items():
        assert row["account_status"] == states.get((*key[:2], key[4])), key
        check_counts(key, row, expected[key])
        check_risk(key, row, expected[key])
        statuses |= {row["risk_status"], row["trend_status"], row["difference_code"]}
    assert {"over_threshold", "inside", "no_amazon_figure"} <= statuses
    assert {"within_chance", "unknown"} <= statuses
    assert any(row["own_rate"] is not None for row in mart.values())


def states_of(tables: Tables) -> dict[Any, str]:
    """The account's newest state of each marketplace and month."""
    told = [f for f in figures_of(tables).values() if f["account_status"]]
    return {
        (f["seller_id"], f["marketplace_code"], month_of(f["end"])): f["account_status"]
        for f in sorted(told, key=lambda figure: figure["end"])
    }


def check_counts(key: Any, row: Row, want: Row) -> None:
    found = tuple(row[f"own_{n}_count"] for n in ("total", "base", "bad"))
    assert found == want["own"], key
    assert row["previous_base_count"] == want["previous"][1], key
    assert row["previous_bad_count"] == want["previous"][2], key
    assert (row["window_start_date"], row["window_end_date"]) == (
        want["start"], want["end"],
    ), key  # fmt: skip
    assert close(row["own_covered_share"], want["own_covered"]), key
    own = rates(want, "own", row["is_higher_better"])
    for place, name in enumerate(("", "_low", "_high")):
        assert close(row[f"own_rate{name}"], own[place] if own else None), (key, name)
    previous = rates(want, "previous", row["is_higher_better"])
    assert close(row["previous_rate"], previous[0] if previous else None), key
    figure = want["figure"] or {}
    rate = figure.get("rate")
    assert close(row["amazon_rate"], None if rate is None else float(rate)), key
    for name in ("bad", "base"):
        assert row[f"amazon_{name}_count"] == figure.get(name), key
    assert row["amazon_status"] == figure.get("metric_status"), key


def check_risk(key: Any, row: Row, want: Row) -> None:
    metric, figure = METRICS.get(key[3], {}), want["figure"] or {}
    limit = figure.get("target_value")
    if limit is None and metric.get("threshold_value"):
        limit = float(metric["threshold_value"])
    rate = row["amazon_rate"] if row["amazon_rate"] is not None else row["own_rate"]
    sign = -1 if row["is_higher_better"] else 1
    if limit is None or rate is None:
        assert row["judged_distance"] is None, key
        assert row["risk_status"] in ("unknown", "inside", "over_threshold", "warning")
        return
    limit, rate = float(limit), float(rate)
    distance = round(sign * (limit - rate), 6)
    assert close(row["judged_distance"], distance), key
    at_least = row["is_higher_better"] and figure.get("target_condition") is None
    warning = metric.get("warning_value")
    near = bool(warning) and sign * (float(warning or 0) - rate) <= 1e-9
    over = distance < 0 or (distance == 0 and not at_least)
    status = "over_threshold" if over else "warning" if near else "inside"
    assert row["risk_status"] == status, (key, rate)
    source = "amazon" if row["amazon_rate"] is not None else "own"
    base, bad = row[f"{source}_base_count"], row[f"{source}_bad_count"]
    if base is not None and bad is not None:
        still = bad
        while not is_over(still + 1, base, limit, row["is_higher_better"]):
            still += 1
        while still and is_over(still, base, limit, row["is_higher_better"]):
            still -= 1
        if base and (still or not is_over(0, base, limit, row["is_higher_better"])):
            assert row["headroom_count"] == still - bad, key
    check_trend(key, row, want, over, limit)


def is_over(bad: int, base: int, limit: float, is_high: bool) -> bool:
    """Tell whether so many bad cases reach the limit."""
    if bad > base:
        return True
    if is_high:
        return round((base - bad) / base, 9) < limit if base else True
    return round(bad / base, 9) >= limit if base else True
