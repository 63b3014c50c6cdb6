"""A manifest as dbt writes it, with one mart and three metrics, cut to what counts."""

from __future__ import annotations

from typing import Any

MART = "kpi_refunds_by_seller_month"
PREFIX = "returns_warehouse"


def small_manifest() -> dict[str, Any]:
    """Return a manifest that shares nothing with the one returned before."""
    place = {"mart": MART, "column": "on_time_share", "rows": "not is_fba"}
    only = "{{ Dimension('refund__is_fba') }}\n and {{ Entity('seller') }} != 'x'"
    return {
        "nodes": {f"model.{PREFIX}.{MART}": _mart(), "test.x": _node("test", "kpi_t")},
        "metrics": {
            f"metric.{PREFIX}.on_time_share": {
                **_metric("on_time_share", [place], ["on_time", "due"]),
                "filter": {"where_filters": [{"where_sql_template": only}]},
            },
            f"metric.{PREFIX}.on_time": _metric("on_time", [{**place, "rows": None}]),
            f"metric.{PREFIX}.due": _metric("due", [place]),
        },
        "semantic_models": {f"semantic_model.{PREFIX}.refunds": _semantic_model()},
        "groups": {
            f"group.{PREFIX}.finance": {
                "owner": {"name": "Finance"},
                "config": {"meta": {"zh": "财务"}},
            }
        },
        "saved_queries": {"q": _question()},
        "exposures": {"e": {**_labelled("board"), "owner": {"name": "Finance"}}},
    }


def _node(kind: str, name: str) -> dict[str, Any]:
    return {"resource_type": kind, "name": name, "config": {"meta": {}}}


def _mart() -> dict[str, Any]:
    columns = {
        name: {"name": name, "data_type": "varchar", "description": text, "meta": {}}
        for name, text in (
            ("seller_id", "The seller <b>."),
            ("on_time_share", "See `on_time_share` and `nothing_known`."),
        )
    }
    meta = {
        "title": {"en": "Refunds", "zh": "退款"},
        "zh": "一行是一个卖家的一个月。",
        "primary_key": ["seller_id", "month_start_date"],
    }
    return {
        **_node("model", MART),
        "fqn": [PREFIX, "marts", "refunds", MART],
        "description": "One row is a month of a seller.\n",
        "config": {"meta": meta},
        "columns": columns,
    }


def _labelled(name: str) -> dict[str, Any]:
    zh = {"label": f"{name} 的名称", "description": f"{name} 的含义"}
    return {
        "name": name,
        "label": name.capitalize(),
        "description": f"What {name} is.",
        "config": {"meta": {"zh": zh}},
    }


def _metric(
    name: str, places: list[dict[str, Any]], parts: list[str] | None = None
) -> dict[str, Any]:
    labelled = _labelled(name)
    labelled["config"]["meta"]["marts"] = places
    above = [f"metric.{PREFIX}.{part}" for part in parts or []]
    numerator, denominator = [{"name": part} for part in parts or []] or (None, None)
    return {
        **labelled,
        "group": "finance",
        "filter": None,
        "type_params": {
            "numerator": numerator,
            "denominator": denominator,
            "expr": None,
            "measure": None if parts else {"name": name},
        },
        "depends_on": {"nodes": above or [f"semantic_model.{PREFIX}.refunds"]},
    }


def _semantic_model() -> dict[str, Any]:
    return {
        "primary_entity": "refund",
        "node_relation": {"alias": MART},
        "entities": [{"name": "seller"}],
        "dimensions": [
            {"name": "is_fba", "type": "categorical"},
            {"name": "return_month", "type": "time"},
        ],
        "measures": [
            _measure("on_time", "on_time_count", None),
            _measure("due", None, {"name": "return_month", "window_choice": "max"}),
        ],
    }


def _measure(
    name: str, expr: str | None, last: dict[str, str] | None
) -> dict[str, Any]:
    return {"name": name, "agg": "sum", "expr": expr, "non_additive_dimension": last}


def _question() -> dict[str, Any]:
    return {
        **_labelled("overview"),
        "query_params": {
            "metrics": ["on_time_share"],
            "group_by": ["TimeDimension('metric_time', 'month')", "Entity('seller')"],
        },
    }
