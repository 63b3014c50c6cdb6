"""A report as one HTML page: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.dictionary.pages import PAGES as DICTIONARY_PAGES
from orchestration.report.charts import svg
from orchestration.report.document import (
    Chart,
    Figure,
    Given,
    Identifier,
    Link,
    Piece,
    Report,
)
from orchestration.report.telling import LANGUAGES, SPOKEN, Teller

TEMPLATES = Path(__file__).parent / "templates"
_IDS = re.compile(r'(id="|url\(#)(clip\d+)')


def page_name(month: date, language: str, suffix: str = "html") -> str:
    """Return the name of a report's file."""
    return f"{month:%Y-%m}.{language}.{suffix}"


def environment() -> Environment:
    """Return what pages are made with: escaped, nothing left undefined."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(report: Report, pictures: dict[str, str]) -> str:
    """Return the page; ``pictures`` are its charts as SVG, by what tells them apart."""
    tell = Teller(report.language)
    other = next(name for name in LANGUAGES if name != report.language)
    pages = environment()
    pages.filters["piece"] = lambda piece: _piece(piece, tell)
    pages.filters["plain"] = tell.plain
    pages.filters["kind"] = lambda block: type(block).__name__
    pages.filters["picture"] = lambda chart: _own_ids(pictures, chart)
    return pages.get_template("report.html").render(
        report=report,
        words=report.words,
        spoken=SPOKEN[report.language],
        other_spoken=SPOKEN[other],
        other_page=page_name(report.month, other),
        dictionary_page=DICTIONARY_PAGES[report.language],
        titles={told.mart: told.title for told in report.definitions},
    )


def pictures_of(report: Report) -> dict[str, str]:
    """Return every chart of a report as SVG, for page and PDF alike."""
    return {
        picture_name(block): svg(block.spec)
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Chart)
    }


def picture_name(chart: Chart) -> str:
    """Return what tells a chart from the others of its report."""
    return json.dumps([chart.title, chart.spec], sort_keys=True)


def _own_ids(pictures: dict[str, str], chart: Chart) -> Markup:
    """Give the parts of a picture names that no other picture of the page has."""
    name = picture_name(chart)
    place = list(pictures).index(name)
    return Markup(_IDS.sub(rf"\1p{place}-\2", pictures[name]))  # noqa: S704 - ours


def _piece(piece: Piece, tell: Teller) -> Any:
    if isinstance(piece, Figure):
        return _figure(piece, tell)
    if isinstance(piece, Identifier):
        return Markup("<code>{}</code>").format(piece.text)
    if isinstance(piece, Link):
        return Markup('<a href="{}">{}</a>').format(piece.target, piece.text)
    if isinstance(piece, Given):
        language = SPOKEN.get(piece.language or "")
        if language and language != SPOKEN[tell.language]:
            return Markup('<q lang="{}">{}</q>').format(language, piece.text)
        return Markup('<span class="given">{}</span>').format(piece.text)
    return piece


def _figure(figure: Figure, tell: Teller) -> Markup:
    """Return a number with where it stands, so that it can be asked again."""
    source = figure.source
    return Markup(
        '<data value="{}" data-source="{}" data-column="{}" data-key="{}"{}>{}</data>'
    ).format(
        figure.value if figure.known else "",
        source.mart,
        source.column,
        json.dumps(source.key, default=str, ensure_ascii=False),
        "" if figure.known else Markup(' class="empty"'),
        tell.figure(figure),
    )
