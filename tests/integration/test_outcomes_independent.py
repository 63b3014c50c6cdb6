"""Where units ended, worked out again in plain Python, and against the truth.

The recomputation reads the matches and links (which have tests of their own) and goes
through the units of each return one by one, with the rules written down as lists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome

Row = dict[str, Any]
Ends = dict[str, Counter[str]]

# From the best end to the worst; where a note does not say which unit, in this order.
BEST_FIRST = (
    "resold", "restocked", "reimbursed", "removed", "open", "liquidated", "donated",
    "disposed", "returned_to_buyer", "kept_by_buyer", "lost",
)  # fmt: skip
BELIEVED = ("reimbursement", "resale", "removal", "warehouse_event", "inspection")
STEPS = {"restocked", "resold", "removed", "liquidated", "donated", "disposed"}
STEPS |= {"returned_to_buyer"}
DISPOSITIONS = {
    "restock": "restocked", "resell": "resold", "return_to_supplier": "removed",
    "liquidate": "liquidated", "donate": "donated", "dispose": "disposed",
    "return_to_buyer": "returned_to_buyer", "missing": "lost",
}  # fmt: skip
REMOVALS = {
    "return": "removed", "disposal": "disposed", "liquidation": "liquidated",
    "donation": "donated", "unknown": "removed",
}  # fmt: skip
FBA_STATES = {
    "reimbursed": "reimbursed", "repackaged_successfully": "restocked",
    "immediate_donation": "donated", "immediate_disposal": "disposed",
    "disposed": "disposed",
}  # fmt: skip
LINKED = """
    select l.*, coalesce(l.return_key, l.refund_key) as item_key,
        r.approved_date_local, v.removal_type, v.removed_quantity, v.requested_date,
        v.last_shipped_date, o.ordered_date_local, i.stated_disposition_name,
        i.expected_quantity, i.received_quantity, i.restocked_quantity,
        i.inspected_date, i.received_date, i.updated_date, e.event_type, e.event_date
    from facts.fct_return_links as l
    left join facts.fct_reimbursements as r on l.linked_key = r.reimbursement_key
    left join facts.fct_removals as v on l.linked_key = v.removal_key
    left join facts.fct_order_lines as o on l.linked_key = o.order_line_key
    left join staging.stg_operations__inspections as i
        on l.linked_key = i.inspection_key
    left join staging.stg_operations__return_events as e
        on l.linked_key = e.warehouse_event_key
"""


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    home = demo_run.home
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        connection.execute("use warehouse")
        path = home.demo / "truth" / "outcomes.parquet"
        connection.execute(f"create temp view truth as select * from '{path}'")
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def counted_end(link: Row) -> str:
    """Return what the counts of an inspection without a word say, if they say it."""
    looked_at = link["received_quantity"] or link["expected_quantity"] or 1
    if (link["restocked_quantity"] or 0) >= looked_at:
        return "restock"
    opened = link["inspected_date"] and link["received_quantity"] == 0
    return "missing" if opened and link["expected_quantity"] else ""


def told_end(link: Row) -> tuple[str | None, date | None] | None:
    """Return what a linked record says of its units' end; None if it speaks of none."""
    match link["linked_type"]:
        case "reimbursement":
            return "reimbursed", link["approved_date_local"]
        case "resale":
            return "resold", link["ordered_date_local"]
        case "removal":
            gone = link["removed_quantity"] > 0
            end = REMOVALS[link["removal_type"]] if gone else None
            return end, link["last_shipped_date"] or link["requested_date"]
        case "inspection":
            word = (link["stated_disposition_name"] or counted_end(link)).lower()
            day = link["inspected_date"] or link["received_date"]
            return DISPOSITIONS.get(word, "open"), day or link["updated_date"]
        case "warehouse_event" if link["event_type"] in STEPS:
            return link["event_type"], link["event_date"]
    return None


def laid_out(links: list[Row], count: int) -> list[dict[str, str]]:
    """Give each of ``count`` units what each kind of record says of it."""
    units: list[dict[str, str]] = [{} for _ in range(count)]
    for kind in BELIEVED:
        told = [(link, told_end(link)) for link in links if link["linked_type"] == kind]
        notes = [
            (end[1] or date.min, link["linked_key"], end[0])
            for link, end in told
            if end is not None
            for _ in range(link["matched_quantity"])
        ]
        newest = sorted(notes, reverse=True)[:count]
        ends = sorted(
            (end for _, _, end in newest),
            key=lambda end: BEST_FIRST.index(end) if end else len(BEST_FIRST),
        )
        first = count - len(ends) if kind == "removal" else 0
        for place, end in enumerate(ends, start=first):
            if end and end != "open":
                units[place][kind] = end
    return units


def own_words(item: Row) -> str | None:
    """Return the end the return's own report tells."""
    if item["channel"] == "mfn":
        refused = item["return_status"] in ("cancelled", "rejected", "declined")
        return "kept_by_buyer" if refused or item["is_returnless"] else None
    sellable = item["disposition_code"] == "SELLABLE"
    back = item["return_status"] in ("unit_returned_to_inventory", None)
    if sellable and back:
        return "restocked"
    return FBA_STATES.get(item["return_status"])


