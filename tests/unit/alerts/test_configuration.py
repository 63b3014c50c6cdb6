"""Who is told what stands in the environment; what is wrong there is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.alerts.channels import channels
from orchestration.alerts.configuration import configuration
from orchestration.alerts.errors import AlertError
from orchestration.settings import Home, alert_environment

HOOK = {"RETURNS_ALERT_WEBHOOK_URL": "https://hooks.example/T0/s3cret"}
MAIL = {
    "RETURNS_ALERT_SMTP_HOST": "mail.example",
    "RETURNS_ALERT_SMTP_FROM": "a@x.com",
    "RETURNS_ALERT_SMTP_TO": "b@x.com, c@x.com",
}


def test_without_variables_alerts_are_only_logged(tmp_path: Path) -> None:
    (log,) = channels(Home(tmp_path), configuration({}))
    assert log.name == "log"


def test_several_channels_at_once(tmp_path: Path) -> None:
    found = channels(Home(tmp_path), configuration({**HOOK, **MAIL}))
    assert [channel.name for channel in found] == ["log", "webhook", "mail"]


def test_mail_is_encrypted_unless_said_otherwise() -> None:
    mail = configuration(MAIL).mail
    assert mail is not None
    assert (mail.security, mail.port) == ("starttls", 587)
    assert mail.receivers == ("b@x.com", "c@x.com")


def test_only_our_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETURNS_ALERT_LANGUAGE", "zh")
    found = alert_environment()
    assert found["RETURNS_ALERT_LANGUAGE"] == "zh"
    assert all(name.startswith("RETURNS_ALERT_") for name in found)


def test_the_clock_is_the_readers() -> None:
    configured = configuration({"RETURNS_ALERT_TIME_ZONE": "Asia/Shanghai"})
    assert configured.clock(datetime(2026, 11, 2, 20, tzinfo=UTC)).hour == 4


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"WEBHOOK_URL": "hooks.example/s3cret"}, "WEBHOOK_URL is no address"),
        ({"WEBHOOK_FORM": "slack"}, "WEBHOOK_URL is missing"),
        ({"WEBHOOK_FORM": "teams"}, "WEBHOOK_FORM is none of generic, slack"),
        ({"WEBHOOK_URL": "https://x.example", "WEBHOOK_SECRET": "s3cret"}, "is for"),
        ({"SMTP_HOST": "mail.example"}, "SMTP_FROM is missing"),
        ({"SMTP_PASSWORD": "s3cret"}, "SMTP_HOST is missing"),
        ({"LANGUAGE": "de"}, "LANGUAGE is none of en, zh"),
        ({"TIME_ZONE": "Mars"}, "TIME_ZONE is no zone"),
        ({"WEBHOOK": "x"}, "no variable RETURNS_ALERT_WEBHOOK"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(
    said: dict[str, str], problem: str
) -> None:
    environment = {f"RETURNS_ALERT_{name}": value for name, value in said.items()}
    with pytest.raises(AlertError, match=problem) as raised:
        configuration(environment)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"SMTP_USER": "me"}, "go together"),
        ({"SMTP_PORT": "mail"}, "is no number"),
        (
            {"SMTP_USER": "me", "SMTP_PASSWORD": "s3cret", "SMTP_SECURITY": "none"},
            "must not be none where a password is sent",
        ),
    ],
)
def test_mail_is_all_or_nothing(said: dict[str, str], problem: str) -> None:
    environment = {f"RETURNS_ALERT_{name}": value for name, value in said.items()}
    with pytest.raises(AlertError, match=problem):
        configuration({**MAIL, **environment})


def test_no_secret_shows_when_a_setting_is_printed() -> None:
    said = {"SMTP_USER": "me", "SMTP_PASSWORD": "s3cret"}
    environment = {f"RETURNS_ALERT_{name}": value for name, value in said.items()}
    assert "s3cret" not in repr(configuration({**HOOK, **MAIL, **environment}))
