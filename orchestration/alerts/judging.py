"""Which rules hold for what is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orchestration.alerts.errors import AlertError
from orchestration.alerts.rules import Rule
from orchestration.alerts.watching import SCOPE, SUBJECT, Row, Seen


@dataclass(frozen=True)
class Finding:
    """What one rule says of one subject. ``holds`` is None where nobody knows."""

    rule: Rule
    subject: str
    holds: bool | None
    facts: dict[str, Any]

    @property
    def key(self) -> str:
        """What makes it the same event whenever it is seen."""
        return f"{self.rule.code}/{self.subject}"


def findings(rules: Iterable[Rule], seen: Seen) -> Iterator[Finding]:
    """Yield what each rule says of each row of its watch.

    Raises:
        AlertError: a rule asks for a column that its watch does not have.
    """
    for rule in rules:
        for row in seen.rows.get(rule.watch, []):
            if row[SCOPE] != rule.scope:
                continue
            if rule.column not in row:
                raise AlertError(
                    f"Alert rule {rule.code}: watch {rule.watch} has no column "
                    f"{rule.column}."
                )
            holds = rule.judged(row[rule.column], row.get("case_count"))
            yield Finding(rule, row[SUBJECT], holds, _facts(row))


def _facts(row: Row) -> dict[str, Any]:
    """Return a row as JSON can keep it; numbers as they were written."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)
