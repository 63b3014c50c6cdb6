"""One message: everything a channel is to be told now, the most urgent first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from orchestration.alerts.memory import BEGUN, Event
from orchestration.alerts.rules import SEVERITIES, Rule
from orchestration.alerts.texts import filled, said, shown

LINES = 5


@dataclass(frozen=True)
class Section:
    """What one rule has to say: a heading, and a line for each case."""

    heading: str
    kind: str
    page: str
    lines: tuple[str, ...]
    left_out: int = 0


@dataclass(frozen=True)
class Message:
    """A message in one language. ``number`` is the same whenever it says the same."""

    number: str
    language: str
    subject: str
    sections: tuple[Section, ...]
    footer: str
    link: str | None
    events: tuple[dict[str, Any], ...]

    def shortened(self, lines: int) -> Message:
        """Return it with at most this many lines a section, and how many were cut."""
        return replace(
            self,
            sections=tuple(
                replace(
                    section,
                    lines=section.lines[:lines],
                    left_out=section.left_out + len(section.lines[lines:]),
                )
                for section in self.sections
            ),
        )

    def more(self, section: Section) -> str | None:
        """Return the words for what a section leaves out, if it does."""
        if not section.left_out:
            return None
        return said("more", self.language, number=section.left_out)


def composed(
    events: Iterable[Event],
    rules: dict[str, Rule],
    language: str,
    *,
    version: str | None,
    data_as_of: date | None,
    dashboard: str | None,
) -> Message:
    """Return the message that tells ``events``, which stand in the order of urgency.

    Args:
        events: what to tell; at least one.
        rules: rules by code.
        language: ``en`` or ``zh``.
        version: the published version it is about.
        data_as_of: the last day of its data.
        dashboard: where readers find the dashboard, if they can from a message.
    """
    told = [(event, rules[event.alert_code]) for event in events]
    grouped: dict[tuple[str, str], list[Event]] = {}
    for event, rule in sorted(told, key=lambda pair: pair[0].state != BEGUN):
        grouped.setdefault((rule.code, event.state), []).append(event)
    sections = tuple(
        _section(rules[code], state, group, language)
        for (code, state), group in grouped.items()
    )
    first = rules[next(iter(grouped))[0]]
    names = sorted(f"{e.key} {e.state} {e.began_at} {e.ended_at}" for e, _ in told)
    return Message(
        number=hashlib.sha256("\n".join(names).encode()).hexdigest()[:32],
        language=language,
        subject=_subject(told, language),
        sections=sections,
        footer=_footer(version, data_as_of, language),
        link=_link(dashboard, first.page, language),
        events=tuple(_plain(event, rule, language) for event, rule in told),
    ).shortened(LINES)


def line(event: Event, rule: Rule, language: str) -> str:
    """Return what is said of one event."""
    texts = rule.texts[language]
    template = texts.alert if event.state == BEGUN else texts.recovery
    return filled(template, event.facts, language)


def _section(rule: Rule, state: str, events: list[Event], language: str) -> Section:
    title = rule.texts[language].title
    is_over = state != BEGUN
    return Section(
        heading=said("is_over", language, title=title) if is_over else title,
        kind="over" if is_over else rule.severity,
        page=rule.page,
        lines=tuple(line(event, rule, language) for event in events),
    )


def _subject(told: list[tuple[Event, Rule]], language: str) -> str:
    kinds = [r.severity if e.state == BEGUN else "over" for e, r in told]
    counts = [
        said("count", language, number=kinds.count(kind), kind=said(kind, language))
        for kind in (*SEVERITIES, "over")
        if kind in kinds
    ]
    return said("subject", language, counts=said("comma", language).join(counts))


def _footer(version: str | None, data_as_of: date | None, language: str) -> str:
    if version is None:
        return said("nothing_published", language)
    facts = {"data_as_of_date": data_as_of and data_as_of.isoformat()}
    day = shown("data_as_of_date", facts, language)
    return said("footer", language, data_as_of_date=day, version=version)


def _link(dashboard: str | None, page: str, language: str) -> str | None:
    if dashboard is None:
        return None
    return f"{dashboard}#/{page}?{urlencode({'lang': language})}"


def _plain(event: Event, rule: Rule, language: str) -> dict[str, Any]:
    return {
        "alert_code": rule.code,
        "event": event.key,
        "state": event.state,
        "severity": rule.severity,
        "began_at": event.began_at,
        "ended_at": event.ended_at,
        "title": rule.texts[language].title,
        "text": line(event, rule, language),
        "facts": event.facts,
    }
