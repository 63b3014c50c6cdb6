"""Documents that a mapping fits: which of their fields make which column."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from orchestration.landing.errors import Refusal
from orchestration.landing.layout import Layout, normalised
from orchestration.landing.mapping import MappedColumn, Mapping
from orchestration.landing.mapping_checks import has_time
from orchestration.landing.privacy import is_personal_name
from orchestration.landing.records import split
from orchestration.landing.specs import ColumnSpec, ReportSpec
from orchestration.landing.sql import quoted
from orchestration.landing.zones import with_zone


def chosen(
    layouts: list[Layout], header: str, mappings: tuple[Mapping, ...]
) -> Layout | None:
    """Return what a document is, of the reports and the mapping that fit its header.

    Amazon's reports come first, then the seller's own mapping, then a contract that
    knows every column. A mapping says more of a tool's export than a contract some of
    whose columns it happens to have, so that one comes last.

    Raises:
        Refusal: Two mappings fit, or the header names a column twice.
    """
    amazon = [item for item in layouts if item.spec.source == "amazon_sp"]
    if amazon:
        return _fullest(amazon)
    own = tuple(mapping for mapping in mappings if mapping.is_own)
    if own and (found := mapped_layout(header, own)):
        return found
    if complete := [item for item in layouts if not item.unknown]:
        return _fullest(complete)
    return mapped_layout(header, mappings) or (_fullest(layouts) if layouts else None)


def _fullest(layouts: list[Layout]) -> Layout:
    return max(layouts, key=lambda layout: len(layout.fields))


def mapped_layout(header: str, mappings: tuple[Mapping, ...]) -> Layout | None:
    """Return the layout by the one mapping that fits a header, if there is one.

    Raises:
        Refusal: Two mappings fit, or the header names a column twice.
    """
    fitting = [
        (mapping, delimiter, cells)
        for mapping in mappings
        for delimiter in _delimiters(mapping)
        if _fits(mapping, cells := _cells(header, delimiter))
    ]
    # A mapping that asks for all that another asks for, and more, knows better.
    best = [
        item
        for item in fitting
        if not any(item[0].known_by < other[0].known_by for other in fitting)
    ]
    if not best:
        return None
    if len(best) > 1:
        names = " and ".join(mapping.name for mapping, _, _ in best)
        raise Refusal(
            f"The mappings {names} both fit this file, so nobody can say which is "
            "meant. Add a column that only one of the exports has to its known_by, or "
            "take one mapping away."
        )
    mapping, delimiter, cells = best[0]
    return replace(_layout(mapping, cells), delimiter=delimiter)


def explain_nearest_mapping(header: str, mappings: tuple[Mapping, ...]) -> str | None:
    """Return which tool's export a header is nearly that of, and what it lacks."""
    near = [
        (len(missing) / len(mapping.known_by), mapping, sorted(missing))
        for mapping in mappings
        for delimiter in _delimiters(mapping)
        if (missing := mapping.known_by - set(_cells(header, delimiter)))
        and 2 * len(missing) < len(mapping.known_by)
    ]
    if not near:
        return None
    _, mapping, lacking = min(near, key=lambda item: item[0])
    return (
        f"This looks like {mapping.tool}'s {mapping.export} (mapping {mapping.name}) "
        f"but lacks the column{'s' if len(lacking) > 1 else ''} {', '.join(lacking)}. "
        "Export it with all columns, or write a mapping of your own for it."
    )


def _delimiters(mapping: Mapping) -> tuple[str, ...]:
    return (mapping.delimiter,) if mapping.delimiter else (",", ";", "\t")


def _cells(header: str, delimiter: str) -> list[str]:
    return [normalised(cell) for cell in split(header, delimiter, "csv")]


def _fits(mapping: Mapping, cells: list[str]) -> bool:
    present = set(cells)
    if mapping.extends == mapping.contract.table:
        # A file of our own layout may call a column by another of its names.
        present |= {mapping.contract.names.get(cell, cell) for cell in cells}
    return mapping.known_by <= present and all(
        column.name not in mapping.columns
        or mapping.columns[column.name].constant is not None
        or present & set(mapping.columns[column.name].sources)
        for column in mapping.contract.columns
        if column.needed == "value"
    )


def _layout(mapping: Mapping, cells: list[str]) -> Layout:
    read = {name for column in mapping.columns.values() for name in column.sources}
    read |= {name for column in mapping.columns.values() for name, _ in column.when}
    if twice := [name for name, n in Counter(cells).items() if n > 1 and name in read]:
        raise Refusal(
            f"This is {mapping.tool}'s {mapping.export}, but its header names "
            f"{', '.join(twice)} twice. Export it again."
        )
    places = {cell: index for index, cell in enumerate(cells)}
    fields: dict[str, int] = {}
    made: dict[int, str] = {}
    for target, column in mapping.columns.items():
        if (value := _value(column, places)) is not None:
            fields[target] = len(cells) + len(made)
            made[fields[target]] = value
    rest = {cell: index for cell, index in places.items() if cell not in read}
    rest = {cell: i for cell, i in rest.items() if cell not in mapping.ignored}
    personal = {cell: cell for cell in rest if _is_personal(mapping, cell)}
    personal |= {c: f"column {rest[c] + 1} (no name)" for c in rest if not c}
    return Layout(
        _spec(mapping),
        len(cells),
        fields,
        {cell: index for cell, index in rest.items() if cell not in personal},
        tuple(personal.values()),
        made=made,
        used=frozenset(places[name] for name in read if name in places),
        mapping=(mapping.name, mapping.sha256),
    )


def _is_personal(mapping: Mapping, cell: str) -> bool:
    listed = mapping.personal | set(mapping.contract.personal_columns)
    return cell in listed or is_personal_name(cell)


def _value(column: MappedColumn, places: dict[str, int]) -> str | None:
    """Return SQL for a column of the contract, none if the export has none for it."""
    texts = [f"t{places[name]}" for name in column.sources if name in places]
    if column.constant is not None:
        value = quoted(column.constant)
    elif texts:
        value = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
    else:
        return None
    if column.words:
        pairs = " ".join(f"when {quoted(k)} then {quoted(v)}" for k, v in column.words)
        other = value
        if column.otherwise is not None:
            other = f"case when {value} is not null then {quoted(column.otherwise)} end"
        value = f"nullif(case lower({value}) {pairs} else {other} end, '')"
    for name, words in column.when:
        if name not in places:
            return None
        listed = ", ".join(map(quoted, words))
        value = f"case when lower(t{places[name]}) in ({listed}) then {value} end"
    return value


def _spec(mapping: Mapping) -> ReportSpec:
    """Return the contract as this export fills it: its formats, its units."""
    formats = mapping.instant_formats
    if mapping.zone:
        formats = tuple(
            form if form in {"iso_instant", "iso_day"} else _zoned(form, mapping.zone)
            for form in formats
        )
    return replace(
        mapping.contract,
        columns=tuple(
            _unit(column, mapping.columns.get(column.name))
            for column in mapping.contract.columns
        ),
        date_formats=mapping.date_formats,
        instant_formats=formats,
    )


def _zoned(form: str, zone: str) -> str:
    return with_zone(form, zone) if has_time(form) else form


def _unit(column: ColumnSpec, mapped: MappedColumn | None) -> ColumnSpec:
    if mapped is None or mapped.factor is None:
        return column
    is_whole = column.kind == "integer"
    return replace(column, kind="decimal", factor=mapped.factor, is_whole=is_whole)
