"""One look at what is published, and everybody told what is new."""

from __future__ import annotations

import copy
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestration.alerts.channels import Channel
from orchestration.alerts.configuration import Configuration
from orchestration.alerts.errors import AlertError, DeliveryError
from orchestration.alerts.judging import findings
from orchestration.alerts.memory import BEGUN, Event, Memory
from orchestration.alerts.message import Message, composed, line
from orchestration.alerts.rules import Rule, load_rules
from orchestration.alerts.watching import Seen, look
from orchestration.settings import Home


@dataclass
class Alerts:
    """What holds now and who was told, or would be.

    ``told`` counts events by channel, ``failed`` says why a channel took none.
    """

    version: str | None
    data_as_of: str | None
    language: str
    holding: list[dict[str, Any]] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    held_back: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return copy.deepcopy(vars(self))


def alert(
    home: Home,
    configured: Configuration,
    channels: list[Channel],
    now: datetime,
    *,
    is_rehearsal: bool = False,
    rules: list[Rule] | None = None,
) -> Alerts:
    """Look, tell every channel what it has not heard yet; one that fails, next time.

    Args:
        home: what is published, and what was told before.
        configured: language, clock and the address of the dashboard.
        channels: who is told.
        now: the time of this look.
        is_rehearsal: tell nobody and note nothing.
        rules: others than those of the seed.
    """
    clock = configured.clock(now)
    rules = load_rules(clock.date()) if rules is None else rules
    with _alone(home, is_rehearsal):
        seen = look(home, clock.date())
        memory = Memory.read(home)
        memory.learn(findings(rules, seen), rules, set(seen.rows), now)
        by_code = {rule.code: rule for rule in rules}
        alerts = _found(seen, memory, by_code, configured.language)
        if not is_rehearsal:
            memory.write(home)
        for channel in channels:
            events = memory.due(channel.name, by_code, clock)
            alerts.told[channel.name] = len(events)
            if events and not is_rehearsal:
                message = _message(events, by_code, configured, seen)
                _tell(channel, message, events, alerts, memory, home)
        alerts.held_back = _held_back(memory, by_code, channels, clock)
        if not is_rehearsal:
            memory.forget(by_code, {channel.name for channel in channels}, now)
            memory.write(home)
    return alerts


def _found(seen: Seen, memory: Memory, rules: dict[str, Rule], language: str) -> Alerts:
    return Alerts(
        version=seen.version,
        data_as_of=seen.data_as_of.isoformat() if seen.data_as_of else None,
        language=language,
        holding=_holding(memory, rules, language),
        unanswered=seen.unanswered,
    )


def _tell(
    channel: Channel,
    message: Message,
    events: list[Event],
    alerts: Alerts,
    memory: Memory,
    home: Home,
) -> None:
    try:
        channel.send(message)
    except DeliveryError as error:
        alerts.failed[channel.name] = str(error)
        alerts.told[channel.name] = 0
        return
    memory.note(channel.name, events)
    memory.write(home)


def _message(
    events: list[Event],
    rules: dict[str, Rule],
    configured: Configuration,
    seen: Seen,
) -> Message:
    return composed(
        events,
        rules,
        configured.language,
        version=seen.version,
        data_as_of=seen.data_as_of,
        dashboard=configured.dashboard,
    )


def _holding(
    memory: Memory, rules: dict[str, Rule], language: str
) -> list[dict[str, Any]]:
    order = list(rules)
    going_on = [event for event in memory.events.values() if event.state == BEGUN]
    return [
        {
            "alert_code": event.alert_code,
            "event": event.key,
            "severity": rules[event.alert_code].severity,
            "title": rules[event.alert_code].texts[language].title,
            "text": line(event, rules[event.alert_code], language),
            "began_at": event.began_at,
            "told": sorted(event.told),
        }
        for event in sorted(going_on, key=lambda event: order.index(event.alert_code))
    ]


def _held_back(
    memory: Memory, rules: dict[str, Rule], channels: list[Channel], clock: datetime
) -> int:
    """Return how many events some channel is not told yet because it is quiet time."""
    due = {e.key for c in channels for e in memory.due(c.name, rules, clock)}
    return sum(
        event.key not in due and any(event.concerns(c.name) for c in channels)
        for event in memory.events.values()
        if event.state == BEGUN or rules[event.alert_code].texts["en"].recovery
    )


@contextmanager
def _alone(home: Home, is_rehearsal: bool) -> Iterator[None]:
    """Be the only one who tells: two at once would tell everything twice."""
    if is_rehearsal:
        yield
        return
    home.alerts.mkdir(parents=True, exist_ok=True)
    with (home.alerts / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlertError("Another process is sending alerts right now.") from error
        yield
