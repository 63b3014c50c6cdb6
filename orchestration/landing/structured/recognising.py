"""What an XML or JSON document is, by the names at its head."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from orchestration.landing.errors import Refusal
from orchestration.landing.layout import Layout
from orchestration.landing.scan import Scan
from orchestration.landing.specs import ReportSpec, load_specs
from orchestration.landing.structured.families import FAMILIES
from orchestration.landing.structured.json_reader import TOKEN, WRAPPERS
from orchestration.landing.structured.records import Family
from orchestration.landing.structured.xml_reader import head_names

# Roots of what is sent where there is no document: expired addresses, refused calls.
XML_ERRORS = frozenset({"Error", "ErrorResponse"})
# Levels below the root at which an element still tells what a document is.
TELLING_DEPTH = 4


def recognise_json(scan: Scan) -> Layout:
    """Return what a JSON document is.

    Raises:
        Refusal: It is nothing that can land.
    """
    text = scan.head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    keys = set(_top_keys(text))
    found = [item for item in FAMILIES if item.format == "json" and item.signs & keys]
    if not found:
        if "errors" in keys:
            raise Refusal(
                "This is the API's answer to a call that failed, not data. Make the "
                "call again."
            )
        raise Refusal(
            f"This JSON document is no report or answer that can land. {_known('json')}"
        )
    return _layout(max(found, key=lambda item: len(item.signs & keys)))


def recognise_xml(scan: Scan) -> Layout:
    """Return what an XML document is.

    Raises:
        Refusal: It is nothing that can land.
    """
    names = head_names(scan.head.removeprefix(codecs.BOM_UTF8), TELLING_DEPTH)
    for item in FAMILIES:
        if item.format == "xml" and item.signs.intersection(names):
            return _layout(item)
    if names and names[0] in XML_ERRORS:
        raise Refusal(
            "This is an error message instead of a document, perhaps because the "
            "address had expired. Download the report again."
        )
    raise Refusal(
        "This is an XML or HTML page, not a report that can land. Perhaps an error "
        f"page was saved; download the report again. {_known('xml')}"
    )


def _layout(family: Family) -> Layout:
    spec = _spec(family)
    fields = {column.name: index for index, column in enumerate(spec.columns)}
    return Layout(
        spec, len(fields) + 1, fields, unknown_field=len(fields), family=family.name
    )


def _spec(family: Family) -> ReportSpec:
    return next(
        spec
        for spec in load_specs()
        if spec.table == family.table and spec.format == family.format
    )


def _known(form: str) -> str:
    """Return the words that say which documents of a format can land."""
    what = "the keys" if form == "json" else "elements or message types"
    parts = [
        f"{_joined(item)} ({_spec(item).title})"
        for item in FAMILIES
        if item.format == form
    ]
    return f"Those that can are known by {what} {'; '.join(parts)}."


def _joined(family: Family) -> str:
    joint = " and " if family.needs_signs == "all" else " or "
    return joint.join(sorted(family.signs))


def _top_keys(text: str) -> Iterator[str]:
    """Yield the keys of the pages that the text begins with."""
    keys: list[str | None] = []
    word, at = "", 0
    while found := TOKEN.match(text, at):
        mark, at = found[1], found.end()
        if mark and mark in "{[":
            keys.append(None)
        elif mark and mark in "}]":
            keys = keys[:-1]
        elif mark == "," and keys:
            keys[-1] = None
        elif mark == ":" and keys:
            keys[-1] = _key(word)
            if all(key in WRAPPERS for key in keys[:-1]) and keys[-1] is not None:
                yield keys[-1]
        word = found[2] or ""


def _key(word: str) -> str | None:
    try:
        return str(json.loads(word))
    except json.JSONDecodeError:
        return None
