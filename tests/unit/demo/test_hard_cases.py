"""What makes returns hard must lie in the inbox, or tests on it prove nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from tests.unit.demo.conftest import Demo, Row


def merchant_versions(demo: Demo) -> list[list[Row]]:
    """Return the versions of each seller-fulfilled return, oldest document first."""
    versions = defaultdict(list)
    lines = {(label, n): row for label, n, row in demo.rows("Amazon RMA ID")}
    for return_id, label, number in demo.truth("from report_rows order by all"):
        if (label, number) in lines:
            versions[return_id].append((label[-14:], lines[label, number]))
    return [
        [row for _, row in sorted(found, key=lambda pair: pair[0])]
        for found in versions.values()
    ]


def test_later_pulls_fill_in_what_earlier_ones_lack(demo: Demo) -> None:
    restated: Counter[str] = Counter()
    for versions in merchant_versions(demo):
        for name in (
            "Return request status",
            "Return delivery date",
            "Refunded Amount",
            "SafeT claim state",
        ):
            values = [row[name] for row in versions]
            restated[name] += values[0] != values[-1]
            assert values[-1].strip() or not any(v.strip() for v in values), name
    assert min(restated.values()) > 0
    assert len(restated) == 4


def test_a_plate_is_dated_anew_in_a_later_pull(demo: Demo) -> None:
    dates = defaultdict(set)
    for _, _, row in demo.rows("license-plate-number"):
        if row["license-plate-number"]:
            dates[row["license-plate-number"]].add(row["return-date"])
    assert {len(found) for found in dates.values()} == {1, 2}
    known = demo.truth(
        "select count(*) from returns where reported_received_at = redated_at"
    )
    assert known[0][0] >= sum(len(found) == 2 for found in dates.values())


def test_units_without_a_plate_can_be_identical_and_real(demo: Demo) -> None:
    rows = Counter(
        (label, *row.values())
        for label, _, row in demo.rows("license-plate-number")
        if not row["license-plate-number"]
    )
    assert max(rows.values()) > 1


def test_merchant_lines_can_be_identical_but_for_the_item(demo: Demo) -> None:
    blank = [r for _, _, r in demo.rows("Amazon RMA ID") if r["Amazon RMA ID"] == " "]
    assert {"ReturnlessRefund"} <= {row["Resolution"] for row in blank}


def test_an_order_can_have_several_authorisations(demo: Demo) -> None:
    authorisations = defaultdict(set)
    for _, _, row in demo.rows("Amazon RMA ID"):
        authorisations[row["Order ID"]].add(row["Amazon RMA ID"])
    assert max(map(len, authorisations.values())) > 1


def test_label_costs_and_claims_repeat_on_the_lines_of_a_parcel(demo: Demo) -> None:
    for name in ("Tracking ID", "SafeT claim id"):
        lines: Counter[tuple[str, str]] = Counter(
            (label, row[name])
            for label, _, row in demo.rows("Amazon RMA ID")
            if row[name].strip()
        )
        assert max(lines.values()) > 1, name


def test_closed_lists_show_their_odd_members(demo: Demo) -> None:
    rows = [row for _, _, row in demo.rows("Amazon RMA ID")]
    seen = {name: {row[name] for row in rows} for name in rows[0]}
    assert {"Pending", "Approved", "Completed", "Closed", "Rejected"} <= seen[
        "Return request status"
    ]
    assert {"Replacement", "RefundAtFirstScan", "AutomatedRefund"} <= seen["Resolution"]
    assert {"Seller", "Customer"} <= seen["Label to be paid by"]
    assert "BUYER_USED_WRONG_RETURN_REASON_CODE" in seen["SafeT Action reason"]
    assert {"GRANT", "NOGRANT", "PENDING_ACTION"} <= seen["SafeT claim state"]
    assert "Y" in seen["A-to-Z Claim"]
    assert "CR-EXCESS_PACKAGING" in seen["Return Reason"]


def test_refunds_come_twice_in_part_early_late_or_without_a_return(
    demo: Demo,
) -> None:
    [found] = demo.truth(
        """
        select
            count(*) filter (where is_second),
            count(*) filter (where is_partial),
            count(*) filter (where return_id is null and kind = 'goodwill'),
            count(*) filter (where return_id is null and kind = 'chargeback'),
            count(*) filter (where kind = 'a_to_z'),
            count(*) filter (where posted_at < received_at),
            count(*) filter (where posted_at > received_at + interval 8 day)
        from refunds left join returns using (return_id)
        """
    )
    assert min(found) > 0
    [(missing, unpaid)] = demo.truth(
        "select count(*) filter (where case_id is null), count(*) from returns"
        " left join (select distinct case_id from refunds) using (case_id)"
        " where case_id not in (select case_id from refunds where case_id is not null)"
    )
    assert unpaid > 0
    assert missing == 0


def test_refunded_amount_is_blank_on_a_quarter_of_lines(demo: Demo) -> None:
    rows = [row for _, _, row in demo.rows("Amazon RMA ID")]
    blank = sum(not row["Refunded Amount"].strip() for row in rows) / len(rows)
    assert 0.2 < blank < 0.5


def test_cancelled_lines_have_no_quantity_and_no_price(demo: Demo) -> None:
    rows = [row for _, _, row in demo.rows("purchase-date")]
    cancelled = [row for row in rows if row["order-status"] == "Cancelled"]
    assert cancelled
    assert {(row["quantity"], row["item-price"]) for row in cancelled} == {("0", "")}


def test_orders_hold_other_channels_business_buyers_and_two_currencies(
    demo: Demo,
) -> None:
    rows = list(demo.rows("purchase-date"))
    outside = {
        row["sales-channel"] for _, _, row in rows if row["amazon-order-id"][0] == "S"
    }
    assert outside == {"Non-Amazon"}
    assert {row["is-business-order"] for _, _, row in rows} == {"true", "false"}
    currencies = defaultdict(set)
    for label, _, row in rows:
        currencies[label].add(row["currency"])
    assert max(map(len, currencies.values())) > 2
    lines = Counter((label, row["amazon-order-id"]) for label, _, row in rows)
    assert max(lines.values()) > 2
    assert max(int(row["quantity"]) for _, _, row in rows) > 2


def test_early_pulls_of_orders_are_restated(demo: Demo) -> None:
    states = defaultdict(set)
    for _, _, row in demo.rows("purchase-date"):
        states[row["amazon-order-id"]].add(row["order-status"])
    assert any({"Unshipped", "Shipped"} <= found for found in states.values())


def test_an_account_misses_the_orders_of_a_month(demo: Demo) -> None:
    assert not list(demo.inbox.rglob("JP/orders/orders-2026-03.txt"))
    [(missing, others)] = demo.truth(
        "select count(*) filter (where marketplace_code = 'JP'"
        " and strftime(ordered_at, '%Y-%m') = '2026-03'),"
        " count(*) filter (where ordered_at < timestamp '2026-10-01')"
        " from order_lines where not is_in_files"
    )
    assert missing == others > 0


def test_a_seller_misses_the_feedback_of_a_month(demo: Demo) -> None:
    [(shown, hidden)] = demo.truth(
        "select count(*) filter (where is_in_files),"
        " count(*) filter (where not is_in_files) from feedback"
        " where seller_id = 'lakeside-home'"
        " and feedback_date between '2026-03-01' and '2026-03-31'"
    )
    assert (shown, hidden > 0) == (0, True)


def test_orders_fall_near_clock_changes_and_local_midnight(demo: Demo) -> None:
    bought = [
        (market, at)
        for market, at in demo.truth(
            "select marketplace_code, ordered_at from order_lines"
        )
    ]
    change = datetime(2025, 11, 2, 9)
    near = [
        at
        for market, at in bought
        if market in {"US", "CA"}
        if abs(at - change).total_seconds() < 3600
    ]
    assert near
    [(edge,)] = demo.truth(
        "select count(*) from order_lines where marketplace_code = 'US'"
        " and ordered_date_local != cast(ordered_at as date)"
    )
    assert edge > 500
