"""What is loaded into Superset: whole, in both languages, and with the marts' numbers.

Superset itself is asked in ``test_superset_server.py``; here the published file is, so
that a column that went or a number that moved shows in every run of the suite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.running.run import RunOutcome
from orchestration.superset.assets import Assets, read
from orchestration.superset.bundle import bundle, zipped
from orchestration.superset.datasets import words_of
from orchestration.superset.loading import Superset, masked
from orchestration.superset.metrics import BiMetric, bi_metrics
from orchestration.transformation.parsing import manifest_path

URL = "postgresql://reader:XXXXXXXXXX@127.0.0.1:5432/returns"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = ("all_columns", "groupby", "groupbyRows", "groupbyColumns")


@pytest.fixture(scope="module")
def manifest(demo_run: RunOutcome) -> dict[str, Any]:
    return words_of(manifest_path(demo_run.home), "en")[1]


@pytest.fixture(scope="module")
def published(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    file = demo_run.home.published / "current" / "returns.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("use marts")
        yield connection


def told(home: RunOutcome, language: str) -> tuple[Assets, dict[str, Any]]:
    words, manifest = words_of(manifest_path(home.home), language)
    assets = read(language)
    files = bundle(manifest, assets, words, URL)
    return assets, {path: yaml.safe_load(text) for path, text in files.items()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_dataset_and_its_expressions_run_on_the_published_tables(
    demo_run: RunOutcome, published: duckdb.DuckDBPyConnection, language: str
) -> None:
    _, files = told(demo_run, language)
    datasets = [f for path, f in files.items() if path.startswith("datasets/")]
    assert datasets
    for dataset in datasets:
        table = dataset["table_name"]
        columns = [c.get("expression") or c["column_name"] for c in dataset["columns"]]
        published.execute(f"select {', '.join(columns)} from {table} limit 0")
        for metric in dataset["metrics"]:
            published.execute(f"select {metric['expression']} from {table}")


def test_every_chart_shows_columns_and_filters_that_its_dataset_has(
    demo_run: RunOutcome, published: duckdb.DuckDBPyConnection
) -> None:
    assets, files = told(demo_run, "en")
    columns = {
        file["table_name"]: {column["column_name"] for column in file["columns"]}
        for path, file in files.items()
        if path.startswith("datasets/")
    }
    for chart in assets.charts.values():
        shown = [chart.params.get(name, []) for name in NAMES]
        named = {n for s in shown for n in (s if isinstance(s, list) else [s])}
        named |= {chart.params["x_axis"]} if "x_axis" in chart.params else set()
        assert named <= columns[chart.dataset], chart.name
        for condition in chart.params["adhoc_filters"]:
            where = condition["sqlExpression"]
            found = published.execute(f"from {chart.dataset} where {where}")
            assert found.description
    placed = {n for d in assets.dashboards for _, row in d.rows for n, _ in row}
    assert placed == set(assets.charts)
    for dashboard in assets.dashboards:
        assert all(sum(w for _, w in row) <= 12 for _, row in dashboard.rows)
        assert all(f["column"] in columns[f["dataset"]] for f in dashboard.filters)


def test_both_languages_are_whole_and_change_the_same_assets(
    demo_run: RunOutcome,
) -> None:
    english, chinese = (told(demo_run, language)[1] for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for path, file in english.items():
        assert file.get("uuid") == chinese[path].get("uuid")
        for key in ("slice_name", "dashboard_title", "description"):
            if file.get(key) and path.startswith(("charts/", "dashboards/")):
                assert CHINESE.search(chinese[path][key]), f"{path}: {key}"
                assert not CHINESE.search(file[key]), f"{path}: {key}"


def test_the_same_assets_are_the_same_bytes(demo_run: RunOutcome) -> None:
    words, manifest = words_of(manifest_path(demo_run.home), "en")
    first, second = (zipped(bundle(manifest, read("en"), words, URL)) for _ in range(2))
    assert first == second


def test_no_password_stands_in_what_is_written() -> None:
    address, password = masked("postgresql://reader:pa%40ss@db.example:5432/returns")
    assert address == "postgresql://reader:XXXXXXXXXX@db.example:5432/returns"
    assert password == "pa@ss"
    assert "hidden" not in repr(Superset("http://127.0.0.1:1", "admin", "hidden"))


def test_metrics_are_the_marts_numbers(
    manifest: dict[str, Any], published: duckdb.DuckDBPyConnection
) -> None:
    """At a mart's own grain a metric is the column that holds the same number."""
    compared = 0
    for metric in bi_metrics(manifest):
        node = manifest["metrics"][f"metric.returns_warehouse.{metric.name}"]
        for place in node["config"]["meta"].get("marts", []):
            if place["mart"] == metric.mart:
                compared += _compare(metric, place, manifest, published)
    assert compared > 1000


def _compare(
    metric: BiMetric,
    place: dict[str, str],
    manifest: dict[str, Any],
    published: duckdb.DuckDBPyConnection,
) -> int:
    node = manifest["nodes"][f"model.returns_warehouse.{metric.mart}"]
    key = ", ".join(node["config"]["meta"]["primary_key"])
    rows = place.get("rows", "true")
    wrong, count = published.execute(
        f"with told as (select {key}, {place['column']} as marts, {metric.sql} as bi"
        f" from {metric.mart} where {rows} group by all)"
        " select count(*) filter ((marts is null) != (bi is null)"
        " or abs(marts - bi) > 0.0051), count(*) from told"
    ).fetchone()
    assert not wrong, f"{metric.name} is not {metric.mart}.{place['column']}"
    return int(count)


def test_what_does_not_add_up_is_not_added(
    manifest: dict[str, Any], published: duckdb.DuckDBPyConnection
) -> None:
    """Money over currencies, a stock over months: no number, not a wrong one."""
    metrics = {metric.name: metric for metric in bi_metrics(manifest)}
    for name, column in (
        ("return_cost_amount", "currency_code"),
        ("backlog_cases", "month_start_date"),
    ):
        metric = metrics[name]
        over_all = f"select {metric.sql} from {metric.mart}"
        assert published.execute(over_all).fetchone() == (None,)
        each = f"select {metric.sql} from {metric.mart} group by {column}"
        assert all(value is not None for (value,) in published.execute(each).fetchall())
