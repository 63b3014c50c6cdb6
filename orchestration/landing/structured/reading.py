"""Reading an XML or JSON document into the work file of the careful reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path as File

from orchestration.landing.cleaning import Cleaned
from orchestration.landing.errors import Refusal
from orchestration.landing.layout import Layout
from orchestration.landing.scan import Scan
from orchestration.landing.structured.families import family
from orchestration.landing.structured.json_pages import whole_pages, wraps
from orchestration.landing.structured.json_reader import JsonReader
from orchestration.landing.structured.limits import MOST_PAGES, too_large
from orchestration.landing.structured.records import Block, Family, Path, Record
from orchestration.landing.structured.writing import Writer
from orchestration.landing.structured.xml_reader import XmlReader
from orchestration.landing.structured.xml_text import (
    lines_before,
    parts,
    text_encoding,
)


def read_structured(
    scan: Scan, layout: Layout, fallback: str, cleaned: Cleaned
) -> Writer:
    """Write the rows of a document to the work files; return what there is to tell.

    Raises:
        Refusal: It cannot be read, ends early, has another shape than its kind, or
            exceeds a limit.
    """
    kind = family(layout.family)
    writer = Writer(layout.spec, cleaned)
    title = layout.spec.title
    if kind.format == "xml":
        records = _xml_records(scan, kind, fallback)
    elif kind.records:
        records = _json_records(scan.source, kind, title)
    else:
        records = _json_pages(scan.source, kind, title)
    writer.write(records, kind)
    return writer


def encoding_of(scan: Scan, layout: Layout, fallback: str) -> str:
    """Return the encoding to record: of JSON there is only one."""
    is_xml = family(layout.family).format == "xml"
    return text_encoding(scan, fallback) if is_xml else text_encoding(scan, "utf-8")


def _xml_records(scan: Scan, kind: Family, fallback: str) -> Iterator[Record]:
    if kind.is_record is None:
        raise ValueError(f"{kind.name} does not say what its records are.")
    reader = XmlReader(kind.is_record, lines_before=lines_before(scan))
    numbers: Counter[Path] = Counter()
    for part in parts(scan, text_encoding(scan, fallback)):
        reader.feed(part, is_last=not part)
        for path, element in reader.take():
            numbers[path] += 1
            yield Record(element, path, element.line, numbers[path], {})


def _json_records(source: File, kind: Family, title: str) -> Iterator[Record]:
    # What a page says of itself may stand behind its records.
    pages = _pages(source, kind) if kind.needs_page else []
    numbers: Counter[Path] = Counter()
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = JsonReader(
            file, kind.records, lambda page: _check_page(page, kind, title)
        )
        for path, line, value in reader:
            numbers[path] += 1
            page = pages[reader.opened - 1] if pages else {}
            yield Record(value, path, line, numbers[path], page)


def _pages(source: File, kind: Family) -> list[Block]:
    pages: list[Block] = []
    with source.open(encoding="utf-8-sig", newline="") as file:
        for _ in JsonReader(file, kind.records, pages.append):
            if len(pages) > MOST_PAGES:
                raise too_large("a number of pages")
    return pages


def _check_page(page: Block, kind: Family, title: str) -> None:
    """Make sure that nothing but records stands where records are expected.

    Raises:
        Refusal: The page is of another shape.
    """
    if wraps(page):
        return
    if not any(path[0] in page for path in kind.records):
        raise _other_shape(page, title)
    for path in kind.records:
        for entries in _lists(page, path[:-1]):
            if not isinstance(entries, list) or not all(
                isinstance(entry, dict) for entry in entries
            ):
                raise Refusal(
                    f"This has the keys of the {title}, but its entries are not lists "
                    "of objects."
                )


def _lists(page: Block, path: Path) -> list[object]:
    found: list[object] = [page]
    for key in path:
        inner = [item for item in found if isinstance(item, dict)]
        if len(inner) != len(found):
            return [None]
        found = [
            value
            for item in inner
            for name, value in item.items()
            if key in ("*", name) and value is not None
        ]
    return found


def _other_shape(page: Block, title: str) -> Refusal:
    if "errors" in page:
        return Refusal(
            "A page of this document is the API's answer to a call that failed. Make "
            "the call again."
        )
    return Refusal(
        f"This JSON document is no report that can land: a page of it is not of the "
        f"{title}."
    )


def _json_pages(source: File, kind: Family, title: str) -> Iterator[Record]:
    with source.open(encoding="utf-8-sig", newline="") as file:
        found = whole_pages(file)
    for number, (line, page) in enumerate(found, start=1):
        if not kind.is_known_by(page):
            joint = " and " if kind.needs_signs == "all" else " or "
            raise Refusal(
                "This JSON document is no report that can land: the "
                f"{title} has the keys {joint.join(sorted(kind.signs))}."
            )
        yield Record(page, (), line, number, page)
