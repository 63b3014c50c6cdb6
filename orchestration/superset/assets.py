"""The charts and dashboards of ``bi/superset``, as written there, in one language.

Their form is a short one of Superset's own: ``params`` of a chart are Superset's, texts
stand in both languages, datasets and metrics go by the names of the marts and of the
semantic layer. What all charts of a kind share stands once, in ``defaults.yml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.dashboard.pages import load_labels, load_pages
from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "bi" / "superset"
LANGUAGES = ("en", "zh")
# A chart of one month, of all months, or of the state at the end of the data.
PERIODS = ("month", "months", "current")
_METRICS = ("metric", "metrics", "timeseries_limit_metric")


@dataclass(frozen=True)
class Chart:
    """One chart: what it asks, of which table, and how Superset draws it."""

    name: str
    title: str
    question: str
    dataset: str
    kind: str
    period: str
    params: dict[str, Any]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Return the names of the metrics of the semantic layer that it shows."""
        told = [self.params.get(key) for key in _METRICS]
        every = [m for t in told for m in (t if isinstance(t, list) else [t])]
        return tuple(m for m in every if isinstance(m, str))


@dataclass(frozen=True)
class Dashboard:
    """One dashboard: rows of charts with their widths of twelve, and its filters."""

    name: str
    title: str
    intro: str
    rows: tuple[tuple[int, tuple[tuple[str, int], ...]], ...]
    headings: dict[int, str]
    filters: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Assets:
    """All of ``bi/superset`` in one language."""

    datasets: tuple[str, ...]
    labels: dict[str, str]
    codes: dict[str, dict[str, str]]
    charts: dict[str, Chart]
    dashboards: tuple[Dashboard, ...]


def read(language: str, folder: Path = FOLDER) -> Assets:
    """Return what stands in ``folder``, in the language ``en`` or ``zh``."""
    defaults = _read(folder / "defaults.yml", language)
    told_labels, codes = labels(language, folder)
    charts = [
        _chart(told, defaults)
        for path in sorted((folder / "charts").glob("*.yml"))
        for told in _read(path, language)
    ]
    return Assets(
        datasets=tuple(_read(folder / "datasets.yml", language)["datasets"]),
        labels=told_labels,
        codes=codes,
        charts={chart.name: chart for chart in charts},
        dashboards=tuple(
            _dashboard(_read(path, language))
            for path in sorted((folder / "dashboards").glob("*.yml"))
        ),
    )


def labels(
    language: str, folder: Path = FOLDER
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return names of columns, and names of codes by their column.

    The dashboard's labels are everybody's; ``labels.yml`` adds what it does not say.

    Raises:
        ValueError: a code that is to be shown in words has none.
    """
    own = _read(folder / "labels.yml", language)
    everybodys = load_labels(load_pages())
    told = own["labels"] | {name: text[language] for name, text in everybodys.items()}
    codes: dict[str, dict[str, str]] = {}
    for column, members in own["codes"].items():
        named = {code: told.get(f"{column}={code}", told.get(code)) for code in members}
        if unnamed := [code for code, label in named.items() if label is None]:
            raise ValueError(f"{column}: no label for {unnamed}")
        codes[column] = {code: str(label) for code, label in named.items()}
    return told, codes


def _read(path: Path, language: str) -> Any:
    return _in(yaml.safe_load(path.read_text(encoding="utf-8")), language)


def _in(told: Any, language: str) -> Any:
    """Return ``told`` with each text of several languages as that of one."""
    if isinstance(told, dict):
        if told.keys() == set(LANGUAGES):
            return told[language]
        return {key: _in(value, language) for key, value in told.items()}
    return [_in(value, language) for value in told] if isinstance(told, list) else told


def _chart(told: dict[str, Any], defaults: dict[str, Any]) -> Chart:
    if told["period"] not in PERIODS:
        raise ValueError(f"{told['chart']}: period {told['period']!r} of {PERIODS}")
    params = defaults["all"] | defaults.get(told["kind"], {}) | told.get("params", {})
    for key in _METRICS:
        if key in params:
            params[key] = _metrics(params[key])
    params["adhoc_filters"] = [
        {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": condition}
        for condition in told.get("where", [])
    ]
    return Chart(
        told["chart"],
        told["title"],
        told["question"],
        told["dataset"],
        told["kind"],
        told["period"],
        params,
    )


def _metrics(told: Any) -> Any:
    """Return metrics as Superset takes them: by name, or an aggregate of a column."""
    if isinstance(told, list):
        return [_metrics(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {
        "expressionType": "SIMPLE",
        "column": {"column_name": told["column"]},
        "aggregate": told["aggregate"],
        "label": told["label"],
        "hasCustomLabel": True,
        "optionName": f"metric_{told['aggregate'].lower()}_{told['column']}",
    }


def _dashboard(told: dict[str, Any]) -> Dashboard:
    rows: list[tuple[int, tuple[tuple[str, int], ...]]] = []
    headings = {}
    for row in told["rows"]:
        if "heading" in row:
            headings[len(rows)] = row["heading"]
        rows.append((row["height"], tuple(row["charts"].items())))
    return Dashboard(
        told["dashboard"],
        told["title"],
        told["intro"],
        tuple(rows),
        headings,
        tuple(told["filters"]),
    )
