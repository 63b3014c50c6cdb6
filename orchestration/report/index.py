"""``reports/index.html``: every report there is, both languages on one page."""

from __future__ import annotations

import re
from pathlib import Path

from orchestration.files import write_atomically
from orchestration.report.html import environment
from orchestration.report.telling import LANGUAGES, SPOKEN, read
from orchestration.settings import Home

_NAME = re.compile(r"(\d{4}-\d{2})\.(\w+)\.html")


def write_index(home: Home) -> Path:
    """Write the list of the reports that lie in a home; return the page."""
    sellers: dict[str, dict[str, dict[str, list[str]]]] = {}
    for path in sorted(home.reports.glob("*/*.html")):
        found = _NAME.fullmatch(path.name)
        if found is None or found[2] not in LANGUAGES:
            continue
        files = [path.relative_to(home.reports).as_posix()]
        if (paper := path.with_suffix(".pdf")).exists():
            files.append(paper.relative_to(home.reports).as_posix())
        months = sellers.setdefault(path.parent.name, {})
        months.setdefault(found[1], {})[found[2]] = files
    page = (
        environment()
        .get_template("index.html")
        .render(
            sellers={
                seller: dict(sorted(months.items(), reverse=True))
                for seller, months in sellers.items()
            },
            words={name: read(f"{name}.yml")["words"] for name in LANGUAGES},
            spoken=SPOKEN,
        )
    )
    path = home.reports / "index.html"
    write_atomically(path, page)
    return path
