"""What people were told: kept on disk, so that nobody is told the same thing twice.

An event is told each channel once when it begins and once when it is over. It is noted
after the channel has taken the message: a crash in between tells it a second time,
never not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.alerts.errors import AlertError
from orchestration.alerts.judging import Finding
from orchestration.alerts.rules import Rule
from orchestration.files import write_atomically
from orchestration.settings import Home

BEGUN, OVER = "begun", "over"
_FORM = 1


@dataclass
class Event:
    """One thing that people are told of, from its beginning until all know its end.

    ``told`` says what each channel heard last. Nothing is told before ``waits_until``.
    """

    key: str
    alert_code: str
    facts: dict[str, Any]
    began_at: str
    ended_at: str | None = None
    waits_until: str | None = None
    told: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Whether it goes on or is over."""
        return BEGUN if self.ended_at is None else OVER

    def concerns(self, channel: str) -> bool:
        """Return whether ``channel`` has yet to hear of it."""
        heard = self.told.get(channel)
        if heard is None:
            return self.state == BEGUN
        return heard != self.state


@dataclass
class Memory:
    """All events that are not done with, and when ended ones were last told."""

    events: dict[str, Event] = field(default_factory=dict)
    rested: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Home) -> Memory:
        """Return what was kept; nothing, where nobody was told anything yet."""
        path = home.alerts / "state.json"
        if not path.exists():
            return cls()
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["form"] != _FORM:
                raise ValueError(kept["form"])  # noqa: TRY301 - told as damage is
            events = [Event(**event) for event in kept["events"]]
        except (ValueError, KeyError, TypeError) as error:
            raise AlertError(
                f"{path} is damaged or of another version: what was told is not known. "
                "Move it away to begin anew; what holds now is then told once more."
            ) from error
        return cls({event.key: event for event in events}, kept["rested"])

    def write(self, home: Home) -> None:
        """Keep everything, whole or not at all."""
        kept = {
            "form": _FORM,
            "events": [asdict(event) for event in self.events.values()],
            "rested": self.rested,
        }
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        write_atomically(home.alerts / "state.json", text)

    def learn(
        self,
        found: Iterable[Finding],
        rules: Iterable[Rule],
        asked: set[str],
        now: datetime,
    ) -> None:
        """Take in what is seen now.

        A subject that is gone is over; one of which nobody knows stays as it is, and so
        does everything of a watch that could not be asked.

        Args:
            found: what each rule says of each subject.
            rules: all rules that hold today.
            asked: watches that answered.
            now: the time of this look.
        """
        by_key = {finding.key: finding for finding in found}
        known = {rule.code: rule for rule in rules}
        for finding in by_key.values():
            self._meet(finding, now)
        for key, event in list(self.events.items()):
            rule = known.get(event.alert_code)
            if rule is None:
                del self.events[key]
            elif key not in by_key and rule.watch in asked:
                event.ended_at = event.ended_at or _text(now)

    def _meet(self, finding: Finding, now: datetime) -> None:
        event = self.events.get(finding.key)
        if finding.holds is None:
            return
        if event is not None:
            event.facts = finding.facts
            event.ended_at = None if finding.holds else (event.ended_at or _text(now))
        elif finding.holds:
            self.events[finding.key] = Event(
                key=finding.key,
                alert_code=finding.rule.code,
                facts=finding.facts,
                began_at=_text(now),
                waits_until=self._rest(finding, now),
            )

    def _rest(self, finding: Finding, now: datetime) -> str | None:
        told_at = self.rested.get(finding.key)
        if told_at is None:
            return None
        until = _time(told_at) + timedelta(days=finding.rule.quiet_days)
        return _text(until) if until > now else None

    def due(self, channel: str, rules: dict[str, Rule], now: datetime) -> list[Event]:
        """Return what ``channel`` is to be told now, the most urgent first.

        Args:
            channel: the name of a channel.
            rules: rules by code, the most urgent first.
            now: the time on the reader's clock.
        """
        order = list(rules)
        events = [
            event
            for event in self.events.values()
            if event.concerns(channel)
            and not rules[event.alert_code].is_quiet(now.time())
            and (event.waits_until is None or _time(event.waits_until) <= now)
            and (event.state == BEGUN or rules[event.alert_code].texts["en"].recovery)
        ]
        return sorted(events, key=lambda event: order.index(event.alert_code))

    def note(self, channel: str, events: Iterable[Event]) -> None:
        """Note that ``channel`` was told of ``events`` as they are."""
        for event in events:
            event.told[channel] = event.state

    def forget(self, rules: dict[str, Rule], channels: set[str], now: datetime) -> None:
        """Let go of what is over and known to all who heard it begin.

        ``channels`` are those in use: one that was taken away need not be told.
        """
        for key, event in list(self.events.items()):
            rule = rules[event.alert_code]
            silent = not rule.texts["en"].recovery
            waiting = [c for c in channels if event.concerns(c) and not silent]
            if event.state == OVER and not waiting:
                if event.told and rule.quiet_days:
                    self.rested[key] = _text(now)
                del self.events[key]
        longest = timedelta(days=max((r.quiet_days for r in rules.values()), default=0))
        self.rested = {
            key: told_at
            for key, told_at in self.rested.items()
            if _time(told_at) + longest > now
        }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
