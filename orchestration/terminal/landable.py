"""What can land, from which tools; what a mapping says; what becomes of a file."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from orchestration.errors import ReturnsError
from orchestration.landing.lake import METADATA, view_queries
from orchestration.landing.landing import land_inbox
from orchestration.landing.ledger import Entry
from orchestration.landing.mapping import (
    Mapping,
    load_mappings,
    own_mappings,
    read_mapping,
    with_mapping,
)
from orchestration.landing.specs import ColumnSpec, ReportSpec, lake_specs
from orchestration.settings import Home

NEEDS = {"value": "in every row", "column": "as a column", "no": ""}
LEGEND = (
    "An instant states its zone (2025-06-05T10:00:00+02:00, …Z) or is a day alone;",
    "a date is 2025-06-05; a flag yes or no. A person lands as a pseudonym; personal",
    "data in free text is masked. Commas, semicolons or tabs separate the fields.",
)
_SHOWN_ROWS = 3
_SHOWN_REJECTS = 5


class UnknownSourceError(ReturnsError):
    """There is no source of the name that somebody asked for."""


def landable(home: Home) -> list[dict[str, Any]]:
    """Return everything that can land, as plain JSON values.

    Raises:
        MappingError: A mapping of the seller's own is wrong.
    """
    mappings = load_mappings(own_mappings(home))
    return [
        _source(spec, [item for item in mappings if item.contract.table == table])
        for table, specs in lake_specs().items()
        for spec in specs
    ]


def _source(spec: ReportSpec, mappings: list[Mapping]) -> dict[str, Any]:
    return {
        "name": spec.table,
        "title": spec.title,
        "from": "amazon" if spec.source == "amazon_sp" else "own tools",
        "report_types": list(spec.report_types),
        "format": spec.format,
        "columns": [_column(column) for column in spec.columns],
        "mappings": [
            {
                "name": item.name,
                "tool": item.tool,
                "export": item.export,
                "known_by": sorted(item.known_by),
                "is_own": item.is_own,
            }
            for item in mappings
        ],
    }


def _column(column: ColumnSpec) -> dict[str, Any]:
    return {
        "name": column.name,
        "kind": column.kind,
        "needed": column.needed,
        "words": list(column.words),
        "aliases": list(column.aliases),
        "means": column.means,
    }


def told(sources: list[dict[str, Any]]) -> str:
    """Return for a person what can land, without the columns."""
    lines = ["Amazon's reports and answers, as downloaded:"]
    for source in sources:
        if source["from"] == "amazon":
            lines.append(f"  {source['title']}: {', '.join(source['report_types'])}")
    lines += ["", "Exports of your own tools, as CSV in these layouts:"]
    for source in sources:
        if source["from"] != "amazon":
            needed = [c["name"] for c in source["columns"] if c["needed"] != "no"]
            lines.append(f"  {source['name']}: {source['title']}")
            lines.append(f"    needs {', '.join(needed)}")
            lines += [f"    or {_export(item)}" for item in source["mappings"]]
    lines += ["", "`returns sources NAME` lists the columns of one of them."]
    return "\n".join(lines)


def _export(mapping: dict[str, Any]) -> str:
    whose = "your mapping" if mapping["is_own"] else "mapping"
    return f"{mapping['tool']}: {mapping['export']} ({whose} {mapping['name']})"


def named(sources: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the sources of a name.

    Raises:
        UnknownSourceError: There is none.
    """
    found = [item for item in sources if name in (item["name"], *item["report_types"])]
    if not found:
        names = ", ".join(dict.fromkeys(item["name"] for item in sources))
        raise UnknownSourceError(f"There is no source {name}; there are {names}.")
    return found


def told_in_full(source: dict[str, Any]) -> str:
    """Return for a person which columns a source has."""
    lines = [f"{source['name']}: {source['title']} ({source['format']})", ""]
    for column in source["columns"]:
        need = NEEDS[column["needed"]]
        head = f"  {column['name']}, {column['kind']}"
        lines.append(f"{head}, needed {need}" if need else head)
        more = [column["means"]] if column["means"] else []
        if column["words"]:
            more.append(f"Words: {', '.join(column['words'])}.")
        if column["aliases"]:
            more.append(f"Also called {', '.join(column['aliases'])}.")
        lines += textwrap.wrap(" ".join(more), 80, initial_indent=" " * 6,
                               subsequent_indent=" " * 6)  # fmt: skip
    if source["from"] != "amazon":
        lines += ["", *LEGEND]
    if source["mappings"]:
        lines += ["", "Ready mappings:"]
        lines += [
            f"  {_export(item)}, known by {', '.join(item['known_by'])}"
            for item in source["mappings"]
        ]
    return "\n".join(lines)


