"""Facts are written as readers of a language write them."""

from __future__ import annotations

import pytest

from orchestration.alerts.texts import filled, label


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("judged_rate", "0.016529", "1.65%", "1.65%"),
        ("over_target_share", "1.0", "100%", "100%"),
        ("case_count", 1234, "1,234", "1,234"),
        ("score_change", "-10.73", "-10.7", "-10.7"),
        ("due_amount", "1234.50", "€1,234.50", "€1,234.50"),
        ("month_start_date", "2026-10-01", "October 2026", "2026年10月"),
        ("refund_due_date", "2026-11-02", "Nov 2, 2026", "2026年11月2日"),
        ("sku", "00123", "00123", "00123"),
        ("amazon_order_id", None, "no data", "暂无数据"),
        ("reason_text", "two\nlines", "two lines", "two lines"),
    ],
)
def test_a_fact_is_written_as_its_name_says(
    name: str, value: object, english: str, chinese: str
) -> None:
    facts = {name: value, "currency_code": "EUR"}
    assert filled(f"<{{{name}}}>", facts, "en") == f"<{english}>"
    assert filled(f"<{{{name}}}>", facts, "zh") == f"<{chinese}>"


def test_what_is_not_there_is_no_data() -> None:
    assert filled("{left_days} days", {}, "en") == "no data days"


def test_a_code_without_a_name_stays_as_it_is() -> None:
    assert label("metric_code", "brand_new", "zh") == "brand_new"
