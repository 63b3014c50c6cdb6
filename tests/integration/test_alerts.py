"""Alerts of a whole published version are told once: sensor, job, command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner

from orchestration.alerts.alerting import alert
from orchestration.alerts.automation import alerts, fingerprint, something_to_tell
from orchestration.alerts.configuration import Configuration
from orchestration.cli import main
from orchestration.settings import Home
from tests.unit.alerts.homes import Listener
from tests.unit.alerts.receivers import web_server

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLOCK = Configuration(zone=UTC)
CopyHome = Callable[[], Home]


def test_a_second_look_tells_nothing(copy_home: CopyHome) -> None:
    home, log, mail = copy_home(), Listener(), Listener("mail")
    first = alert(home, CLOCK, [log, mail], NOON)
    assert first.told["log"] == first.told["mail"] == len(first.holding) > 5
    assert alert(home, CLOCK, [log, mail], NOON).told == {"log": 0, "mail": 0}
    assert len(log.heard) == len(mail.heard) == 1


def test_both_languages_tell_the_same_numbers(copy_home: CopyHome) -> None:
    home = copy_home()
    told = {}
    for language in ("en", "zh"):
        configured = Configuration(zone=UTC, language=language)
        found = alert(home, configured, [Listener()], NOON, is_rehearsal=True)
        told[language] = {e["event"]: e["text"] for e in found.holding}
    assert told["en"].keys() == told["zh"].keys()
    for event, text in told["en"].items():
        assert _numbers(text) == _numbers(told["zh"][event]), event


def test_a_failed_gate_is_told_with_its_reason_and_its_end(
    copy_home: CopyHome,
) -> None:
    home, log = copy_home(), Listener()
    alert(home, CLOCK, [log], NOON)
    before = fingerprint(home, NOON)
    _fail_gate(home, "fct_returns says no.")
    assert fingerprint(home, NOON) != before
    alert(home, CLOCK, [log], NOON)
    assert log.heard[-1].subject == "Returns: 1 critical"
    assert "fct_returns says no." in log.texts()[-1][0]
    (home.gate / "failed.json").unlink()
    alert(home, CLOCK, [log], NOON)
    assert [event["state"] for event in log.heard[-1].events] == ["over"]


def test_a_failed_run_is_told_until_something_is_published(
    copy_home: CopyHome,
) -> None:
    home, log = copy_home(), Listener()
    record = json.loads(home.run_record.read_text())
    record |= {"success": False, "problems": ["The disk is full."], "gate": None}
    record["started_at"] = "2126-01-01T00:00:00+00:00"
    home.run_record.write_text(json.dumps(record))
    told = alert(home, CLOCK, [log], NOON)
    assert "The disk is full." in [event["text"] for event in told.holding]
    record["started_at"] = "2026-01-01T00:00:00+00:00"
    home.run_record.write_text(json.dumps(record))
    assert not [
        event
        for event in alert(home, CLOCK, [log], NOON).holding
        if event["alert_code"] == "run_failed"
    ]


def test_before_anything_is_published_a_failed_gate_is_told(tmp_path: Path) -> None:
    home, log = Home(tmp_path), Listener()
    _fail_gate(home, "No table is right.")
    told = alert(home, CLOCK, [log], NOON)
    assert [event["alert_code"] for event in told.holding] == ["gate_failed"]
    assert log.heard[0].footer == "Nothing has been published yet"


def test_the_sensor_asks_once_for_each_version(
    copy_home: CopyHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home()
    monkeypatch.setenv("RETURNS_HOME", str(home.root))
    first = something_to_tell(dg.build_sensor_context())
    assert isinstance(first, dg.SensorResult)
    assert first.cursor
    assert len(first.run_requests or []) == 1
    again = something_to_tell(dg.build_sensor_context(cursor=first.cursor))
    assert isinstance(again, dg.SkipReason)


def test_what_did_not_get_through_is_tried_again_later(
    copy_home: CopyHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home()
    with web_server((404, "")) as server:
        monkeypatch.setenv("RETURNS_ALERT_WEBHOOK_URL", server.url)
        result = alerts.execute_in_process(raise_on_error=False)
    assert not result.success
    later = NOON.replace(minute=20)
    assert fingerprint(home, NOON) != fingerprint(home, later)
    with web_server() as server:
        monkeypatch.setenv("RETURNS_ALERT_WEBHOOK_URL", server.url)
        assert alerts.execute_in_process().success
        told = server.bodies[0]["events"]
    assert fingerprint(home, NOON) == fingerprint(home, later) or _waits(home)
    assert told
    log = (home.alerts / "alerts.jsonl").read_text().splitlines()
    assert {json.loads(line)["event"] for line in log} >= {e["event"] for e in told}


def test_no_secret_is_left_in_the_home(
    copy_home: CopyHome, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    home = copy_home()
    with web_server((403, "")) as server:
        monkeypatch.setenv("RETURNS_ALERT_WEBHOOK_URL", server.url)
        monkeypatch.setenv("RETURNS_ALERT_WEBHOOK_FORM", "dingtalk")
        monkeypatch.setenv("RETURNS_ALERT_WEBHOOK_SECRET", "SECk3y")
        result = CliRunner().invoke(main, ["alerts", "--home", str(home.root)])
    assert result.exit_code == 1
    assert "webhook: The webhook answered with status 403." in result.output
    written = [path.read_text() for path in home.alerts.rglob("*") if path.is_file()]
    for text in (*written, result.output, caplog.text):
        assert not {"5ecret", "t0k", "SECk3y"} & set(re.findall(r"\w+", text))


def test_the_command_shows_what_holds_and_tells_nobody(
    copy_home: CopyHome,
) -> None:
    home = copy_home()
    words = ["alerts", "--home", str(home.root), "--dry-run"]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0
    assert "[warning] Source late" in shown.output
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert told["told"]["log"] + told["held_back"] == len(told["holding"])
    assert not home.alerts.exists()


def _numbers(text: str) -> list[str]:
    """Return a text's numbers; those of days and months read otherwise."""
    text = re.sub(r"(\d{4})年(?:\d+月)?(?:\d+日)?", r"\1", text)
    text = re.sub(r"[A-Z][a-z]{2} \d{1,2}, (\d{4})", r"\1", text)
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", text.replace("24 小时", "24 ")))


def _waits(home: Home) -> bool:
    """Return whether it is quiet time on this machine, so that something waits."""
    kept = json.loads((home.alerts / "state.json").read_text())
    return any(not event["told"] for event in kept["events"])


def _fail_gate(home: Home, reason: str) -> None:
    home.gate.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {
        "build_id": "failed", "build_recorded_at": None, "passed": False,
        "reason": reason, "warehouse": None, "suites_sha256": "", "results": [],
        "compared_with": None, "validated_at": "2126-01-01T00:00:00+00:00",
        "seconds": 1.0,
    }  # fmt: skip
    (home.gate / "failed.json").write_text(json.dumps(report))
