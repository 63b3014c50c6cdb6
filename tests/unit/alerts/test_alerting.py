"""Everybody is told once when it begins and once when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orchestration.alerts.alerting import Alerts, alert
from orchestration.alerts.channels import Channel
from orchestration.alerts.configuration import Configuration
from orchestration.alerts.errors import AlertError
from orchestration.alerts.rules import Rule
from orchestration.settings import Home
from tests.unit.alerts.homes import Listener, kept, late, publish

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def look(
    home: Home, *channels: Channel, rule: Rule | None = None, now: datetime = NOW
) -> Alerts:
    return alert(
        home, Configuration(zone=UTC), list(channels), now, rules=[rule or late()]
    )


def test_an_event_is_told_once(home: Home) -> None:
    publish(home, 1, ages={"orders": 7, "returns": 5})
    log = Listener()
    assert look(home, log).told == {"log": 1}
    assert look(home, log).told == {"log": 0}
    publish(home, 2, ages={"orders": 8, "returns": 5})
    assert look(home, log).told == {"log": 0}
    assert log.texts() == [["orders 2 late"]]


def test_its_end_is_told_once(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})
    log = Listener()
    look(home, log)
    publish(home, 2, ages={"orders": 0})
    look(home, log)
    look(home, log)
    assert log.texts() == [["orders 2 late"], ["orders here"]]
    assert kept(home)["events"] == []


def test_what_comes_again_is_told_again(home: Home) -> None:
    log = Listener()
    for number, age in enumerate((7, 0, 9), start=1):
        publish(home, number, ages={"orders": age})
        look(home, log)
    assert log.texts() == [["orders 2 late"], ["orders here"], ["orders 4 late"]]


def test_a_subject_that_is_gone_is_over(home: Home) -> None:
    log = Listener()
    publish(home, 1, ages={"orders": 7})
    look(home, log)
    publish(home, 2, ages={"returns": 0})
    look(home, log)
    assert log.texts()[1] == ["orders here"]


def test_what_nobody_knows_neither_begins_nor_ends(home: Home) -> None:
    log = Listener()
    publish(home, 1, ages={"orders": 7, "returns": None})
    look(home, log)
    publish(home, 2, ages={"orders": None, "returns": None})
    assert look(home, log).told == {"log": 0}
    assert [event["event"] for event in look(home, log).holding] == [
        "source_late/s/orders"
    ]


def test_a_watch_that_cannot_be_asked_changes_nothing(home: Home) -> None:
    log = Listener()
    publish(home, 1, ages={"orders": 7})
    look(home, log)
    rule = late(watch="claims", column="left_days", scope="record")
    told = alert(home, Configuration(zone=UTC), [log], NOW, rules=[late(), rule])
    assert told.told == {"log": 0}
    assert "fct_claims" in told.unanswered["claims"]
    assert len(told.holding) == 1


def test_a_channel_that_failed_is_told_later_and_the_others_not_again(
    home: Home,
) -> None:
    publish(home, 1, ages={"orders": 7})
    log, mail = Listener(), Listener("mail")
    mail.failure = "no server"
    told = look(home, log, mail)
    assert told.told == {"log": 1, "mail": 0}
    assert told.failed == {"mail": "no server"}
    mail.failure = None
    look(home, log, mail)
    assert (log.texts(), mail.texts()) == ([["orders 2 late"]], [["orders 2 late"]])


def test_who_never_heard_it_begin_does_not_hear_it_end(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})
    log, mail = Listener(), Listener("mail")
    mail.failure = "no server"
    look(home, log, mail)
    publish(home, 2, ages={"orders": 0})
    mail.failure = None
    look(home, log, mail)
    assert log.texts()[1] == ["orders here"]
    assert mail.texts() == []


def test_a_crash_before_the_note_tells_it_a_second_time(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home, 1, ages={"orders": 7})
    log = Listener()
    with monkeypatch.context() as patch:
        patch.setattr("orchestration.alerts.memory.Memory.note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look(home, log)
    look(home, log)
    assert [m.number for m in log.heard] == [log.heard[0].number] * 2
    assert look(home, log).told == {"log": 0}


def test_it_waits_while_it_is_quiet_on_the_readers_clock(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})
    log = Listener()
    rule = late(quiet=(time(22), time(7)))
    shanghai = Configuration(zone=ZoneInfo("Asia/Shanghai"))
    night = datetime(2026, 11, 2, 15, tzinfo=UTC)
    told = alert(home, shanghai, [log], night, rules=[rule])
    assert (told.told, told.held_back) == ({"log": 0}, 1)
    morning = night + timedelta(hours=9)
    assert alert(home, shanghai, [log], morning, rules=[rule]).told == {"log": 1}


def test_what_goes_to_and_fro_is_not_told_each_time(home: Home) -> None:
    log, rule = Listener(), late(quiet_days=7)
    for day, age in enumerate((7, 0, 9, 9), start=1):
        publish(home, day, ages={"orders": age})
        look(home, log, rule=rule, now=NOW + timedelta(days=day))
    assert log.texts() == [["orders 2 late"], ["orders here"]]
    look(home, log, rule=rule, now=NOW + timedelta(days=10))
    assert log.texts()[2] == ["orders 4 late"]


def test_without_words_for_it_an_end_is_not_told(home: Home) -> None:
    words = {
        language: type(texts)(texts.title, texts.alert, "")
        for language, texts in late().texts.items()
    }
    log, rule = Listener(), late(texts=words)
    for number, age in enumerate((7, 0), start=1):
        publish(home, number, ages={"orders": age})
        look(home, log, rule=rule)
    assert log.texts() == [["orders 2 late"]]
    assert kept(home)["events"] == []


def test_a_rehearsal_tells_nobody_and_notes_nothing(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})
    log = Listener()
    told = alert(
        home, Configuration(zone=UTC), [log], NOW, is_rehearsal=True, rules=[late()]
    )
    assert told.told == {"log": 1}
    assert not log.heard
    assert not home.alerts.exists()


def test_two_at_once_do_not_tell_it_twice(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})

    class Second(Listener):
        def send(self, message: object) -> None:
            look(home, Listener())

    with pytest.raises(AlertError, match="Another process"):
        look(home, Second())


def test_a_rule_that_is_gone_is_forgotten_without_a_word(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})
    log = Listener()
    look(home, log)
    told = look(home, log, rule=late(code="another", threshold=9))
    assert (told.told, told.holding) == ({"log": 0}, [])


def test_a_damaged_memory_is_said_and_not_guessed(home: Home) -> None:
    publish(home, 1, ages={"orders": 7})
    home.alerts.mkdir()
    (home.alerts / "state.json").write_text("{")
    with pytest.raises(AlertError, match=r"state\.json is damaged"):
        look(home, Listener())


def test_the_most_urgent_comes_first(home: Home) -> None:
    publish(home, 1, ages={"orders": 7, "returns": 20})
    log = Listener()
    urgent = late(code="very_late", threshold=10, severity="critical")
    alert(home, Configuration(zone=UTC), [log], NOW, rules=[urgent, late()])
    (heard,) = log.heard
    assert heard.subject == "Returns: 1 critical, 2 warning"
    assert [section.kind for section in heard.sections] == ["critical", "warning"]
