"""Reads a report's page as a reader and as a machine does, by the standard library."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "br", "hr", "img", "wbr", "input"}
# Where digits are names, quotes or definitions and not numbers of the report.
NAMES = {"code", "q", "blockquote", "svg", "style", "title", "h1"}


@dataclass
class Told:
    """One number of the page: what it says, and where it says it stands."""

    value: str
    mart: str
    column: str
    key: dict[str, Any]
    text: str = ""
    place: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """All numbers, and all text beside them."""

    told: list[Told] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    text: str = ""
    open: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in VOID:
            return
        self.open.append((tag, said))
        if tag == "data":
            key = json.loads(said["data-key"] or "")
            self.told.append(
                Told(
                    said["value"] or "",
                    said["data-source"] or "",
                    said["data-column"] or "",
                    key,
                    place=tuple(name for name, _ in self.open),
                )
            )

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        names = {tag for tag, _ in self.open}
        classes = " ".join(said.get("class") or "" for _, said in self.open)
        self.text += data
        if "data" in names:
            self.told[-1].text += data
        elif not (names & NAMES or "given" in classes or "definition" in classes):
            self.loose.append(data)


def read(html: str) -> Page:
    """Return a page, read to its end."""
    page = Page()
    page.feed(html)
    page.close()
    assert not page.open
    return page


def number(text: str) -> float | None:
    """Return the number that a text of digits says, shares as shares."""
    found = re.search(r"-?[\d,]+(?:\.\d+)?", text)
    if found is None:
        return None
    value = float(found.group().replace(",", ""))
    if text.startswith("-") and value > 0:  # before the sign of the currency
        value = -value
    return value / 100 if re.search(r"%|pp|百分点", text) else value


def precision(text: str) -> float:
    """Return half a unit of the last digit that a text shows."""
    found = re.search(r"\d+(?:,\d+)*(?:\.(\d+))?", text)
    digits = len(found.group(1) or "") if found else 0
    unit = 10.0**-digits / (100 if re.search(r"%|pp|百分点", text) else 1)
    return unit / 2 * 1.001 + 1e-9
