"""The metrics dictionary as two static pages, English and Simplified Chinese.

No script and no network: the pages are read offline, on a phone, with the browser's own
search. Each entry has the same address in both languages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from orchestration.dictionary.entries import Dictionary, Mart, Metric, Text, dictionary
from orchestration.files import write_atomically

HERE = Path(__file__).parent
PAGES = {"en": "index.html", "zh": "zh.html"}
# Where each measure stands beside the month before and the same month a year ago.
MEASURES = "kpi_measures_by_marketplace_month"
# What stands between backticks, and names without them: no other word has underscores.
_CODE = re.compile(
    r"`([^`]+)`|(?<![\w`])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?!\w)", re.ASCII
)


@dataclass(frozen=True)
class Subject:
    """One chapter: the marts of one folder and the metrics that stand in them."""

    code: str
    title: Text
    metrics: tuple[Metric, ...]
    marts: tuple[Mart, ...]


def write_dictionary(manifest: Path, folder: Path) -> Path:
    """Write the pages for the project of dbt's ``manifest``; return the one to open."""
    columns_zh = yaml.safe_load((HERE / "columns.yml").read_text(encoding="utf-8"))
    told = dictionary(json.loads(manifest.read_text(encoding="utf-8")), columns_zh)
    for language, page in PAGES.items():
        write_atomically(folder / page, render(told, language))
    return folder / PAGES["en"]


def render(told: Dictionary, language: str) -> str:
    """Return the page of one language, ``en`` or ``zh``."""
    words = yaml.safe_load((HERE / "words.yml").read_text(encoding="utf-8"))
    place = list(PAGES).index(language)
    targets = {
        **{mart.name: f"mart-{mart.name}" for mart in told.marts},
        **{metric.name: f"metric-{metric.name}" for metric in told.metrics},
    }
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["text"] = lambda text: _spoken(text, language, targets)
    environment.filters["prose"] = lambda text: _prose(text, targets)
    return environment.get_template("dictionary.html").render(
        language=language,
        html_language={"en": "en", "zh": "zh-CN"}[language],
        other=next(page for name, page in PAGES.items() if name != language),
        words={name: both[place] for name, both in words["words"].items()},
        subjects=subjects(told, words["subjects"]),
        labels={metric.name: metric.label for metric in told.metrics},
        questions=told.questions,
        readers=told.readers,
        targets=targets,
        measures=MEASURES,
    )


def subjects(told: Dictionary, titles: dict[str, list[str]]) -> list[Subject]:
    """Return the chapters in the order of their titles; a metric is in its mart's."""
    of_mart = {mart.name: mart.subject for mart in told.marts}
    unlisted = sorted(set(of_mart.values()) - set(titles))
    # Shares and rates first: the counts they are made of explain them.
    ordered = sorted(told.metrics, key=lambda metric: metric.denominator is None)
    found = [
        Subject(
            code,
            Text(*titles.get(code, [code, None])),
            tuple(m for m in ordered if of_mart[m.mart] == code),
            tuple(m for m in told.marts if m.subject == code),
        )
        for code in [*titles, *unlisted]
    ]
    return [subject for subject in found if subject.marts]


def _spoken(text: Text, language: str, targets: dict[str, str]) -> Markup:
    """Mark a text that is there in the other language only, for screen readers."""
    said, spoken = text.in_language(language)
    markup = _prose(said, targets)
    if spoken.startswith(language):
        return markup
    return Markup('<span lang="{}">{}</span>').format(spoken, markup)


def _prose(text: str, targets: dict[str, str]) -> Markup:
    """Set names as code, and link those we know."""

    def code(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name in targets:
            return f'<a href="#{targets[name]}"><code>{name}</code></a>'
        return f"<code>{name}</code>"

    return Markup(_CODE.sub(code, str(escape(text))))  # noqa: S704 - escaped just here
