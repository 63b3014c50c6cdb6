"""Stages of returns against their sources' own times, and units against the truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.test_outcomes_independent import Row, rows

# Where each source keeps its own time: table, key, instants by stage ("" for all).
INSTANTS = {
    "settlements": ("facts.fct_refunds", "refund_key", {"": "posted_at"}),
    "fba_returns": (
        "staging.stg_amazon_sp__fba_returns", "return_key", {"received": "received_at"},
    ),
    "reimbursements": (
        "facts.fct_reimbursements", "reimbursement_key", {"": "approved_at"},
    ),
    "replacements": ("facts.fct_replacements", "replacement_key", {"": "shipped_at"}),
    "removals": (
        "facts.fct_removals", "removal_key",
        {"decided": "requested_at", "": "last_shipped_at"},
    ),
    "resales": ("facts.fct_order_lines", "order_line_key", {"": "ordered_at"}),
    "warehouse_events": (
        "staging.stg_operations__return_events", "warehouse_event_key",
        {"": "event_at"},
    ),
    "inspections": (
        "staging.stg_operations__inspections", "inspection_key",
        {"inspected": "inspected_at", "received": "received_at"},
    ),
    "checkpoints": (
        "staging.stg_operations__carrier_checkpoints", "checkpoint_key",
        {"": "checkpoint_at"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    home = demo_run.home
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        connection.execute("use warehouse")
        for name in ("outcomes", "returns"):
            path = home.demo / "truth" / f"{name}.parquet"
            connection.execute(
                f"create temp view true_{name} as select * from '{path}'"
            )
        yield connection


def source_times(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, Row]:
    table, key, columns = INSTANTS[source]
    wanted = ", ".join(sorted(set(columns.values())))
    # a settlement that states only the day has midnight for an instant
    known = " where posted_precision = 'second'" if source == "settlements" else ""
    return {
        row["key"]: row
        for row in rows(
            connection, f"select {key} as key, {wanted} from {table}{known}"
        )
    }


@pytest.mark.parametrize("source", INSTANTS)
def test_no_event_has_a_time_its_source_does_not_state(
    warehouse: duckdb.DuckDBPyConnection, source: str
) -> None:
    times = source_times(warehouse, source)
    columns = INSTANTS[source][2]
    events = rows(
        warehouse,
        f"select * from facts.fct_return_events where source_code = '{source}'",
    )
    assert events
    for event in events:
        column = columns.get(event["stage_code"], columns.get(""))
        stated = times.get(event["evidence_key"], {})
        expected = stated.get(column) if column else None
        assert event["event_at"] == expected, event
        assert (event["event_precision"] == "second") == (expected is not None)


def test_the_flat_report_knows_days_and_states_only(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    reports = {
        row["return_key"]: row
        for row in rows(warehouse, "select * from staging.stg_amazon_sp__mfn_returns")
    }
    days = {"requested": "requested_date", "received": "received_date"}
    for event in rows(
        warehouse,
        "select * from facts.fct_return_events where source_code = 'mfn_returns'",
    ):
        stated = reports[event["evidence_key"]]
        column = days.get(event["stage_code"])
        assert event["event_at"] is None
        assert event["event_date_local"] == (stated[column] if column else None)
        assert (event["event_number"] is None) == (column is None)


def test_each_return_is_requested_and_received_as_in_truth(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """One request of all units on its day; a receipt where there was one."""
    looks = "amazon_order_id, sku, amazon_rma_id"
    events = (
        f"select {looks}, stage_code, min(event_date_local) as day,"
        " sum(quantity) as units from facts.fct_return_events"
        f" join (select return_key, amazon_rma_id from facts.fct_returns"
        " where channel = 'mfn' and amazon_rma_id is not null) using (return_key)"
        " where stage_code in ('requested', 'received') group by all"
    )
    truth = (
        f"select {looks}, requested_date as requested, received_date as received,"
        " sum(returned_quantity) as units from true_returns"
        " where is_in_files and channel = 'mfn' and amazon_rma_id is not null"
        " group by all"
    )
    compared = rows(
        warehouse,
        f"select t.*, e.stage_code, e.day, e.units as told_units from ({truth}) as t"
        f" join ({events}) as e using ({looks})",
    )
    requested = [row for row in compared if row["stage_code"] == "requested"]
    assert len(requested) > 50
    assert all(row["day"] == row["requested"] for row in requested)
    assert all(row["told_units"] == row["units"] for row in requested)
    received = [row for row in compared if row["stage_code"] == "received"]
    # a carrier may scan a parcel at the door the day before it is booked
    near = [row for row in received if abs((row["received"] - row["day"]).days) <= 1]
    assert len(near) >= 0.97 * len(received) > 0


def test_events_are_numbered_in_order_of_their_days(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for event in rows(
        warehouse,
        "select * from facts.fct_return_events where event_number is not null",
    ):
        grouped[event["return_key"]].append(event)
    for events in grouped.values():
        events.sort(key=lambda event: event["event_number"])
        numbers = [event["event_number"] for event in events]
        days = [event["event_date_local"] for event in events]
        assert numbers == list(range(1, len(events) + 1))
        assert days == sorted(days)
    wanted = ("refunded", "received")
    early = [
        events
        for events in grouped.values()
        if [e["stage_code"] for e in events if e["stage_code"] in wanted]
        == list(wanted)
    ]
    assert len(early) > 5


def test_ends_are_the_true_ones(warehouse: duckdb.DuckDBPyConnection) -> None:
    """What we say has ended has ended so; most of what has ended we know of.

    Units of one order and SKU cannot be told apart, so their ends are compared as a
    multiset. Steps that no tool wrote down stay unknown.
    """
    looks = "amazon_order_id, sku"
    counts: dict[str, dict[tuple[Any, ...], Counter[str]]] = {}
    for name, query in {
        # the report calls a unit returned to stock before it lies on its shelf
        "truth": f"select {looks}, if(channel = 'fba' and eventual_outcome_code"
        " = 'restocked', 'restocked', outcome_code) from true_outcomes"
        " where is_return_in_files and unit_kind = 'returned'",
        "found": f"select {looks}, outcome_code from facts.fct_return_outcomes"
        " where is_counted and return_key is not null",
    }.items():
        counts[name] = defaultdict(Counter)
        for order, sku, end in warehouse.execute(query).fetchall():
            counts[name][order, sku][end] += 1
    right = wrong = unknown = 0
    for item, ends in counts["found"].items():
        true_ends = counts["truth"][item]
        agreed = ends & true_ends
        right += agreed.total() - agreed["open"]
        unknown += max(ends["open"] - true_ends["open"], 0)
        wrong += ends.total() - ends["open"] - (agreed.total() - agreed["open"])
    assert right > 100
    assert wrong <= 0.01 * (right + wrong)
    assert unknown <= 0.1 * right
