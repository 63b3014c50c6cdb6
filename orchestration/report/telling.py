"""Says numbers and sentences in one language: Babel and the texts of that language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment, StrictUndefined

from orchestration.dashboard.pages import load_labels, load_pages
from orchestration.report.document import (
    Figure,
    Given,
    Identifier,
    Link,
    Piece,
    Sentence,
)

HERE = Path(__file__).parent / "texts"
LANGUAGES = ("en", "zh")
SPOKEN = {"en": "en", "zh": "zh-CN"}
LOCALES = {"en": Locale("en"), "zh": Locale("zh", script="Hans", territory="CN")}
_PLAIN = {
    "count": "#,##0",
    "score": "#,##0.0",
    "points": "+#,##0.0;-#,##0.0",
    "number": "#,##0.00",
    "ratio": "#,##0.0",
    "days": "#,##0.0",
    "hours": "#,##0.0",
}
_UNITS = ("days", "hours", "ratio", "change")
_DATES = {
    "en": {"date": "d MMM y", "month": "MMMM y", "instant": "d MMM y HH:mm"},
    "zh": {"date": "y年M月d日", "month": "y年M月", "instant": "y年M月d日 HH:mm"},
}
# What stands for a piece while Jinja puts a sentence together; no text has these.
_BEFORE, _AFTER = "\x02", "\x03"


class Teller:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        """Read the texts of ``language``, ``en`` or ``zh``."""
        self.language = language
        self.texts = read(f"{language}.yml")
        self.codes = codes(language)

    def word(self, name: str) -> str:
        """Return a short text that stands around the numbers."""
        return str(self.texts["words"][name])

    def head(self, name: str) -> str:
        """Return the title of a table, a chart or a column."""
        return str(self.texts["heads"][name])

    def code(self, column: str, code: str | None) -> str:
        """Return what people call a code; an unknown one is shown as it is."""
        if code is None:
            return self.word("no_data")
        return self.codes.get(f"{column}={code}") or self.codes.get(code, code)

    def knows(self, column: str, code: str) -> bool:
        """Return whether there is a text for a code of this column alone."""
        return f"{column}={code}" in self.codes

    def figure(self, figure: Figure) -> str:
        """Return a number or a date as it is written in this language."""
        if not figure.known:
            return self.word("no_data")
        return formatted(figure, self.language, self.texts["units"])

    def say(self, name: str, /, **pieces: Any) -> Sentence:
        """Return the sentence of this name with these numbers and names in it."""
        template = _template(self.language, name)
        kept: list[Piece] = []
        # Whatever is no plain text becomes a mark and comes back as it was.
        marked = {key: _Marked.of(piece, kept) for key, piece in pieces.items()}
        text = " ".join(template.render(**marked).split())
        return _pieces(text, kept)

    def plain(self, sentence: Sentence) -> str:
        """Return a sentence as text without marks."""
        return "".join(self.spoken(piece) for piece in sentence)

    def spoken(self, piece: Piece) -> str:
        """Return one piece of a sentence as text."""
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Figure):
            return self.figure(piece)
        return piece.text


class _Marked:
    """A piece inside a template: prints as a mark, answers as the piece itself."""

    def __init__(self, piece: Any, kept: list[Piece]) -> None:
        self._piece = piece
        self._kept = kept

    @staticmethod
    def of(piece: Any, kept: list[Piece]) -> Any:
        if isinstance(piece, Figure | Identifier | Given | Link):
            return _Marked(piece, kept)
        if isinstance(piece, list | tuple):
            return [_Marked.of(part, kept) for part in piece]
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._piece, name)

    def __str__(self) -> str:
        self._kept.append(self._piece)
        return f"{_BEFORE}{len(self._kept) - 1}{_AFTER}"


def formatted(figure: Figure, language: str, units: dict[str, str]) -> str:
    """Return a known figure as it is written in a language."""
    value, kind, locale = figure.value, figure.kind, LOCALES[language]
    if isinstance(value, datetime):
        pattern = _DATES[language][kind]
        return format_datetime(value, pattern, locale=locale)
    if isinstance(value, date):
        return format_date(value, _DATES[language][kind], locale=locale)
    number = Decimal(str(value))
    if kind in ("share", "rate"):
        pattern = "#,##0.0%" if kind == "share" else "#,##0.00%"
        return format_percent(number, pattern, locale=locale)
    if kind == "amount":
        return format_currency(number, figure.currency or "", locale=locale)
    if kind == "change":
        told = format_decimal(number * 100, "+#,##0.0;-#,##0.0", locale=locale)
    else:
        told = format_decimal(number, _PLAIN[kind], locale=locale)
    return units[kind].format(told) if kind in _UNITS else told


@cache
def read(name: str) -> dict[str, Any]:
    """Return a file of texts."""
    found: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return found


@cache
def labels() -> dict[str, dict[str, str]]:
    """Return what people call codes: the dashboard's texts and those it lacks."""
    return {**load_labels(load_pages()), **read("codes.yml")}


def codes(language: str) -> dict[str, str]:
    """Return what people call each code; ``column=code`` where the column matters."""
    return {code: text[language] for code, text in labels().items()}


@cache
def _template(language: str, sentence: str) -> Any:
    # Sentences, not markup: the pages escape what they write.
    environment = Environment(undefined=StrictUndefined)  # noqa: S701
    return environment.from_string(read(f"{language}.yml")["sentences"][sentence])


def _pieces(text: str, kept: list[Piece]) -> Sentence:
    first, *others = text.split(_BEFORE)
    found: list[Piece] = [first] if first else []
    for other in others:
        number, rest = other.split(_AFTER)
        found.append(kept[int(number)])
        if rest:
            found.append(rest)
    return tuple(found)
