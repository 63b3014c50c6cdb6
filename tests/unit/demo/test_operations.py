"""What the sellers' own tools export, against the truth."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from tests.unit.demo.conftest import Demo

LAKESIDE = "lakeside-home/operations"
NORTHWIND = "northwind-outdoor/operations"


def test_inspections_end_where_the_truth_says(demo: Demo) -> None:
    ends = {
        "restock": "restocked", "resell": "resold", "return_to_supplier": "removed",
        "liquidate": "liquidated", "donate": "donated", "dispose": "disposed",
        "return_to_buyer": "returned_to_buyer", "missing": "lost",
        "refurbish": "restocked",
    }  # fmt: skip
    truth = dict(
        demo.truth(
            "select inspection_id, any_value(eventual_outcome_code) from outcomes"
            " where inspection_id is not null group by all"
        )
    )
    rows = demo.table(f"{LAKESIDE}/inspections.csv")
    words = {row["disposition"] for row in rows}
    assert {"pending", "restock", "resell", "dispose", "refurbish"} <= words
    assert words <= {"pending", *ends}
    for row in rows:
        if row["disposition"] != "pending":
            fate = truth[int(row["inspection_id"][1:]) - 100_000]
            assert ends[row["disposition"]] == fate
        if row["disposition"] != "restock":
            assert row["quantity_restocked"] == "0"


def test_some_inspections_lack_what_they_could_be_matched_by(demo: Demo) -> None:
    rows = demo.table(f"{LAKESIDE}/inspections.csv")
    lacking = Counter((not row["rma_number"], not row["order_id"]) for row in rows)
    assert lacking[True, False] > 0
    assert lacking[False, True] > 0
    assert lacking[False, False] > len(rows) / 2
    assert any(row["image_label"] for row in rows)
    assert any(row["third_party_verdict"] for row in rows)


def test_one_seller_exports_what_shiphero_and_its_like_do(demo: Demo) -> None:
    rows = demo.table(f"{NORTHWIND}/shiphero-returns.csv")
    assert {"New", "Open Box", "Used", "Defective"} <= {r["condition"] for r in rows}
    known = {
        order
        for (order,) in demo.truth(
            "select distinct amazon_order_id from returns where channel = 'mfn'"
            " and seller_id = 'northwind-outdoor'"
        )
    }
    assert {row["order_number"] for row in rows} - {""} <= known
    times = [
        row["checkpoints_checkpoint_time"]
        for row in demo.table(f"{NORTHWIND}/aftership-checkpoints.csv")
    ]
    # Some carriers state no zone.
    assert {len(time) for time in times} == {19, 25}


def test_messages_are_those_of_the_truth_and_name_their_order_or_not(
    demo: Demo,
) -> None:
    ours = {row["message_id"]: row for row in demo.table(f"{LAKESIDE}/messages.csv")}
    zendesk = {
        row["id"]: row for row in demo.table(f"{NORTHWIND}/zendesk-comments.csv")
    }
    truth = demo.truth(
        "select message_id, sent_at, amazon_order_id, has_order_id, is_automatic,"
        " language_code from messages"
    )
    assert len(truth) == len(ours) + len(zendesk)
    unnamed = 0
    for key, sent, order, has_order, automatic, language in truth:
        row = ours.get(key) or zendesk[key]
        shown = row.get("sent_at") or row["created_at"]
        assert datetime.fromisoformat(shown).replace(tzinfo=None) == sent
        stated = row.get("order_id", row.get("ticket.external_id"))
        assert stated == (order if has_order else "")
        unnamed += not has_order
        rule = row["via.channel"] if key in zendesk else row["is_automatic"]
        by_rule = rule in {"rule", "true"}
        assert by_rule == automatic
        assert language == (row.get("language") or row["locale"])
    assert unnamed > 0
    assert len({language for *_, language in truth}) >= 5


def test_waits_are_long_at_weekends_and_some_never_end(demo: Demo) -> None:
    waits = demo.truth(
        "select first_buyer_message_at, replied_at, agent from conversations"
    )
    ended = [(began, end) for began, end, _ in waits if end]
    assert len(ended) < len(waits)
    assert sum(end - began > timedelta(days=1) for began, end in ended) > 0
    assert sum(end - began < timedelta(hours=12) for began, end in ended) > (
        len(ended) / 2
    )
    sunday = [end - began for began, end in ended if began.weekday() == 6]
    other = [end - began for began, end in ended if began.weekday() < 4]
    assert sum(sunday, timedelta()) / len(sunday) > sum(other, timedelta()) / len(other)
    assert len({agent for *_, agent in waits if agent}) >= 7


def test_tickets_count_the_replies_of_their_messages(demo: Demo) -> None:
    replies = Counter(
        row["ticket_id"]
        for row in demo.table(f"{LAKESIDE}/messages.csv")
        if row["sender_kind"] == "agent" and row["is_public"] == "true"
    )
    tickets = demo.table(f"{LAKESIDE}/tickets.csv")
    assert {row["ticket_id"]: int(row["reply_count"]) for row in tickets} == {
        row["ticket_id"]: replies[row["ticket_id"]] for row in tickets
    }
    assert {row["status"] for row in tickets} == {"open", "solved"}


def test_products_cost_more_from_a_day_on(demo: Demo) -> None:
    costs = {}
    for row in demo.table(f"{NORTHWIND}/products.csv"):
        costs[row["sku"], row["marketplace_code"], row["valid_from"]] = float(
            row["unit_cost"]
        )
    for (sku, market, day), cost in costs.items():
        if day == "2026-03-01":
            assert cost > costs[sku, market, "2025-09-01"]


def test_stock_counts_what_nobody_has_dealt_with(demo: Demo) -> None:
    [(waiting,)] = demo.truth(
        "select count(*) from outcomes where channel = 'mfn' and unit_kind = 'returned'"
        " and seller_id = 'lakeside-home' and received_at < timestamp '2026-07-01'"
        " and coalesce(eventual_outcome_at >= timestamp '2026-07-01', true)"
    )
    counted = sum(
        int(row["quantity_unprocessed"])
        for row in demo.table(f"{LAKESIDE}/stock.csv")
        if row["stock_date"] == "2026-06-30"
    )
    assert counted == waiting > 0


def test_actions_say_in_the_truth_whether_they_have_an_effect(demo: Demo) -> None:
    truth = dict(demo.truth("select action_id, has_effect from actions"))
    rows = [
        row
        for folder in (LAKESIDE, NORTHWIND)
        for row in demo.table(f"{folder}/actions.csv")
    ]
    assert {row["action_id"] for row in rows} == truth.keys()
    assert set(truth.values()) == {True, False}