def checked(path: Path, home: Home) -> dict[str, Any]:
    """Return what a mapping says, as plain JSON values.

    Raises:
        MappingError: It is wrong; the message names file, key and fix.
    """
    own = own_mappings(home)
    mapping = read_mapping(path, own)
    others = with_mapping(load_mappings(own), mapping)
    contract = [column.name for column in mapping.contract.columns]
    return {
        "name": mapping.name,
        "tool": mapping.tool,
        "export": mapping.export,
        "contract": mapping.contract.table,
        "known_by": sorted(mapping.known_by),
        "filled": [name for name in contract if name in mapping.columns],
        "empty": [name for name in contract if name not in mapping.columns],
        "zone": mapping.zone,
        "clashes": [
            item.name
            for item in others
            if item.known_by == mapping.known_by and item != mapping
        ],
    }


def told_checked(found: dict[str, Any]) -> str:
    """Return for a person what a mapping says."""
    lines = [
        f"{found['name']} is a good mapping of {found['tool']}'s {found['export']}.",
        f"It fills {found['contract']}: {', '.join(found['filled'])}.",
        f"Known by {', '.join(found['known_by'])}.",
    ]
    if found["empty"]:
        lines.append(f"Left empty: {', '.join(found['empty'])}.")
    if found["zone"] == "unknown":
        lines.append("Of times without a zone only the day is kept (zone: unknown).")
    if found["clashes"]:
        lines.append(
            f"But {', '.join(found['clashes'])} is known by the same columns, so every "
            "such file would be refused: extend it, or name this file like it."
        )
    return "\n".join(lines)


def tried(file: Path, home: Home, mapping: Path | None = None) -> dict[str, Any]:
    """Land a file where nothing is kept, and return what would become of it.

    Args:
        file: The file.
        home: Whose own mappings count; it is not changed.
        mapping: One more mapping.

    Raises:
        UnknownSourceError: There is no such file, or it holds several.
        MappingError: A mapping is wrong.
    """
    if not file.is_file():
        raise UnknownSourceError(f"There is no file {file}.")
    own = own_mappings(home)
    mappings = load_mappings(own)
    if mapping is not None:
        mappings = with_mapping(mappings, read_mapping(mapping, own))
    with TemporaryDirectory(prefix="returns-") as folder:
        inbox, scratch = Path(folder) / "inbox", Home(Path(folder) / "home")
        inbox.mkdir()
        # Under a name that an inbox does not pass over, as it does .hidden ones.
        shutil.copyfile(file, inbox / "file")
        outcomes = land_inbox(inbox, scratch, mappings=mappings).outcomes
        if len(outcomes) > 1:
            raise UnknownSourceError(
                f"{file} is an archive of {len(outcomes)} files. Unpack it and try "
                "them one by one."
            )
        entry = outcomes[0].entry
        return {
            "file": file.name,
            "status": entry.status,
            "reason": entry.reason,
            "lands_in": entry.lake_table,
            "mapping": entry.mapping_name,
            "rows_landed": entry.rows_landed,
            "rows_quarantined": entry.rows_quarantined,
            "unknown_columns": entry.unknown_columns,
            "personal_columns": entry.personal_columns,
            **_looked_at(scratch, entry),
        }


def _looked_at(home: Home, entry: Entry) -> dict[str, Any]:
    """Return the first rows of a landed document, and the first that did not land."""
    if entry.status != "landed" or entry.lake_table is None:
        return {"rows": [], "rejects": []}
    queries = view_queries(home)
    rows = _fetched(queries[entry.lake_table], _SHOWN_ROWS)
    hidden = {*METADATA, "_as_of"} - {"_unknown_columns"}
    return {
        "rows": [
            {k: v for k, v in row.items() if v is not None and k not in hidden}
            for row in rows
        ],
        "rejects": [
            {k: row[k] for k in ("line_number", "column_name", "value", "reason")}
            for row in _fetched(queries["landing_rejects"], _SHOWN_REJECTS)
        ],
    }


def _fetched(query: str, limit: int) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.sql(query).limit(limit)
        return [dict(zip(found.columns, r, strict=True)) for r in found.fetchall()]


def told_tried(found: dict[str, Any]) -> str:
    """Return for a person what would become of a file."""
    if found["status"] == "refused":
        return f"{found['file']} would be refused: {found['reason']}"
    if found["status"] == "no_data":
        return f"{found['file']}: {found['reason']}"
    by = f" by the mapping {found['mapping']}" if found["mapping"] else ""
    lines = [
        f"{found['file']} would land in {found['lands_in']}{by}: "
        f"{found['rows_landed']} rows, {found['rows_quarantined']} set aside."
    ]
    if found["personal_columns"]:
        lines.append(f"Dropped as personal: {found['personal_columns']}.")
    if found["unknown_columns"]:
        lines.append(f"Unknown, kept without texts: {found['unknown_columns']}.")
    for number, row in enumerate(found["rows"], start=1):
        lines += ["", f"Row {number}:"]
        lines += [f"  {name}: {value}" for name, value in row.items()]
    if found["rejects"]:
        lines += ["", "Set aside:"]
    for item in found["rejects"]:
        where = f"line {item['line_number']}"
        if item["column_name"]:
            where += f", {item['column_name']}"
            where += f" {item['value']!r}" if item["value"] is not None else ""
        lines.append(f"  {where}: {item['reason']}")
    return "\n".join(lines)
