"""The rules, from the seed ``alert_rules``: what is told, from when on, in which words.

Read from the file and not from the published tables: rules hold from when they are
written, also before anything is published, and while nothing can be.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from orchestration.alerts.errors import AlertError
from orchestration.settings import PROJECT_ROOT

RULES = PROJECT_ROOT / "seeds" / "alert_rules.csv"
CONDITIONS = ("at_least", "at_most", "holds")
SEVERITIES = ("critical", "warning", "info")
SCOPES = ("home", "seller", "marketplace", "channel", "segment", "record")

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Texts:
    """The words of a rule in one language. Without ``recovery`` an end is not told."""

    title: str
    alert: str
    recovery: str


@dataclass(frozen=True)
class Rule:
    """One rule as it holds today; see the seed for what each field means."""

    code: str
    watch: str
    column: str
    scope: str
    condition: str
    threshold: Decimal | None
    minimum_cases: int | None
    severity: str
    quiet: tuple[time, time] | None
    quiet_days: int
    page: str
    texts: dict[str, Texts]

    def is_quiet(self, clock: time) -> bool:
        """Return whether the rule waits at this hour of the reader's clock."""
        if self.quiet is None:
            return False
        begin, end = self.quiet
        if begin <= end:
            return begin <= clock < end
        return clock >= begin or clock < end

    def judged(self, value: object, cases: object = None) -> bool | None:
        """Return whether the rule holds; None where nobody knows.

        Args:
            value: what the watched column says.
            cases: how many cases are behind it, where the watch knows.
        """
        if value is None:
            return None
        if self.minimum_cases is not None and (
            cases is None or int(str(cases)) < self.minimum_cases
        ):
            return None
        if self.condition == "holds":
            return bool(value)
        number, threshold = Decimal(str(value)), self.threshold or Decimal(0)
        return (
            number >= threshold
            if self.condition == "at_least"
            else (number <= threshold)
        )


def load_rules(today: date, path: Path = RULES) -> list[Rule]:
    """Return the rules that hold today, the most urgent first.

    Raises:
        AlertError: a row is not a rule; the message names row and column.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rules = [
        _rule(row)
        for row in rows
        if _day(row, "valid_from") <= today <= _day(row, "valid_to")
    ]
    twice = sorted({r.code for r in rules if [o.code for o in rules].count(r.code) > 1})
    if twice:
        raise AlertError(f"Rules of {path.name} that hold twice on one day: {twice}.")
    return sorted(rules, key=lambda rule: SEVERITIES.index(rule.severity))


def _rule(row: dict[str, str]) -> Rule:
    condition = _one_of(row, "condition_code", CONDITIONS)
    threshold = _number(row, "threshold_value")
    if (threshold is None) != (condition == "holds"):
        raise _wrong(row, "threshold_value", f"does not go with {condition}")
    cases = _number(row, "minimum_case_count")
    return Rule(
        code=row["alert_code"],
        watch=row["watch_name"],
        column=row["value_column_name"],
        scope=_one_of(row, "scope_code", SCOPES),
        condition=condition,
        threshold=threshold,
        minimum_cases=None if cases is None else int(cases),
        severity=_one_of(row, "severity_code", SEVERITIES),
        quiet=_quiet(row),
        quiet_days=int(_number(row, "quiet_days") or 0),
        page=row["page_name"],
        texts={"en": _texts(row, ""), "zh": _texts(row, "zh_")},
    )


def _texts(row: dict[str, str], language: str) -> Texts:
    title, alert, recovery = (
        row[f"{part}_{language}text"] for part in ("title", "alert", "recovery")
    )
    if not title or not alert:
        raise _wrong(row, f"title_{language}text", "is blank")
    return Texts(title, alert, recovery)


def _quiet(row: dict[str, str]) -> tuple[time, time] | None:
    begin, end = row["quiet_from_time"], row["quiet_to_time"]
    if not begin and not end:
        return None
    try:
        return time.fromisoformat(begin), time.fromisoformat(end)
    except ValueError as error:
        raise _wrong(row, "quiet_from_time", "is no hour like 22:00") from error


def _one_of(row: dict[str, str], column: str, known: tuple[str, ...]) -> str:
    if row[column] not in known:
        raise _wrong(row, column, f"is none of {', '.join(known)}")
    return row[column]


def _number(row: dict[str, str], column: str) -> Decimal | None:
    try:
        return Decimal(row[column]) if row[column] else None
    except InvalidOperation as error:
        raise _wrong(row, column, "is no number") from error


def _day(row: dict[str, str], column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise _wrong(row, column, "is no day like 2026-01-31") from error


def _wrong(row: dict[str, str], column: str, problem: str) -> AlertError:
    return AlertError(
        f"Alert rule {row['alert_code']}: {column} '{row[column]}' {problem}."
    )
