"""The sensor: one run per change of the inbox, none while files still arrive."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.running.automation import QUIET, decide, new_files
from orchestration.running.inbox_state import last_landed, look, note_landed
from orchestration.running.locking import writing
from orchestration.settings import Home

ARRIVED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = ARRIVED + 2 * QUIET


def put(inbox: Path, name: str, text: str = "x", when: datetime = ARRIVED) -> None:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (when.timestamp(), when.timestamp()))


def asked(inbox: Path, cursor: str | None, now: datetime = LATER) -> dg.SensorResult:
    result = decide(inbox, cursor, now)
    assert isinstance(result, dg.SensorResult), result
    return result


def test_new_files_ask_for_one_run_and_then_for_none(tmp_path: Path) -> None:
    put(tmp_path, "me/US/returns.txt")
    first = asked(tmp_path, None)
    assert first.run_requests is not None
    assert len(first.run_requests) == 1
    assert first.run_requests[0].run_key == first.cursor
    assert isinstance(decide(tmp_path, first.cursor, LATER), dg.SkipReason)


@pytest.mark.parametrize("change", ["another file", "other bytes", "newer", "removed"])
def test_every_change_asks_again(tmp_path: Path, change: str) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt")
    cursor = asked(tmp_path, None).cursor
    match change:
        case "another file":
            put(tmp_path, "c.txt")
        case "other bytes":
            put(tmp_path, "a.txt", "longer")
        case "newer":
            put(tmp_path, "a.txt", when=ARRIVED + timedelta(seconds=1))
        case "removed":
            (tmp_path / "b.txt").unlink()
    assert asked(tmp_path, cursor).cursor != cursor


def test_the_same_files_give_the_same_run_key(tmp_path: Path) -> None:
    put(tmp_path / "one", "a.txt")
    put(tmp_path / "two", "a.txt")
    assert asked(tmp_path / "one", None).cursor == asked(tmp_path / "two", None).cursor


def test_a_file_that_is_still_arriving_is_waited_for(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    waits = decide(tmp_path, None, ARRIVED + QUIET / 2)
    assert isinstance(waits, dg.SkipReason)
    assert "arriving" in (waits.skip_message or "")


def test_what_has_landed_starts_nothing_whoever_asked_for_it(tmp_path: Path) -> None:
    """A run from the terminal, or one of the schedule, has seen the files too."""
    home = Home(tmp_path / "home")
    put(home.inbox, "a.txt")
    landed = look(home.inbox)
    note_landed(home, home.inbox, landed)
    known = last_landed(home, home.inbox)
    waits = decide(home.inbox, None, LATER, known)
    assert isinstance(waits, dg.SkipReason)
    assert waits.skip_message == "Nothing has changed since the last run."
    put(home.inbox, "b.txt")
    assert isinstance(decide(home.inbox, None, LATER, known), dg.SensorResult)


def test_what_landed_of_one_inbox_says_nothing_of_another(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    put(home.inbox, "a.txt")
    put(tmp_path / "other", "a.txt")
    note_landed(home, home.inbox, look(home.inbox))
    assert last_landed(home, tmp_path / "other") is None


def test_what_landing_ignores_starts_nothing(tmp_path: Path) -> None:
    put(tmp_path, ".a.txt.swp")
    put(tmp_path, "Thumbs.db")
    assert isinstance(decide(tmp_path, None, LATER), dg.SkipReason)


def test_a_meta_file_that_changes_asks_again(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "a.txt.meta.json", "{}")
    cursor = asked(tmp_path, None).cursor
    put(tmp_path, "a.txt.meta.json", '{"marketplace": "US"}')
    assert asked(tmp_path, cursor).cursor != cursor


def test_a_link_to_nowhere_stops_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone")
    cursor = asked(tmp_path, None).cursor
    assert isinstance(decide(tmp_path, cursor, LATER), dg.SkipReason)


def test_a_file_dated_in_the_future_arrives_all_the_same(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    put(tmp_path, "a.txt", when=now + timedelta(days=365))
    assert isinstance(decide(tmp_path, None, now), dg.SkipReason)
    asked(tmp_path, None, now + 2 * QUIET)


def test_while_a_run_writes_the_sensor_waits_and_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    put(home.inbox, "a.txt")
    monkeypatch.setenv("RETURNS_HOME", str(home.root))
    monkeypatch.delenv("RETURNS_INBOX", raising=False)
    context = dg.build_sensor_context(cursor="before")
    with writing(home, "a run"):
        waits = new_files(context)
    assert isinstance(waits, dg.SkipReason)
    assert waits.skip_message == "A run is writing the warehouse; asking again later."
    assert context.cursor == "before"
    assert isinstance(new_files(context), dg.SensorResult)
