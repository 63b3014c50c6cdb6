"""The semantic layer gives the numbers of the marts.

Metrics are worked out here the way a metric layer does it: filter, add the measures up
over a grouping, divide. A BI tool that asks the layer and one that reads the marts must
not show two figures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from orchestration.transformation.parsing import manifest_path
from tests.integration.kpi_reference import close

DIMENSION = re.compile(r"\{\{ *Dimension\('\w+__(\w+)'\) *\}\}")
PARTS = ("handling_time", "reason_attribution", "refund_speed", "buyer_satisfaction")
Numbers = dict[tuple[Any, ...], tuple[float | None, float | None]]


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def layer(demo_run: RunOutcome) -> dict[str, Any]:
    manifest = json.loads(manifest_path(demo_run.home).read_text())
    return {
        name: list(manifest[name].values()) for name in ("metrics", "semantic_models")
    }


def answer(
    warehouse: duckdb.DuckDBPyConnection, layer: dict[str, Any], metric: str, by: str
) -> Numbers:
    """Return numerator and denominator of a ratio metric, grouped as asked."""
    asked = next(m for m in layer["metrics"] if m["name"] == metric)
    names = [asked["type_params"][end]["name"] for end in ("numerator", "denominator")]
    model = next(
        model
        for model in layer["semantic_models"]
        if names[0] in [measure["name"] for measure in model["measures"]]
    )
    exprs = {m["name"]: (m["agg"], m["expr"]) for m in model["measures"]}
    sums = ", ".join("{}({})".format(*exprs[name]) for name in names)
    columns = {d["name"]: d["expr"] or d["name"] for d in model["dimensions"]}
    filters = " and ".join(
        DIMENSION.sub(lambda found: columns[found[1]], f["where_sql_template"])
        for f in asked["filter"]["where_filters"]
    )
    table = "{schema_name}.{alias}".format(**model["node_relation"])
    grouped = ", ".join(columns[name] for name in by.split(", "))
    found = warehouse.execute(
        f"select {grouped}, {sums} from {table} where {filters} group by {grouped}"
    ).fetchall()
    return {row[:-2]: (row[-2], row[-1]) for row in found}


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_the_score(
    warehouse: duckdb.DuckDBPyConnection, layer: dict[str, Any], part: str
) -> None:
    """Added over marketplaces they are the seller's, which no average would be."""
    found = answer(warehouse, layer, f"{part}_share", "seller_id, return_month")
    mart = warehouse.execute(
        f"select seller_id, month_start_date, {part}_share, {part}_case_count"
        " from marts.kpi_scorecard_by_seller_month"
    ).fetchall()
    assert sum(row[3] for row in mart) > 0
    for seller, month, share, cases in mart:
        good, count = found.get((seller, month), (0, 0))
        assert count == cases
        assert close(share, good / count if count else None)


def test_return_rate(
    warehouse: duckdb.DuckDBPyConnection, layer: dict[str, Any]
) -> None:
    by = "seller_id, marketplace_code, channel, order_month"
    found = answer(warehouse, layer, "return_rate", by)
    mart = warehouse.execute(
        "select seller_id, marketplace_code, channel, order_month_start_date,"
        " return_rate from marts.kpi_return_rate_by_marketplace_month"
    ).fetchall()
    assert len(found) > 10
    for *key, rate in mart:
        back, bought = found.get(tuple(key), (None, None))
        assert close(rate, back / bought if bought else None), key
