"""A published version with one small table, and rules on it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.alerts.errors import DeliveryError
from orchestration.alerts.message import Message
from orchestration.alerts.rules import Rule, Texts
from orchestration.files import write_atomically
from orchestration.settings import Home

LATE = Rule(
    code="source_late",
    watch="sources",
    column="late_days",
    scope="seller",
    condition="at_least",
    threshold=None,
    minimum_cases=None,
    severity="warning",
    quiet=None,
    quiet_days=0,
    page="trust",
    texts={
        "en": Texts("Late", "{report_code} {late_days} late", "{report_code} here"),
        "zh": Texts("迟到", "{report_code} 晚 {late_days} 天", "{report_code} 已到"),
    },
)


def late(**changes: Any) -> Rule:
    """Return the rule that a source is late, from the first day on."""
    return replace(LATE, **{"threshold": 1, **changes})


def publish(home: Home, number: int, *, ages: dict[str, int | None]) -> None:
    """Publish a version in which sources have these ages; five days are allowed."""
    folder = home.published / f"v{number}-abc"
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "returns.duckdb") as tables:
        tables.execute("create schema marts")
        tables.execute(
            "create table marts.fct_source_freshness (seller_id varchar, report_code "
            "varchar, newest_data_date date, age_days integer, max_age_days integer, "
            "has_landed boolean, data_as_of_date date)"
        )
        for report, age in ages.items():
            tables.execute(
                "insert into marts.fct_source_freshness values "
                "('s', $report, '2026-10-31', $age, 5, true, '2026-10-31')",
                {"report": report, "age": age},
            )
    manifest = {"build_id": "abc", "published_at": f"2026-11-0{number}T00:00:00+00:00"}
    write_atomically(folder / "manifest.json", json.dumps(manifest))
    link = home.published / "current"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)


class Listener:
    """A channel that keeps what it was told, and may fail."""

    def __init__(self, name: str = "log") -> None:
        self.name = name
        self.heard: list[Message] = []
        self.failure: str | None = None

    def send(self, message: Message) -> None:
        """Keep the message."""
        if self.failure is not None:
            raise DeliveryError(self.failure)
        self.heard.append(message)

    def texts(self) -> list[list[str]]:
        """Return what was said in each message."""
        return [[event["text"] for event in m.events] for m in self.heard]


def kept(home: Home) -> Any:
    """Return what is noted on disk."""
    return json.loads(Path(home.alerts / "state.json").read_text(encoding="utf-8"))
