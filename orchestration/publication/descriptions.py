"""dbt's descriptions as comments of the published tables: BI tools show them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.publication.warehouse import Source, quoted


@dataclass(frozen=True)
class Descriptions:
    """Texts by relation (``facts.fct_returns``), for tables and their columns."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)

    def statements(
        self, sources: list[Source], columns: set[tuple[str, str]]
    ) -> Iterator[str]:
        """Yield the SQL that comments the published tables of ``sources``.

        ``columns`` are those the tables have; a text for any other says nothing.
        """
        for source in sources:
            relation = f"{source.schema}.{source.name}"
            table = f'published.marts."{source.name}"'
            if relation in self.tables:
                text = quoted(self.tables[relation])
                yield f"comment on table {table} is {text}"
            for column, text in self.columns.get(relation, {}).items():
                if (source.name, column) not in columns:
                    continue
                yield f'comment on column {table}."{column}" is {quoted(text)}'


def from_dbt(manifest: Path) -> Descriptions:
    """Return what dbt's ``manifest.json`` describes; nothing if dbt left none."""
    if not manifest.exists():
        return Descriptions()
    described = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = [*described["nodes"].values(), *described["sources"].values()]
    relations = {
        f"{node['schema']}.{node.get('alias') or node['name']}": node
        for node in nodes
        if node["resource_type"] in ("model", "seed", "source")
    }
    return Descriptions(
        tables={
            relation: node["description"].strip()
            for relation, node in relations.items()
            if node.get("description")
        },
        columns={
            relation: {
                column["name"]: column["description"].strip()
                for column in node["columns"].values()
                if column.get("description")
            }
            for relation, node in relations.items()
        },
    )
