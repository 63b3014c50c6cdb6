"""The metrics of the semantic layer as SQL of one table, as a BI tool takes them.

A metric is defined once, in ``dbt_project/models/metrics``. Here its counts, ratios and
conditions become one expression over the rows of its mart. What would be wrong to add
gives null rather than a number: money over several currencies, a stock over several
months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

_REFERENCE = re.compile(r"\{\{\s*(Dimension|Entity)\('(?:\w+?__)?(\w+)'\)\s*\}\}")
_PROJECT = "returns_warehouse"
_MONEY = re.compile(r"_amount\b")
_AGGREGATES = {"sum": "SUM", "average": "AVG"}


class UntoldMetricError(Exception):
    """A metric that has no form here; the text says which and why."""


@dataclass(frozen=True)
class Expression:
    """One metric over the rows of ``mart``, and where it may not be added."""

    mart: str
    sql: str
    # Columns of which a group of rows may hold one member only.
    single: tuple[tuple[str, str], ...] = ()

    def guarded(self) -> str:
        """Return the SQL, null where it would add what does not add up."""
        if not self.single:
            return self.sql
        one = " AND ".join(
            f"COUNT(DISTINCT CASE WHEN {known} THEN {column} END) = 1"
            for column, known in self.single
        )
        return f"CASE WHEN {one} THEN {self.sql} END"


@dataclass(frozen=True)
class BiMetric:
    """A metric as a BI tool shows it."""

    name: str
    mart: str
    sql: str
    d3_format: str


def bi_metrics(manifest: dict[str, Any]) -> tuple[BiMetric, ...]:
    """Return every metric of a parsed project, in the order of their names.

    Raises:
        UntoldMetricError: a metric is of a kind that has no form here.
    """
    found = []
    for node in manifest["metrics"].values():
        told = _expression(node, manifest, ())
        found.append(
            BiMetric(node["name"], told.mart, told.guarded(), _format(node, manifest))
        )
    return tuple(sorted(found, key=lambda metric: metric.name))


def _expression(
    node: dict[str, Any], manifest: dict[str, Any], above: tuple[str, ...]
) -> Expression:
    conditions = (*above, *_templates(node["filter"]))
    terms = node["type_params"]
    if node["type"] == "simple":
        used = terms["measure"]
        return _measured(
            node, manifest, used, (*conditions, *_templates(used["filter"]))
        )
    if node["type"] != "ratio":
        raise UntoldMetricError(f"{node['name']}: no form for {node['type']} metrics")
    parts = []
    for part in (terms["numerator"], terms["denominator"]):
        metric = manifest["metrics"][f"metric.{_PROJECT}.{part['name']}"]
        told = (*conditions, *_templates(part["filter"]))
        parts.append(_expression(metric, manifest, told))
    numerator, denominator = parts
    if numerator.mart != denominator.mart:
        raise UntoldMetricError(f"{node['name']}: a ratio over two tables")
    sql = f"CAST({numerator.sql} AS DOUBLE PRECISION) / NULLIF({denominator.sql}, 0)"
    single = dict.fromkeys((*numerator.single, *denominator.single))
    return replace(numerator, sql=sql, single=tuple(single))


def _measured(
    node: dict[str, Any],
    manifest: dict[str, Any],
    used: dict[str, Any],
    templates: tuple[str, ...],
) -> Expression:
    (model,) = [
        manifest["semantic_models"][name]
        for name in node["depends_on"]["nodes"]
        if name.startswith("semantic_model.")
    ]
    (measure,) = [m for m in model["measures"] if m["name"] == used["name"]]
    value = measure["expr"] or measure["name"]
    condition = " AND ".join(dict.fromkeys(_told(t, model) for t in templates))
    counted = f"CASE WHEN {condition} THEN {value} END" if condition else value
    aggregate = _AGGREGATES.get(measure["agg"])
    if aggregate is None:
        raise UntoldMetricError(f"{node['name']}: no form for {measure['agg']}")
    return Expression(
        model["node_relation"]["alias"],
        f"{aggregate}({counted})",
        tuple(
            (column, f"{counted} IS NOT NULL") for column in _singles(measure, model)
        ),
    )


def _singles(measure: dict[str, Any], model: dict[str, Any]) -> list[str]:
    """Return the columns over which a measure must not be added."""
    found = []
    if stock := measure["non_additive_dimension"]:
        found.append(_column(stock["name"], model))
    if _MONEY.search(measure["expr"] or measure["name"]):
        found.append("currency_code")
    return found


def _templates(filters: dict[str, Any] | None) -> tuple[str, ...]:
    told = (filters or {"where_filters": []})["where_filters"]
    return tuple(" ".join(f["where_sql_template"].split()) for f in told)


def _told(template: str, model: dict[str, Any]) -> str:
    condition = _REFERENCE.sub(lambda found: _column(found[2], model), template)
    return f"({condition})" if " or " in condition.lower() else condition


def _column(name: str, model: dict[str, Any]) -> str:
    members = (*model["dimensions"], *model["entities"])
    (member,) = [m for m in members if m["name"] == name]
    column: str = member["expr"] or member["name"]
    return column


def _format(node: dict[str, Any], manifest: dict[str, Any]) -> str:
    """Return how a number is written, in d3's words."""
    name = node["name"]
    if name.endswith(("_share", "_rate")):
        return ".1%"
    if node["type"] == "ratio" or "amount" in name:
        return ",.2f"
    return {"score": ".1f", "projected_returned_units": ",.1f"}.get(name, ",d")
