"""What dbt's manifest says of metrics and marts, in both languages. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_REFERENCE = re.compile(r"\{\{\s*\w+\('(\w+)'[^)]*\)\s*\}\}")
_GROUPING = re.compile(r"\w+\('(\w+)'(?:,\s*'(\w+)')?\)")
_PROJECT = "returns_warehouse"
_ENDS = {"low": "下限", "high": "上限"}


@dataclass(frozen=True)
class Text:
    """One text in English and in Simplified Chinese; None where it is not there yet."""

    en: str
    zh: str | None

    def in_language(self, language: str) -> tuple[str, str]:
        """Return the text for readers of a language, and the language it is in."""
        if language == "zh" and self.zh:
            return self.zh, "zh-CN"
        return self.en, "en"


@dataclass(frozen=True)
class Column:
    """One column of a mart."""

    name: str
    data_type: str
    description: Text


@dataclass(frozen=True)
class Mart:
    """One mart: what a row is, what makes it one, and its columns."""

    name: str
    subject: str
    title: Text
    description: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Place:
    """Where a mart holds the number of a metric."""

    mart: str
    column: str
    rows: str | None


@dataclass(frozen=True)
class Metric:
    """One metric: how it is worked out, of which mart, and where its number stands.

    ``measure`` is its code in the table that compares all measures over time.
    """

    name: str
    label: Text
    description: Text
    owner: Text
    numerator: str | None
    denominator: str | None
    expression: str | None
    is_stock: bool
    condition: str | None
    cuts: tuple[str, ...]
    mart: str
    places: tuple[Place, ...]
    measure: str | None


@dataclass(frozen=True)
class Question:
    """One saved query of the metric layer."""

    name: str
    label: Text
    description: Text
    metrics: tuple[str, ...]
    cuts: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """One product that is made of the marts, and who answers for it."""

    name: str
    label: Text
    description: Text
    owner: str


@dataclass(frozen=True)
class Dictionary:
    """All there is to say, each list in the order of its names."""

    marts: tuple[Mart, ...]
    metrics: tuple[Metric, ...]
    questions: tuple[Question, ...]
    readers: tuple[Reader, ...]


def dictionary(
    manifest: dict[str, Any], columns_zh: Mapping[str, str] | None = None
) -> Dictionary:
    """Return what a parsed project says of its metrics and of the marts behind them.

    Args:
        manifest: what dbt has written of the project.
        columns_zh: Chinese of columns that recur, by name.
    """
    nodes = manifest["nodes"].values()
    marts = [node for node in nodes if node["name"].startswith("kpi_")]
    return Dictionary(
        marts=_by_name(
            _mart(node, columns_zh or {}) for node in marts if _is_model(node)
        ),
        metrics=_by_name(_metric(m, manifest) for m in manifest["metrics"].values()),
        questions=_by_name(_question(q) for q in manifest["saved_queries"].values()),
        readers=_by_name(_reader(e) for e in manifest["exposures"].values()),
    )


def _by_name(entries: Any) -> tuple[Any, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.name))


def _is_model(node: dict[str, Any]) -> bool:
    return bool(node["resource_type"] == "model")


def _mart(node: dict[str, Any], columns_zh: Mapping[str, str]) -> Mart:
    meta = node["config"]["meta"]
    title = meta.get("title") or {}
    return Mart(
        name=node["name"],
        subject=node["fqn"][-2],
        title=Text(title.get("en") or node["name"], title.get("zh")),
        description=Text(node["description"].strip(), meta.get("zh")),
        key=tuple(meta["primary_key"]),
        columns=tuple(
            Column(
                column["name"],
                column["data_type"] or "",
                Text(
                    column["description"].strip(),
                    _column_zh(column["name"], node["columns"], columns_zh),
                ),
            )
            for column in node["columns"].values()
        ),
    )


def _column_zh(
    name: str, columns: Mapping[str, Any], columns_zh: Mapping[str, str]
) -> str | None:
    """Return a column's Chinese; the ends of an interval are told by what they end."""
    if name in columns_zh:
        return columns_zh[name]
    told, _, end = name.rpartition("_")
    if end in _ENDS and told in columns:
        return f"`{told}` 的 95% 区间{_ENDS[end]}。"
    return None


def _metric(node: dict[str, Any], manifest: dict[str, Any]) -> Metric:
    meta = node["config"]["meta"]
    terms = node["type_params"]
    model = _semantic_model(node, manifest)
    owner = manifest["groups"][f"group.{_PROJECT}.{node['group']}"]
    conditions = (node["filter"] or {"where_filters": []})["where_filters"]
    return Metric(
        name=node["name"],
        **_labelled(node),
        owner=Text(owner["owner"]["name"], owner["config"]["meta"].get("zh")),
        numerator=(terms["numerator"] or {}).get("name"),
        denominator=(terms["denominator"] or {}).get("name"),
        expression=terms["expr"] or _aggregate(terms["measure"], model),
        is_stock=_is_stock(terms["measure"], model),
        condition=" and ".join(_plain(c["where_sql_template"]) for c in conditions)
        or None,
        cuts=_cuts(model),
        mart=model["node_relation"]["alias"],
        places=tuple(
            Place(place["mart"], place["column"], place.get("rows"))
            for place in meta.get("marts", [])
        ),
        measure=meta.get("measure"),
    )


def _labelled(node: dict[str, Any]) -> dict[str, Text]:
    zh = node["config"]["meta"].get("zh") or {}
    return {
        "label": Text(node["label"], zh.get("label")),
        "description": Text(node["description"].strip(), zh.get("description")),
    }


def _semantic_model(node: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the semantic model whose rows a metric adds up, through other metrics."""
    parent = node["depends_on"]["nodes"][0]
    if parent in manifest["semantic_models"]:
        found: dict[str, Any] = manifest["semantic_models"][parent]
        return found
    return _semantic_model(manifest["metrics"][parent], manifest)


def _measure(used: dict[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    (found,) = [m for m in model["measures"] if m["name"] == used["name"]]
    measure: dict[str, Any] = found
    return measure


def _aggregate(used: dict[str, Any] | None, model: dict[str, Any]) -> str | None:
    if used is None:
        return None
    measure = _measure(used, model)
    return f"{measure['agg']}({measure['expr'] or measure['name']})"


def _is_stock(used: dict[str, Any] | None, model: dict[str, Any]) -> bool:
    return used is not None and bool(_measure(used, model)["non_additive_dimension"])


def _cuts(model: dict[str, Any]) -> tuple[str, ...]:
    prefix = model["primary_entity"]
    return (
        "metric_time",
        *(entity["name"] for entity in model["entities"]),
        *(
            f"{prefix}__{dimension['name']}"
            for dimension in model["dimensions"]
            if dimension["type"] == "categorical"
        ),
    )


def _plain(condition: str) -> str:
    return " ".join(_REFERENCE.sub(r"\1", condition).split())


def _question(node: dict[str, Any]) -> Question:
    asked = node["query_params"]
    return Question(
        name=node["name"],
        **_labelled(node),
        metrics=tuple(asked["metrics"]),
        cuts=tuple(
            "__".join(filter(None, _GROUPING.fullmatch(by).groups()))  # type: ignore[union-attr]
            for by in asked["group_by"]
        ),
    )


def _reader(node: dict[str, Any]) -> Reader:
    return Reader(name=node["name"], **_labelled(node), owner=node["owner"]["name"])
