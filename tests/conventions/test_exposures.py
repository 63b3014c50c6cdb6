"""Exposures say what is read: no more, and nothing less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from orchestration.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
EXPOSURES = MODELS / "metrics" / "_exposures.yml"
READERS = {
    "dashboard": ["orchestration/dashboard"],
    "monthly_report": ["orchestration/report"],
    "alerts": ["orchestration/alerts", "seeds/alert_rules.csv"],
}
NAME = re.compile(r"\b(?:kpi|fct|dim)_[a-z0-9_]+\b")
REF = re.compile(r"ref\('(\w+)'\)")


@pytest.mark.parametrize("name", READERS)
def test_an_exposure_depends_on_the_tables_its_code_names(name: str) -> None:
    [exposure] = [found for found in exposures() if found["name"] == name]
    stated = {REF.fullmatch(text)[1] for text in exposure["depends_on"]}  # type: ignore[index]
    assert stated == named_in(READERS[name])


def test_what_people_open_is_no_trial_any_more() -> None:
    maturity = {found["name"]: found["maturity"] for found in exposures()}
    assert set(maturity.values()) <= {"medium", "high"}, maturity


def exposures() -> list[dict[str, str]]:
    found: list[dict[str, str]] = yaml.safe_load(EXPOSURES.read_text(encoding="utf-8"))[
        "exposures"
    ]
    return found


def named_in(places: list[str]) -> set[str]:
    models = {path.stem for path in MODELS.rglob("*.sql")}
    names: set[str] = set()
    for file in files(places):
        names |= set(NAME.findall(file.read_text(encoding="utf-8")))
    return names & models


def files(places: list[str]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        path = PROJECT_ROOT / place
        found += [path] if path.is_file() else path.rglob("*")
    return [
        path for path in found if path.suffix in {".py", ".yml", ".csv", ".sql", ".js"}
    ]
