"""The simulated business must be worth looking at, and its truth must be one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from orchestration.demo.business import CATEGORIES, SCOPES, conduct_of
from orchestration.demo.calendars import clock_shifts, day_rows, workday_rows
from tests.unit.demo.conftest import ORDER_LINES, Demo


def test_costumes_sell_thirty_times_as_often_in_october() -> None:
    costumes = next(c for c in CATEGORIES if c.name == "costumes")
    assert costumes.season[9] / costumes.season[1] == pytest.approx(30)


def test_shares_add_up() -> None:
    assert sum(scope.share for scope in SCOPES) == pytest.approx(1)
    for seller in {category.seller for category in CATEGORIES}:
        shares = [c.share for c in CATEGORIES if c.seller == seller]
        assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("lines", [1, 7, 8, 9, 1_000, 123_457])
def test_every_line_falls_on_one_day(lines: int) -> None:
    rows = day_rows(lines)
    assert rows[0][3] == 0
    assert rows[-1][4] == -(-lines // 8)
    for (*_, end), (_, _, _, first, _) in pairwise(rows):
        assert end == first


def test_clocks_change_when_they_do() -> None:
    shifts = {(zone, str(at)) for zone, at, _ in clock_shifts()}
    assert (0, "2025-11-02 09:00:00") in shifts
    assert (0, "2026-03-08 10:00:00") in shifts
    assert (2, "2026-10-25 01:00:00") in shifts


def test_warehouses_rest_on_weekends_and_holidays() -> None:
    days = {(scope, day): number for scope, day, number, _ in workday_rows()}
    # Thanksgiving of the United States, no holiday in Germany.
    assert days[1, date(2025, 11, 27)] == days[1, date(2025, 11, 26)]
    assert days[5, date(2025, 11, 27)] == days[5, date(2025, 11, 26)] + 1
    assert days[5, date(2025, 11, 30)] == days[5, date(2025, 11, 28)]


def test_one_seller_has_a_bottleneck_of_two_months() -> None:
    shares = [
        conduct_of("northwind-outdoor", date(2025 + (8 + n) // 12, (8 + n) % 12 + 1, 1))
        for n in range(14)
    ]
    slow = [number for number, conduct in enumerate(shares) if conduct.next_day < 0.5]
    assert slow == [4, 5]


def test_return_rates_are_believable(demo: Demo) -> None:
    rates = dict(
        demo.truth(
            "select category, count(distinct returns.order_line_id) / count(distinct"
            " order_lines.order_line_id) from order_lines left join returns"
            " using (order_line_id) where not is_cancelled and not is_multi_channel"
            " group by category"
        )
    )
    assert len(rates) == 8
    assert 0.03 < min(rates.values()) < max(rates.values()) < 0.22


def test_most_refunds_are_on_time_but_for_the_bottleneck(demo: Demo) -> None:
    [(usual, slow)] = demo.truth(
        """
        with handled as (
            select
                received_date between '2026-01-01' and '2026-02-28' as is_slow,
                date_diff('day', received_date, first_refunded_at) <= 4 as is_on_time
            from returns
            where channel = 'mfn' and seller_id = 'northwind-outdoor'
                and received_date is not null and first_refunded_at is not null
        )
        select
            avg(is_on_time::int) filter (where not is_slow),
            avg(is_on_time::int) filter (where is_slow)
        from handled
        """
    )
    assert 0.84 < usual < 0.98
    assert slow < usual - 0.1


def test_stated_reasons_are_mostly_but_not_always_true(demo: Demo) -> None:
    [(agreeing, differing)] = demo.truth(
        "select avg((not is_misstated)::int),"
        " count(*) filter (where stated_cause != true_cause) from returns"
    )
    assert 0.75 < agreeing < 0.9
    assert differing > 0


def test_inspection_finds_what_the_true_cause_leaves(demo: Demo) -> None:
    shares = dict(
        demo.truth(
            "select true_cause, avg((disposition_code = 'SELLABLE')::int) from returns"
            " where channel = 'fba' and true_cause in ('changed_mind', 'defective')"
            " group by true_cause"
        )
    )
    assert shares["changed_mind"] > 0.7
    assert shares["defective"] < 0.3


def test_feedback_is_mostly_bad_and_worse_after_slow_refunds(demo: Demo) -> None:
    [(low, slow)] = demo.truth(
        "select avg((rating <= 3)::int), count(*) filter (where is_refund_slow)"
        " from feedback"
    )
    assert low > 0.55
    assert slow > 0


def test_events_follow_each_other(demo: Demo) -> None:
    [(early_request, early_receipt, early_refund)] = demo.truth(
        """
        select
            count(*) filter (where requested_at < delivered_at),
            count(*) filter (where received_at < requested_at),
            count(*) filter (where first_refunded_at < requested_at)
        from returns inner join order_lines using (order_line_id)
        """
    )
    assert (early_request, early_receipt, early_refund) == (0, 0, 0)


def test_keys_of_the_truth_are_unique(demo: Demo) -> None:
    for table, key in (
        ("order_lines", "order_line_id"),
        ("returns", "return_id"),
        ("refunds", "refund_id"),
        ("feedback", "feedback_id"),
        ("order_lines", "order_item_id"),
    ):
        [(rows, keys)] = demo.truth(
            f"select count(*), count(distinct {key}) from {table}"
        )
        assert rows == keys > 0, (table, key)
    [(lines,)] = demo.truth("select count(*) from order_lines where not is_resale")
    assert lines == ORDER_LINES


def test_parts_of_a_refund_belong_to_its_line(demo: Demo) -> None:
    [(too_many, unknown)] = demo.truth(
        """
        select
            count(*) filter (where refunded_quantity > quantity),
            count(*) filter (where order_lines.order_line_id is null)
        from refunds left join order_lines using (order_line_id)
        """
    )
    assert (too_many, unknown) == (0, 0)