def overdue(item: Row, match: Row) -> str | None:
    """Return what time has made of a unit that was not seen."""
    waits = item["receipt_status"] in ("open", "not_applicable")
    if not waits or item["is_returnless"] or not item["is_counted"]:
        return None
    began = item["requested_date"] or item["received_date"]
    reason = match["match_reason"]
    if reason == "no_settlement_data":
        return None
    if match["refund_key"] or reason == "refunded_per_return_report":
        end, days = "lost", 60
    else:
        end, days = "kept_by_buyer", 0 if reason == "closed" else 90
    up_on = (match["refund_posted_date_local"] or began) + timedelta(days=days)
    known = item["receipts_known_until_date"]
    return end if known and up_on <= known else None


@pytest.fixture(scope="module")
def links(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for link in rows(warehouse, LINKED):
        grouped[link["item_key"]].append(link)
    return grouped


def found(warehouse: duckdb.DuckDBPyConnection, condition: str) -> Ends:
    ends: Ends = defaultdict(Counter)
    query = (
        "select coalesce(return_key, refund_key) as item_key, outcome_code"
        f" from facts.fct_return_outcomes where {condition}"
        " and coalesce(not_counted_reason, '') != 'other_currency'"
    )
    for row in rows(warehouse, query):
        ends[row["item_key"]][row["outcome_code"]] += 1
    return ends


def test_every_returned_unit_ends_where_the_rules_say(
    warehouse: duckdb.DuckDBPyConnection, links: dict[str, list[Row]]
) -> None:
    matches: dict[str, list[Row]] = defaultdict(list)
    query = "select * from facts.fct_return_refund_matches where return_key is not null"
    for match in rows(warehouse, query):
        matches[match["return_key"]].append(match)
    returns = rows(
        warehouse,
        "select r.*, p.receipt_status, p.receipts_known_until_date"
        " from facts.fct_returns as r join facts.fct_return_progress as p"
        " using (return_key) where r.returned_quantity > 0",
    )
    expected: Ends = {}
    for item in returns:
        parts = sorted(
            matches[item["return_key"]],
            key=lambda part: (
                part["refund_key"] is None,
                str(part["refund_posted_at"]),
            ),
        )
        slots = [part for part in parts for _ in range(part["matched_quantity"])]
        assert len(slots) == item["returned_quantity"]
        units = laid_out(links.get(item["return_key"], []), len(slots))
        expected[item["return_key"]] = Counter(
            next((unit[kind] for kind in BELIEVED if kind in unit), None)
            or own_words(item)
            or overdue(item, slot)
            or "open"
            for unit, slot in zip(units, slots, strict=True)
        )
    assert found(warehouse, "return_key is not null") == expected
    assert len({end for ends in expected.values() for end in ends}) >= 9


def test_every_unit_refunded_without_a_return_ends_where_the_rules_say(
    warehouse: duckdb.DuckDBPyConnection, links: dict[str, list[Row]]
) -> None:
    reach = {
        (row["seller_id"], row["channel"]): row["until"]
        for row in rows(
            warehouse,
            "select seller_id, if(lake_table_name = 'fba_returns', 'fba', 'mfn')"
            " as channel, max(covered_to_date) as until from"
            " staging.stg_landing__files where file_status in ('landed', 'no_data')"
            " and lake_table_name in ('fba_returns', 'mfn_returns') group by all",
        )
    }
    expected: Ends = {}
    query = "select * from facts.fct_return_refund_matches where return_key is null"
    for match in rows(warehouse, query):
        reason, key = match["match_reason"], match["refund_key"]
        quantity = 1 if match["matched_quantity"] is None else match["matched_quantity"]
        if quantity == 0 or reason == "double":
            expected[key] = Counter({"none": max(quantity, 1)})
            continue
        gone = reason != "chargeback" and (
            match["channel"] == "fba" or reason == "a_to_z"
        )
        up_on = match["refund_posted_date_local"] + timedelta(days=60)
        until = reach.get((match["seller_id"], match["channel"]))
        is_up = reason != "no_return_data" and until is not None and up_on <= until
        late = ("lost" if gone else "kept_by_buyer") if is_up else "open"
        units = laid_out(links.get(key, []), quantity)
        expected[key] = Counter(unit.get("reimbursement", late) for unit in units)
    assert found(warehouse, "return_key is null") == expected


def test_the_balance_closes_from_the_sources_own_numbers(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Units and refunds of each seller and currency, added up without the models."""
    units = rows(
        warehouse,
        "select seller_id, sum(returned_quantity) as units from facts.fct_returns"
        " where is_counted group by all",
    )
    booked = rows(
        warehouse,
        "select seller_id, currency_code, sum(refunded_amount) as amount"
        " from facts.fct_refunds where is_counted group by all",
    )
    balance = rows(
        warehouse, "select * from marts.kpi_return_balance_by_marketplace_month"
    )
    returned: Counter[str] = Counter()
    money: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in balance:
        ends = sum(row[f"{end}_count"] for end in BEST_FIRST)
        assert row["returned_quantity"] + row["unreturned_quantity"] == ends
        returned[row["seller_id"]] += row["returned_quantity"]
        if row["refunded_amount"] is not None:
            key = (row["seller_id"], row["currency_code"])
            money[key] += row["refunded_amount"]
    assert returned == {row["seller_id"]: row["units"] for row in units}
    assert money == {
        (row["seller_id"], row["currency_code"]): row["amount"] for row in booked
    }
