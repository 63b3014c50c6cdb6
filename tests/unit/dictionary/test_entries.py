"""What the dictionary takes from dbt's manifest."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.dictionary.entries import Place, Text, dictionary
from tests.unit.dictionary.manifests import small_manifest


@pytest.fixture
def manifest() -> dict[str, Any]:
    return small_manifest()


def test_a_mart_is_told_with_its_key_and_columns_and_its_folder(
    manifest: dict[str, Any],
) -> None:
    (mart,) = dictionary(manifest).marts
    assert (mart.name, mart.subject) == ("kpi_refunds_by_seller_month", "refunds")
    assert mart.title == Text("Refunds", "退款")
    assert mart.key == ("seller_id", "month_start_date")
    assert [column.name for column in mart.columns] == ["seller_id", "on_time_share"]


def test_a_ratio_names_its_parts_and_a_count_what_it_adds_up(
    manifest: dict[str, Any],
) -> None:
    told = {metric.name: metric for metric in dictionary(manifest).metrics}
    share, count = told["on_time_share"], told["on_time"]
    assert (share.numerator, share.denominator) == ("on_time", "due")
    assert share.expression is None
    assert count.numerator is None
    assert count.expression == "sum(on_time_count)"
    assert told["due"].expression == "sum(due)"
    assert [told[name].is_stock for name in told] == [True, False, False]


def test_a_metric_of_metrics_is_cut_like_the_rows_below_it(
    manifest: dict[str, Any],
) -> None:
    told = {metric.name: metric for metric in dictionary(manifest).metrics}
    assert told["on_time_share"].cuts == ("metric_time", "seller", "refund__is_fba")


def test_a_filter_is_told_without_its_braces(manifest: dict[str, Any]) -> None:
    told = {metric.name: metric for metric in dictionary(manifest).metrics}
    assert told["on_time_share"].condition == "refund__is_fba and seller != 'x'"
    assert told["due"].condition is None


def test_places_owner_questions_and_readers(manifest: dict[str, Any]) -> None:
    told = dictionary(manifest)
    share = next(m for m in told.metrics if m.name == "on_time_share")
    assert share.places == (
        Place("kpi_refunds_by_seller_month", "on_time_share", "not is_fba"),
    )
    assert share.owner == Text("Finance", "财务")
    assert told.questions[0].cuts == ("metric_time__month", "seller")
    assert told.readers[0].owner == "Finance"


def test_a_text_that_is_not_translated_is_said_in_english() -> None:
    assert Text("late", None).in_language("zh") == ("late", "en")
    assert Text("late", "逾期").in_language("zh") == ("逾期", "zh-CN")
    assert Text("late", "逾期").in_language("en") == ("late", "en")


def test_recurring_columns_and_the_ends_of_intervals_are_told_in_chinese(
    manifest: dict[str, Any],
) -> None:
    (node,) = [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]
    for name in ("on_time_share_low", "sort_high"):
        node["columns"][name] = {**node["columns"]["on_time_share"], "name": name}
    (mart,) = dictionary(manifest, {"seller_id": "卖家账号。"}).marts
    assert [column.description.zh for column in mart.columns] == [
        "卖家账号。",
        None,
        "`on_time_share` 的 95% 区间下限。",
        None,
    ]
