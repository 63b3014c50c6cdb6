"""Writes reports: which sellers and months there are, and the files of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.dictionary.entries import dictionary
from orchestration.errors import ReturnsError
from orchestration.files import write_atomically, write_bytes_atomically
from orchestration.publication.versions import current
from orchestration.report import html, pdf
from orchestration.report.building import build
from orchestration.report.document import Report
from orchestration.report.index import write_index
from orchestration.report.reading import Published, earlier, opened, primary_keys
from orchestration.report.scope import MEASURES
from orchestration.report.telling import LANGUAGES
from orchestration.settings import Home

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class ReportError(ReturnsError):
    """There is nothing to report on: no publication, no such seller or month."""


@dataclass(frozen=True)
class Written:
    """The files of one seller's month in one language."""

    seller_id: str
    month: date
    language: str
    page: Path
    pdf: Path


def month_of(text: str) -> date:
    """Return the first day of ``YYYY-MM``.

    Raises:
        ReportError: it is no month.
    """
    found = _MONTH.fullmatch(text)
    if found is None:
        raise ReportError(f"'{text}' is not a month: write it like 2026-10.")
    return date(int(found[1]), int(found[2]), 1)


def write_reports(
    home: Home,
    manifest: Path,
    month: date | None = None,
    seller_id: str | None = None,
    languages: tuple[str, ...] = LANGUAGES,
) -> Iterator[Written]:
    """Write reports from the published version, and yield each as it is there.

    Args:
        home: whose publication, and where reports go.
        manifest: what dbt has written of the project: keys and definitions.
        month: its first day; without one, the last whole month of the data.
        seller_id: one seller account; without one, each that has data in the month.
        languages: ``en``, ``zh`` or both.

    Raises:
        ReportError: nothing is published, or nothing of that seller or month.
        FontError: the HTML is written and the PDF cannot be.
    """
    shown = current(home)
    if shown is None:
        raise ReportError("Nothing has been published yet: `returns run` does it.")
    project = json.loads(manifest.read_text(encoding="utf-8"))
    told = dictionary(project)
    with opened(shown.path, primary_keys(project)) as published:
        chosen = month or last_whole_month(published)
        sellers = _sellers(published, chosen, seller_id)
        try:
            for seller in sellers:
                for language in languages:
                    report = build(published, told, seller, chosen, language)
                    yield _write(home, report)
        finally:
            write_index(home)


def last_whole_month(published: Published) -> date:
    """Return the newest month that the data of some seller covers to its end."""
    ends = [row["data_as_of_date"] for row in published.rows("dim_sellers")]
    if not ends:
        raise ReportError("The published tables hold no seller yet.")
    newest: date = max(ends)
    tomorrow = date.fromordinal(newest.toordinal() + 1)
    return earlier(tomorrow.replace(day=1), 1)


def _sellers(published: Published, month: date, seller_id: str | None) -> list[str]:
    known = published.distinct("dim_sellers", "seller_id")
    if seller_id is not None and seller_id not in known:
        raise ReportError(
            f"There is no seller account '{seller_id}'. There are: {', '.join(known)}."
        )
    wanted: dict[str, Any] = {"seller_id": seller_id} if seller_id else {}
    found = published.distinct(MEASURES, "seller_id", month_start_date=month, **wanted)
    if not found:
        months = published.distinct(MEASURES, "month_start_date", **wanted)
        span = f"{months[0]:%Y-%m} to {months[-1]:%Y-%m}" if months else "no month"
        raise ReportError(
            f"There is no data of {month:%Y-%m}; the published tables hold {span}."
        )
    return [str(seller) for seller in found]


def _write(home: Home, report: Report) -> Written:
    folder = home.reports / report.seller_id
    page = folder / html.page_name(report.month, report.language)
    pictures = html.pictures_of(report)
    write_atomically(page, html.render(report, pictures))
    pdf.demand_fonts(report.language, page)
    paper = folder / html.page_name(report.month, report.language, "pdf")
    write_bytes_atomically(paper, pdf.render(report, pictures))
    return Written(report.seller_id, report.month, report.language, page, paper)
