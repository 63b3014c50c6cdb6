"""What dbt declares of the published tables: required columns, keys, relationships."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.publication.warehouse import SCHEMAS

_REFERENCE = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values are keys of another table, or null."""

    column: str
    table: str
    referenced: str


@dataclass(frozen=True)
class Keys:
    """By table: columns without null, the primary key, the foreign keys."""

    required: dict[str, frozenset[str]] = field(default_factory=dict)
    primary: dict[str, tuple[str, ...]] = field(default_factory=dict)
    foreign: dict[str, tuple[ForeignKey, ...]] = field(default_factory=dict)


def from_dbt(manifest: Path) -> Keys:
    """Return what dbt's ``manifest.json`` declares; nothing if dbt left none.

    A relationship counts where its test stops a build: one that only warns may be
    broken in what is published.
    """
    if not manifest.exists():
        return Keys()
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    published = {
        unique_id: node
        for unique_id, node in nodes.items()
        if node["resource_type"] in ("model", "seed") and node["schema"] in SCHEMAS
    }
    foreign: dict[str, list[ForeignKey]] = {}
    for node in nodes.values():
        if node.get("attached_node") in published:
            name = published[node["attached_node"]]["name"]
            foreign.setdefault(name, []).extend(_relationship(node))
    return Keys(
        required={node["name"]: _required(node) for node in published.values()},
        primary={
            node["name"]: tuple(
                (node["config"].get("meta") or {}).get("primary_key", ())
            )
            for node in published.values()
        },
        foreign={name: tuple(keys) for name, keys in foreign.items()},
    )


def _required(node: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        column["name"]
        for column in node["columns"].values()
        if any(rule["type"] == "not_null" for rule in column.get("constraints") or ())
    )


def _relationship(node: dict[str, Any]) -> Iterator[ForeignKey]:
    test = node.get("test_metadata") or {}
    config = node["config"]
    if test.get("name") != "relationships" or config["severity"].lower() != "error":
        return
    if config.get("where") or config.get("limit") or not config.get("enabled", True):
        return
    words = test["kwargs"]
    if to := _REFERENCE.fullmatch(words["to"]):
        yield ForeignKey(words["column_name"], to[1], words["field"])
