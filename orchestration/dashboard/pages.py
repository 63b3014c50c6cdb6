"""Reads the page files: what the dashboard shows is data, not code.

A page file ``pages/<nn>_<page>.yml`` holds ``page``, ``title``, ``intro``, ``labels``
and ``cards``. Every text is ``{en: …, zh: …}``. A card:

- ``card``, ``title``, ``question``: its name, heading, and the one line below it.
- ``mart``: the table (or a list) whose title and definition the dbt project states.
- ``sql``: one query on the published tables, bare names; must give ``seller_id``.
- ``period``: ``month`` (rows of the chosen month), ``months`` (all months up to it) or
  ``current`` (the state at the end of the data). ``month`` names the month's column
  where it is not ``month_start_date``.
- ``cut_by``: ``{marketplace_code|channel|category_name: all|sum|each}``. ``all``: the
  rows hold a member ``all``, shown while the filter is at all. ``sum``: rows are added
  up over the dimension: ``sums`` are added, ``ratios: {share: [part, whole]}`` worked
  out again, every other number becomes "no data" where rows were merged. ``each``: the
  members stand side by side (a colour, a column). A dimension that is not named does
  not cut the card, and the card says so.
- ``ratios``: the page works out ``share`` and, as Wilson's 95 % interval,
  ``share_low`` and ``share_high``; the query need not give them.
- ``currency``: column; amounts are shown per currency and never added over it.
- ``denominator``: column shown as "n"; ``coverage``: column, ``[part, whole]`` or
  ``{text: {en, zh}}``.
- ``chart``: ``kind`` and the columns it draws:
  ``tiles`` (``tiles: [{field, low, high, change, target, n, status, label, big}]``, the
  last row; earlier months become a small line), ``line`` (over months; ``y`` one column
  or several, ``color``, ``low``, ``high``, ``target``), ``bar`` (``x`` text, ``y``),
  ``stacked`` (``x``, ``y``, ``color``, ``share: true``; ``ordered: true`` where the
  colours are steps: one hue, by the number in the code), ``heatmap`` (``x``, ``y``,
  ``value``), ``interval`` (``x``, ``y``, ``low``, ``high``, ``target``), ``bullet``
  (``x``, ``y``, ``target``), ``waterfall`` (``x``, signed ``y``, ``from``, ``to``;
  without them it ends with the total),
  ``funnel`` (``x``, ``y`` in row order), ``table``, ``list`` (``text`` with
  ``{column}`` places, or ``texts: {CODE: text}`` chosen ``by`` a column; ``link`` a
  page, or ``link_by`` a column that holds one).
- ``columns: [{field, format}]``: what table and CSV hold (all, if not said);
  ``formats: {column: format}`` where the name does not tell it, ``"@column"`` where a
  column of the row does; ``text`` is never looked up in the labels, other texts are
  (``column=value`` first, then ``value``). A column ``<name>_zh`` takes the place of
  ``<name>`` for readers of Chinese.
- ``sort: [-column]``, ``top``: rows shown; ``wide``: takes the whole row; ``note`` and
  ``empty``: one line under the chart, or instead of it.

What codes of a column say, and so their colour on every card, is in ``states.yml``.

Labels that several pages need are in ``labels*.yml``; a key has one text there. A page
may word a key otherwise for itself. Texts that a published table has in both languages
are not typed again: ``label_tables: [{table, column, code, en, zh}]`` makes labels
``column=code`` of its columns ``en`` and ``zh``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from orchestration.dashboard.form import (
    CHART_COLUMNS,
    CHART_WORDS,
    DIMENSIONS,
    FORMATS,
    KINDS,
    LANGUAGES,
    PERIODS,
    STATES,
    TILE_WORDS,
    Card,
    DashboardError,
    Page,
)

HERE = Path(__file__).parent
PAGES = HERE / "pages"
_PAGE_WORDS = {"page", "title", "intro", "labels", "label_tables", "cards"}
_LABEL_WORDS = {"table", "column", "code", "en", "zh"}
_TEXTS = ("title", "question", "note", "empty")
_CARD_WORDS = {
    "card", "title", "question", "mart", "sql", "period", "month", "cut_by", "sums",
    "ratios", "currency", "denominator", "coverage", "chart", "columns", "formats",
    "sort", "top", "wide", "note", "empty",
}  # fmt: skip


def load_pages(folder: Path = PAGES) -> tuple[Page, ...]:
    """Return the pages in the order of their files' names.

    Raises:
        DashboardError: a file is not of the form; the message names file and key.
    """
    return tuple(load_page(path) for path in sorted(folder.glob("*.yml")))


def load_page(path: Path) -> Page:
    """Return the page of one file."""
    said = _loaded(path)
    _only(path.name, said, _PAGE_WORDS)
    for word in ("title", "intro"):
        _text(f"{path.name}: {word}", said.get(word))
    labels = said.get("labels") or {}
    for name, text in labels.items():
        _text(f"{path.name}: label {name}", text)
    cards = tuple(_card(path.name, card) for card in said["cards"])
    _once(path.name, [card.name for card in cards])
    tables = tuple(said.get("label_tables") or ())
    for table in tables:
        _only(f"{path.name}: label_tables", table, _LABEL_WORDS)
    return Page(said["page"], said["title"], said["intro"], labels, cards, tables)


def load_labels(pages: Iterable[Page]) -> dict[str, dict[str, str]]:
    """Return all labels: the shared ones, then what pages add; the first text stands.

    A page's own text for a shared word holds on that page (``own_labels``).
    """
    labels: dict[str, dict[str, str]] = {}
    for path in sorted(HERE.glob("labels*.yml")):
        for name, text in _loaded(path).items():
            _text(f"{path.name}: label {name}", text)
            if labels.setdefault(str(name), text) != text:
                raise DashboardError(
                    f"{path.name}: label '{name}' has another text elsewhere: "
                    f"{labels[str(name)]}."
                )
    for page in pages:
        for name, text in page.labels.items():
            labels.setdefault(str(name), text)
    return labels


def load_states() -> dict[str, dict[str, list[str]]]:
    """Return by column and state the codes that ``states.yml`` judges."""
    path = HERE / "states.yml"
    states: dict[str, dict[str, list[str]]] = yaml.safe_load(
        path.read_text(encoding="utf-8")
    )
    for column, said in states.items():
        for state in said:
            _among(f"{path.name}: {column}", "state", state, STATES)
        _once(f"{path.name}: {column}", [c for codes in said.values() for c in codes])
    return states


def _loaded(path: Path) -> Any:
    """Read a file with the parser in C: pages are long, and every reader waits."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def own_labels(
    page: Page, labels: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """Return the labels that a page words otherwise than ``labels``."""
    return {
        str(name): text
        for name, text in page.labels.items()
        if labels[str(name)] != text
    }


