"""What a document is, by its content alone; its name counts for nothing."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from orchestration.landing.errors import Refusal
from orchestration.landing.explaining import explain_unknown
from orchestration.landing.layout import Layout, normalised
from orchestration.landing.mapped import chosen, explain_nearest_mapping
from orchestration.landing.mapping import Mapping
from orchestration.landing.privacy import is_personal_name
from orchestration.landing.records import split
from orchestration.landing.scan import Scan
from orchestration.landing.specs import ReportSpec, load_specs
from orchestration.landing.structured.recognising import (
    recognise_json,
    recognise_xml,
)

BINARY_MAGICS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"ustar")


def recognise(
    scan: Scan,
    fallback: str,
    stated_type: str | None,
    mappings: tuple[Mapping, ...] = (),
) -> Layout:
    """Return what the document is.

    Args:
        scan: The pass over its bytes.
        fallback: Encoding of a header that is not UTF-8.
        stated_type: Report type that the delivery's meta file states, if it does.
            Only a report whose header is localised needs it, and only where its
            first row does not tell.
        mappings: How tools' exports fill the contracts.

    Raises:
        Refusal: It is nothing that can land; the message says why and what to do.
    """
    text = scan.head.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n ")
    _refuse_other_kinds(scan, text)
    if text.startswith((b"{", b"[")):
        return recognise_json(scan)
    if text.startswith(b"<"):
        return recognise_xml(scan)
    lines = _first_lines(scan, fallback)
    number = next(index for index, line in enumerate(lines) if line.strip(" \r"))
    header = lines[number].rstrip("\r")
    layouts = [
        replace(layout, delimiter=delimiter)
        for spec in load_specs()
        for delimiter in spec.delimiters
        if (cells := [*map(normalised, split(header, delimiter, spec.quotes))])
        and (layout := _match(spec, cells, lines[number + 1 :], stated_type))
    ]
    best = chosen(layouts, header, mappings)
    if best is None:
        near = explain_nearest_mapping(header, mappings)
        raise Refusal(near or explain_unknown(lines[number:]))
    return replace(best, header_line=number + 1, header=header)


def _refuse_other_kinds(scan: Scan, text: bytes) -> None:
    if not text:
        raise Refusal(
            "This file is empty; a report without data still has its header. "
            "Download it again."
        )
    if text.startswith(BINARY_MAGICS) or scan.head.count(b"\0") > len(scan.head) // 20:
        raise Refusal(
            "This is not a text file. Reports and exports are separated text, JSON or "
            "XML; put the document as downloaded here."
        )


def _first_lines(scan: Scan, fallback: str) -> list[str]:
    head = scan.head.removeprefix(codecs.BOM_UTF8)
    lines = head.split(scan.separator)
    complete = lines if len(lines) == 1 or scan.size == len(scan.head) else lines[:-1]
    if scan.size > len(scan.head) and len(lines) == 1:
        raise Refusal(
            "The first line is longer than any report's header. This is no report or "
            "export that can land."
        )
    return [_text(line, fallback) for line in complete]


def _text(line: bytes, fallback: str) -> str:
    # A character nobody can read matches no column's name, so it may be replaced.
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(fallback, errors="replace")


def _match(
    spec: ReportSpec, cells: list[str], rows: list[str], stated_type: str | None
) -> Layout | None:
    if spec.header == "by_position":
        return _match_position(spec, cells, rows, stated_type)
    known = spec.names
    fields: dict[str, int] = {}
    unknown: dict[str, int] = {}
    personal: list[str] = []
    twice: list[str] = []
    for index, cell in enumerate(cells):
        if not cell:
            # A column without a name may hold anything, so nothing of it is kept.
            personal.append(f"column {index + 1} (no name)")
        elif cell in known:
            twice += [cell] if known[cell] in fields else []
            fields[known[cell]] = index
        elif cell in spec.personal_columns or is_personal_name(cell):
            personal.append(cell)
        else:
            twice += [cell] if cell in unknown else []
            unknown[cell] = index
    if not spec.is_known_by(set(fields)):
        return None
    if twice:
        raise Refusal(
            f"This is the {spec.title}, but its header names {', '.join(twice)} twice. "
            "Download the document again."
        )
    return Layout(spec, len(cells), fields, unknown, tuple(personal))


def _match_position(
    spec: ReportSpec, cells: list[str], rows: list[str], stated_type: str | None
) -> Layout | None:
    if len(cells) != len(spec.header_names):
        return None
    if tuple(cells) != spec.header_names and stated_type not in spec.report_types:
        first = next((row for row in rows if row.strip()), "").split("\t")
        for index, column in enumerate(spec.columns):
            if column.pattern and not re.fullmatch(
                column.pattern, first[index].strip() if index < len(first) else ""
            ):
                return None
    fields = {column.name: index for index, column in enumerate(spec.columns)}
    return Layout(spec, len(cells), fields, personal=spec.personal_columns)
