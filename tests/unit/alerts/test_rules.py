"""The seed of rules, and what a rule says of a value."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.alerts.errors import AlertError
from orchestration.alerts.rules import RULES, SEVERITIES, load_rules
from orchestration.alerts.texts import places
from tests.unit.alerts.homes import late

TODAY = date(2026, 11, 24)


def test_the_most_urgent_rules_come_first() -> None:
    order = [SEVERITIES.index(rule.severity) for rule in load_rules(TODAY)]
    assert order == sorted(order)
    assert len(order) > 20


def test_both_languages_say_the_same() -> None:
    for rule in load_rules(TODAY):
        english, chinese = rule.texts["en"], rule.texts["zh"]
        assert places(english.alert) == _facts(chinese.alert), rule.code
        assert places(english.recovery) == _facts(chinese.recovery), rule.code
        assert bool(english.recovery) == bool(chinese.recovery), rule.code
        assert not chinese.title.isascii()


@pytest.mark.parametrize(
    ("condition", "threshold", "value", "holds"),
    [
        ("at_least", 3, Decimal("3.00"), True),
        ("at_least", 3, 2, False),
        ("at_most", -10, Decimal("-10.73"), True),
        ("at_most", -10, 2, False),
        ("at_most", 0, 0, True),
        ("holds", None, True, True),
        ("holds", None, False, False),
        ("at_least", 3, None, None),
        ("holds", None, None, None),
    ],
)
def test_a_value_is_compared(
    condition: str, threshold: int | None, value: object, holds: bool | None
) -> None:
    limit = None if threshold is None else Decimal(threshold)
    assert late(condition=condition, threshold=limit).judged(value) is holds


@pytest.mark.parametrize(("cases", "holds"), [(10, True), (9, None), (None, None)])
def test_few_cases_say_too_little(cases: int | None, holds: bool | None) -> None:
    assert late(minimum_cases=10).judged(5, cases) is holds


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(21, False), (22, True), (3, True), (7, False)]
)
def test_quiet_time_goes_over_midnight(hour: int, is_quiet: bool) -> None:
    assert late(quiet=(time(22), time(7))).is_quiet(time(hour)) is is_quiet


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("severity_code", "urgent", "is none of critical, warning, info"),
        ("threshold_value", "much", "is no number"),
        ("threshold_value", "", "does not go with at_least"),
        ("quiet_from_time", "late", "is no hour like 22:00"),
        ("valid_from", "soon", "is no day like 2026-01-31"),
        ("alert_zh_text", "", "is blank"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, column: str, value: str, problem: str
) -> None:
    import csv

    with RULES.open(encoding="utf-8", newline="") as file:
        row = next(r for r in csv.DictReader(file) if r["alert_code"] == "source_late")
    path = tmp_path / "rules.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow({**row, column: value})
    with pytest.raises(AlertError, match=problem) as raised:
        load_rules(TODAY, path)
    assert "source_late" in str(raised.value)


def _facts(chinese: str) -> set[str]:
    """Return the places of a Chinese text; some facts are a column a language."""
    return {name.removesuffix("_zh") for name in places(chinese)}
