"""Builds the dashboard of a published version: one file that opens from disk."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.dashboard import rows, vega
from orchestration.dashboard.choices import choices, keep_months
from orchestration.dashboard.form import Card, DashboardError, Page
from orchestration.dashboard.pages import (
    load_labels,
    load_pages,
    load_states,
    own_labels,
)
from orchestration.dictionary.entries import Mart, dictionary
from orchestration.files import write_atomically
from orchestration.publication.reading import opened_version
from orchestration.publication.versions import Publication, current
from orchestration.report.index import write_index
from orchestration.settings import Home

HERE = Path(__file__).parent
SCRIPTS = (
    "state.js", "formats.js", "data.js", "tables.js", "tiles.js", "charts.js",
    "cards.js", "main.js",
)  # fmt: skip
PAGE = "index.html"
# Folders beside the dashboard: it links to those that are there when it is made.
FURTHER = ("dictionary", "reports", "data_docs", "dbt_docs")
# Months that can be chosen: three years and a month, or fewer where the
# rows of many would make the file slow to open. The page says so then.
KEPT_MONTHS = (37, 25, 13, 7, 3)
MOST_BYTES = 4_000_000


def build_dashboard(
    home: Home, folder: Path | None = None, pages: Iterable[Page] | None = None
) -> Path:
    """Write the dashboard of the version readers see; return the file to open.

    Args:
        home: where the published version, and what dbt says of it, lie.
        folder: where to write; None for the home's own place.
        pages: what to show; None for all there is.

    Raises:
        DashboardError: nothing is published, or a page asks for what is not there.
    """
    shown = current(home)
    if shown is None:
        raise DashboardError("Nothing is published yet: there is nothing to show.")
    described = home.dbt_target / "manifest.json"
    told = json.loads(described.read_text(encoding="utf-8"))
    marts = {mart.name: mart for mart in dictionary(told).marts}
    chosen = tuple(load_pages() if pages is None else pages)
    target = folder or home.dashboard
    if target == home.dashboard:
        write_index(home)
    further = [name for name in FURTHER if (target.parent / name / PAGE).exists()]
    write_atomically(target / PAGE, render(shown, chosen, marts, further))
    write_atomically(
        target / "zh.html", _environment().get_template("zh.html").render()
    )
    return target / PAGE


def render(
    shown: Publication,
    pages: tuple[Page, ...],
    marts: dict[str, Mart],
    further: list[str],
) -> str:
    """Return the whole file for a published version.

    Args:
        shown: the version.
        pages: what to show of it.
        marts: what the project says of its marts, by name.
        further: the folders beside the dashboard that its pages may link to.
    """
    with opened_version(shown.path) as connection:
        chosen = choices(connection)
        content = {page.name: _content(connection, page, marts) for page in pages}
        labels = load_labels(pages)
        for page in pages:
            labels |= rows.table_labels(connection, page)
    packed = within_limit(pages, content, chosen)
    shell = {
        "version": _version(shown),
        "pages": [_page(page, labels) for page in pages],
        "labels": labels,
        "states": load_states(),
        "further": further,
        "words": yaml.safe_load((HERE / "words.yml").read_text(encoding="utf-8")),
        "choices": chosen,
    }
    template = _environment().get_template("index.html")
    return template.render(
        shell=_script_safe(shell),
        packed=packed,
        library=rows.packed(vega.bundle()),
        style=_read("dashboard.css"),
        script="\n".join(_read(name) for name in SCRIPTS),
    )


def within_limit(
    pages: tuple[Page, ...], content: dict[str, Any], chosen: dict[str, Any]
) -> dict[str, str]:
    """Pack the pages; go back fewer months, also for readers, if it is too much.

    Raises:
        DashboardError: the fewest months are too much.
    """
    every = len(chosen["months"])
    for kept in KEPT_MONTHS:
        keep_months(chosen, kept)
        for page in pages:
            for card in page.cards:
                if card.period != "current":
                    table = content[page.name]["tables"][card.name]
                    rows.newest_months(table, card.month, set(chosen["months"]))
        packed = {name: rows.packed(told) for name, told in content.items()}
        if sum(map(len, packed.values())) <= MOST_BYTES:
            chosen["left_out"] = every - len(chosen["months"])
            return packed
    largest = max(packed, key=lambda name: len(packed[name]))
    raise DashboardError(
        f"The rows of {kept} months take {sum(map(len, packed.values())):,} bytes: "
        f"more than the {MOST_BYTES:,} with which a file still opens quickly. Most of "
        f"them are of the page {largest}: let its cards carry fewer rows."
    )


def _content(
    connection: duckdb.DuckDBPyConnection, page: Page, marts: dict[str, Mart]
) -> dict[str, Any]:
    named = sorted({mart for card in page.cards for mart in card.marts})
    unknown = [name for name in named if name not in marts]
    if unknown:
        raise DashboardError(f"page {page.name}: there is no mart {unknown}.")
    return {
        "tables": {
            card.name: rows.columnar(rows.ask(connection, page, card))
            for card in page.cards
        },
        "marts": {name: _definition(marts[name]) for name in named},
    }


def _definition(mart: Mart) -> dict[str, Any]:
    return {
        "title": {"en": mart.title.en, "zh": mart.title.zh},
        "text": {"en": mart.description.en, "zh": mart.description.zh},
    }


def _version(shown: Publication) -> dict[str, Any]:
    told = shown.manifest
    return {
        "version": shown.version,
        "built_at": told["built_at"],
        "published_at": told["published_at"],
        "warnings": [
            {
                word: warning[word]
                for word in ("table", "description", "observed", "notes")
            }
            for warning in shown.warnings
        ],
    }


def _page(page: Page, labels: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "labels": own_labels(page, labels),
        "name": page.name,
        "title": page.title,
        "intro": page.intro,
        "cards": [_card(card) for card in page.cards],
    }


def _card(card: Card) -> dict[str, Any]:
    """Return what the browser needs of a card: all but the query."""
    told = {
        name: value
        for name, value in vars(card).items()
        if name != "sql" and value not in (None, (), {}, False)
    }
    return {**told, "columns": [column["field"] for column in card.columns]}


def _script_safe(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _read(name: str) -> str:
    return (HERE / "app" / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "app"),
        autoescape=False,  # noqa: S701 - our own scripts; what is told is made safe above
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
