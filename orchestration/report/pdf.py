"""A report as PDF: typst sets it, no browser and no network."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestration.errors import ReturnsError
from orchestration.report.charts import FONTS
from orchestration.report.document import (
    Block,
    Chart,
    Figure,
    Given,
    Identifier,
    Link,
    Paragraph,
    Piece,
    Points,
    Quote,
    Report,
    Section,
    Sentence,
    Table,
)
from orchestration.report.html import TEMPLATES, picture_name
from orchestration.report.telling import Teller

# Any of these can write Chinese; the others are what typst brings along.
CHINESE_FONTS = tuple(name.strip() for name in FONTS.split(",")[:-1])
_LATIN_FONTS = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Libertinus Serif")
_MONO_FONTS = ("Noto Sans Mono CJK SC", "DejaVu Sans Mono")
_WIDEST = 510
_SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)"')


class FontError(ReturnsError):
    """This machine cannot write the language of the report."""


def demand_fonts(language: str, page: Path) -> None:
    """Say which font to install where Chinese cannot be written.

    Raises:
        FontError: no such font is installed; ``page``, the HTML, is there all the same.
    """
    if language == "zh" and not set(CHINESE_FONTS) & installed():
        raise FontError(
            "There is no Chinese font for the PDF: install one, for instance "
            f"'{CHINESE_FONTS[0]}' (Debian and Ubuntu: package fonts-noto-cjk), and "
            f"run again. The HTML is written: {page}."
        )


@cache
def installed() -> frozenset[str]:
    """Return the families of fonts that typst finds."""
    import typst

    return frozenset(typst.Fonts().families())


def render(report: Report, pictures: dict[str, str]) -> bytes:
    """Return the PDF; ``pictures`` are its charts as SVG."""
    import typst

    with TemporaryDirectory() as folder:
        root = Path(folder)
        files = {name: f"{place}.svg" for place, name in enumerate(pictures)}
        for name, file in files.items():
            (root / file).write_text(pictures[name], encoding="utf-8")
        said = _report(report, files, pictures)
        (root / "document.json").write_text(
            json.dumps(said, ensure_ascii=False), encoding="utf-8"
        )
        template = root / "report.typ"
        template.write_bytes((TEMPLATES / "report.typ").read_bytes())
        built: bytes = typst.compile(str(template), root=str(root), format="pdf")
    return built


def _report(
    report: Report, files: dict[str, str], pictures: dict[str, str]
) -> dict[str, Any]:
    tell = Teller(report.language)
    titles = {told.mart: told.title for told in report.definitions}
    fonts = [name for name in (*CHINESE_FONTS, *_LATIN_FONTS) if name in installed()]

    def block(it: Block) -> dict[str, Any]:
        return {"kind": type(it).__name__, **_block(it, tell, files, pictures)}

    def section(it: Section) -> dict[str, Any]:
        names = " · ".join(titles.get(mart, mart) for mart in it.marts)
        source = f"{report.words['source']}: {names}" if names else ""
        return {
            "code": it.code,
            "title": it.title,
            "question": it.question,
            "blocks": [block(part) for part in it.blocks],
            "source": source,
        }

    return {
        "title": report.title,
        "seller": report.seller_id,
        "lang": report.language,
        "region": {"en": "GB", "zh": "CN"}[report.language],
        "fonts": fonts,
        "mono": [name for name in _MONO_FONTS if name in installed()],
        "version": tell.plain(report.facts[-1]),
        "facts": [_sentence(fact, tell) for fact in report.facts],
        "sections": [section(it) for it in report.sections],
        "definitions": [asdict(told) for told in report.definitions],
        "words": report.words,
    }


def _block(
    it: Block, tell: Teller, files: dict[str, str], pictures: dict[str, str]
) -> dict[str, Any]:
    if isinstance(it, Paragraph):
        return {"sentence": _sentence(it.sentence, tell), "style": it.style}
    if isinstance(it, Points):
        sentences = [_sentence(sentence, tell) for sentence in it.sentences]
        return {"sentences": sentences, "numbered": it.numbered, "title": it.title}
    if isinstance(it, Quote):
        return {"text": it.text, "about": _sentence(it.about, tell)}
    if isinstance(it, Chart):
        name = picture_name(it)
        size = _SIZE.search(pictures[name])
        width = min(float(size[1]) * 0.72 if size else _WIDEST, _WIDEST)
        return {
            "title": it.title,
            "alt": tell.plain(it.alt),
            "picture": files[name],
            "width": width,
            "legend": it.legend,
        }
    return {
        "title": it.title,
        "heads": list(it.heads),
        "rows": [[_sentence(cell, tell) for cell in row] for row in it.rows],
        "numbers": sorted(it.numbers),
        "widths": _widths(it, tell),
        "note": _sentence(it.note, tell),
    }


def _widths(table: Table, tell: Teller) -> list[float]:
    """Return how wide each column is: 0 for as wide as it must be, else a part.

    Columns of short texts keep to one line; long texts share what is left.
    """
    widths: list[float] = []
    for place in range(len(table.heads)):
        longest = max((len(tell.plain(row[place])) for row in table.rows), default=0)
        long = longest > (24 if tell.language == "en" else 16)
        widths.append(min(longest, 90) / 30 if long else 0)
    return widths


def _sentence(sentence: Sentence, tell: Teller) -> list[dict[str, Any]]:
    return [_piece(piece, tell) for piece in sentence]


def _piece(piece: Piece, tell: Teller) -> dict[str, Any]:
    text = tell.spoken(piece)
    if isinstance(piece, Figure):
        return {"kind": "figure", "text": text, "known": piece.known}
    if isinstance(piece, Link):
        return {"kind": "link", "text": text, "target": piece.target.lstrip("#")}
    kind = "identifier" if isinstance(piece, Identifier) else "text"
    return {"kind": "given" if isinstance(piece, Given) else kind, "text": text}