def _card(file: str, said: dict[str, Any]) -> Card:
    where = f"{file}: card {said.get('card')}"
    _only(where, said, _CARD_WORDS)
    for word in _TEXTS:
        if word in ("title", "question") or word in said:
            _text(f"{where}: {word}", said.get(word))
    _among(where, "period", said.get("period"), PERIODS)
    for dimension, how in (said.get("cut_by") or {}).items():
        _among(where, "cut_by", dimension, DIMENSIONS)
        _among(where, f"cut_by {dimension}", how, ("all", "sum", "each"))
    columns = [
        column if isinstance(column, dict) else {"field": column}
        for column in said.get("columns") or []
    ]
    formats = dict(said.get("formats") or {})
    formats |= {c["field"]: c["format"] for c in columns if "format" in c}
    for name, how in formats.items():
        if not how.startswith("@"):
            _among(where, f"format of {name}", how, FORMATS)
    marts = said["mart"]
    optional = {
        word: said[word]
        for word in (
            "month", "currency", "denominator", "coverage", "top", "note", "empty",
        )
        if word in said
    }  # fmt: skip
    return Card(
        name=said["card"],
        title=said["title"],
        question=said["question"],
        marts=tuple([marts] if isinstance(marts, str) else marts),
        sql=said["sql"],
        period=said["period"],
        chart=_chart(where, said["chart"]),
        cut_by=said.get("cut_by") or {},
        sums=tuple(said.get("sums") or ()),
        ratios=said.get("ratios") or {},
        columns=tuple({"field": c["field"]} for c in columns),
        formats=formats,
        sort=tuple(said.get("sort") or ()),
        wide=bool(said.get("wide", said["chart"]["kind"] in ("table", "list"))),
        **optional,
    )


def _chart(where: str, said: dict[str, Any]) -> dict[str, Any]:
    _among(where, "chart.kind", said.get("kind"), KINDS)
    _only(f"{where}: chart", said, CHART_COLUMNS | CHART_WORDS)
    missing = KINDS[said["kind"]] - set(said)
    if missing:
        raise DashboardError(f"{where}: a {said['kind']} needs {sorted(missing)}.")
    for tile in said.get("tiles", []):
        _only(f"{where}: tile", tile, TILE_WORDS)
    if said["kind"] == "list":
        if "text" not in said and not {"texts", "by"} <= set(said):
            raise DashboardError(f"{where}: a list needs text, or texts and by.")
        for text in [said["text"]] if "text" in said else said["texts"].values():
            _text(f"{where}: text", text)
    return said


def _only(where: str, said: Any, words: set[str]) -> None:
    if not isinstance(said, dict):
        raise DashboardError(f"{where}: must hold names and values.")
    unknown = sorted(map(str, set(said) - words))
    if unknown:
        raise DashboardError(
            f"{where}: does not know {unknown}; it knows {sorted(words)}."
        )


def _among(where: str, word: str, said: Any, known: Iterable[str]) -> None:
    if said not in set(known):
        raise DashboardError(f"{where}: {word} is '{said}', not {sorted(known)}.")


def _text(where: str, said: Any) -> None:
    if not isinstance(said, dict) or not all(
        isinstance(said.get(language), str) and said[language].strip()
        for language in LANGUAGES
    ):
        raise DashboardError(f"{where}: must have a text in each of {LANGUAGES}.")


def _once(where: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DashboardError(f"{where}: {twice} stand there twice.")
