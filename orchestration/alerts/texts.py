"""Words and numbers as readers of a language write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from orchestration.dashboard.form import DashboardError
from orchestration.dashboard.pages import load_labels, load_pages

_WORDS = Path(__file__).with_name("words.yml")
_LOCALES = {"en": "en_US", "zh": "zh_Hans_CN"}
_PLACE = re.compile(r"\{(\w+)\}")
_MONTH = re.compile(r"(^|_)month_start_date$")
_CODE = re.compile(r"(_code|_type|_status|^channel)$")


def said(name: str, language: str, **facts: Any) -> str:
    """Return one of the words around the rules, with its places filled."""
    text = _words()["words"][name][0 if language == "en" else 1]
    return _PLACE.sub(lambda place: str(facts[place[1]]), text)


def filled(template: str, facts: Mapping[str, Any], language: str) -> str:
    """Return a rule's text with the facts at their places; what is unknown is said."""
    return _PLACE.sub(lambda place: shown(place[1], facts, language), template)


def places(template: str) -> set[str]:
    """Return the names that a text has places for."""
    return set(_PLACE.findall(template))


def shown(name: str, facts: Mapping[str, Any], language: str) -> str:
    """Return one fact as its name says it is to be written.

    Args:
        name: its column; how that ends says what it is, as everywhere in the project.
        facts: the row, as JSON can hold it.
        language: ``en`` or ``zh``.
    """
    value, locale = facts.get(name), _LOCALES[language]
    if value is None:
        return said("no_data", language)
    if _MONTH.search(name):
        return format_skeleton("yMMMM", date.fromisoformat(value), locale=locale)
    if name.endswith("_date"):
        return format_date(date.fromisoformat(value), "medium", locale=locale)
    if _CODE.search(name) or name == "marketplace_code":
        return label(name, str(value), language)
    if name.endswith(("_id", "_name", "_name_zh", "_text", "_at")) or name == "sku":
        return " ".join(str(value).split())
    try:
        return _number(name, Decimal(str(value)), facts, locale)
    except InvalidOperation:
        return " ".join(str(value).split())


def _number(name: str, value: Decimal, facts: Mapping[str, Any], locale: str) -> str:
    if name.endswith(("_share", "_rate")):
        return format_percent(value, "#,##0.##%", locale=locale)
    if name.endswith("_amount"):
        return format_currency(value, str(facts["currency_code"]), locale=locale)
    if name.endswith(("_count", "_days", "_quantity")):
        return format_decimal(value, "#,##0", locale=locale)
    return format_decimal(value, "#,##0.#", locale=locale)


def label(name: str, code: str, language: str) -> str:
    """Return what a code is called, or the code itself where it has no name."""
    for named in (_dashboard(), _own()):
        for key in (f"{name}={code}", code):
            if key in named:
                return named[key][language]
    # Under the name of other columns, if all of them say the same.
    others = {
        text[language] for key, text in _dashboard().items() if key.endswith(f"={code}")
    }
    if len(others) == 1:
        return others.pop()
    return code


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return words


@cache
def _dashboard() -> dict[str, dict[str, str]]:
    """Return the labels of the dashboard; none, should one of its pages be damaged."""
    try:
        return load_labels(load_pages())
    except (DashboardError, yaml.YAMLError, KeyError, TypeError, OSError):
        # What is urgent is told all the same, in codes.
        return {}


def _own() -> dict[str, dict[str, str]]:
    labels = _words()["labels"]
    return {key: {"en": en, "zh": zh} for key, (en, zh) in labels.items()}
