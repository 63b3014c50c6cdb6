"""dbt's own page of models, SQL and lineage, with its data inside.

As ``dbt docs generate --static`` makes it, without dbt: that reads the whole project
again and asks the warehouse for each table. Both are known already.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import ReturnsError
from orchestration.files import write_atomically
from orchestration.publication.warehouse import opened
from orchestration.settings import Home

_MANIFEST, _CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
# Everything is in the page; what it might ask for elsewhere, it may not.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'unsafe-inline\''
    " 'unsafe-eval' data: blob:; connect-src 'none'\">"
)
# A template that dbt never filled in.
_ICON = "href=\"${require('./assets/favicons/favicon.ico')}\""


class DbtDocsError(ReturnsError):
    """dbt's page is not as it was when this was written."""


def write_dbt_docs(home: Home, manifest: Path) -> Path:
    """Write the page of ``manifest`` and return it.

    It holds no data, so it is made anew only where the project has changed since.
    """
    page = home.dbt_docs / "index.html"
    made = page.stat().st_mtime_ns if page.exists() else 0
    if made < manifest.stat().st_mtime_ns:
        described = json.loads(manifest.read_text(encoding="utf-8"))
        write_atomically(page, render(described, _types(home)))
    return page


def render(manifest: dict[str, Any], types: dict[str, dict[str, str]]) -> str:
    """Return dbt's page with a project's manifest and its columns' types.

    Args:
        manifest: what dbt writes when it parses.
        types: by relation (``facts.fct_returns``), the type of each column.
    """
    text = _template().read_text(encoding="utf-8")
    for place in (_MANIFEST, _CATALOG, "<head>"):
        if text.count(place) != 1:
            raise DbtDocsError(f"dbt's page no longer has the place {place}.")
    text = text.replace("<head>", f"<head>{_POLICY}").replace(_ICON, 'href="data:,"')
    text = text.replace(_CATALOG, _inline(catalog(manifest, types)))
    return text.replace(_MANIFEST, _inline(_portable(manifest)))


def catalog(
    manifest: dict[str, Any], types: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """Return what dbt calls the catalog: each relation that exists, with its types."""
    return {
        "metadata": {},
        "nodes": _entries(manifest["nodes"], types),
        "sources": _entries(manifest["sources"], types),
        "errors": None,
    }


def _entries(
    nodes: dict[str, Any], types: dict[str, dict[str, str]]
) -> dict[str, dict[str, Any]]:
    found = {}
    for unique_id, node in nodes.items():
        relation = f"{node['schema']}.{node.get('alias') or node.get('identifier')}"
        if relation not in types:
            continue
        found[unique_id] = {
            "unique_id": unique_id,
            "metadata": {
                "type": node["config"].get("materialized") or node["resource_type"],
                "schema": node["schema"],
                "name": relation.split(".")[1],
                "database": node["database"],
            },
            "columns": {
                name: {"type": kind, "index": index, "name": name}
                for index, (name, kind) in enumerate(types[relation].items(), start=1)
            },
            "stats": {},
        }
    return found


def _portable(manifest: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the project lies on this machine, and dbt's count of users."""
    metadata = {**manifest["metadata"], "send_anonymous_usage_stats": False}
    nodes = {
        unique_id: {**node, "root_path": None} if "root_path" in node else node
        for unique_id, node in manifest["nodes"].items()
    }
    return {**manifest, "metadata": metadata, "nodes": nodes}


def _inline(content: dict[str, Any]) -> str:
    """Return JSON that cannot end the script it stands in."""
    return json.dumps(content, ensure_ascii=False).replace("</", "<\\/")


def _types(home: Home) -> dict[str, dict[str, str]]:
    with opened(home) as connection:
        return column_types(connection)


def column_types(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return the type of each column of the attached warehouse, in order."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type"
        " from duckdb_columns() where database_name = 'warehouse' and not internal"
        " order by schema_name, table_name, column_index"
    ).fetchall()
    types: dict[str, dict[str, str]] = {}
    for relation, name, kind in rows:
        types.setdefault(relation, {})[name] = kind
    return types


def _template() -> Path:
    """Return the page that comes with dbt, without importing dbt: that takes long."""
    spec = find_spec("dbt")
    for place in (spec and spec.submodule_search_locations) or []:
        page = Path(place) / "task" / "docs" / "index.html"
        if page.exists():
            return page
    raise DbtDocsError("dbt's page of documentation is not installed.")
