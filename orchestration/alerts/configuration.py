"""Which channels there are, from the environment and from nowhere else.

=================================  ====================================================
``RETURNS_ALERT_WEBHOOK_URL``      where a webhook takes messages
``RETURNS_ALERT_WEBHOOK_FORM``     generic, slack, dingtalk, wecom or feishu
``RETURNS_ALERT_WEBHOOK_SECRET``   key of the signature, for dingtalk and feishu
``RETURNS_ALERT_SMTP_HOST``        mail server; then also ``_FROM`` and ``_TO``
``RETURNS_ALERT_SMTP_SECURITY``    starttls (587), tls (465) or none (25)
``RETURNS_ALERT_SMTP_PORT``        another port
``RETURNS_ALERT_SMTP_USER``        with ``RETURNS_ALERT_SMTP_PASSWORD``
``RETURNS_ALERT_LANGUAGE``         en or zh
``RETURNS_ALERT_TIME_ZONE``        of quiet hours (Asia/Shanghai); else the machine's
``RETURNS_ALERT_DASHBOARD_URL``    where readers of a message find the dashboard
=================================  ====================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestration.alerts.errors import AlertError
from orchestration.alerts.forms import FORMS

_PREFIX = "RETURNS_ALERT_"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_SIGNED = {"dingtalk", "feishu"}
_KNOWN = {
    "WEBHOOK_URL", "WEBHOOK_FORM", "WEBHOOK_SECRET", "SMTP_HOST", "SMTP_SECURITY",
    "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM", "SMTP_TO", "LANGUAGE",
    "TIME_ZONE", "DASHBOARD_URL",
}  # fmt: skip


@dataclass(frozen=True)
class Webhook:
    """An address that takes messages; whoever knows it may write there."""

    url: str = field(repr=False)
    form: str
    secret: str | None = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """A mail server, and who writes to whom."""

    host: str
    port: int
    security: str
    sender: str
    receivers: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Configuration:
    """What the environment says of alerts. Without channels they are only logged."""

    webhook: Webhook | None = None
    mail: Mail | None = None
    language: str = "en"
    zone: tzinfo | None = None
    dashboard: str | None = None

    def clock(self, now: datetime) -> datetime:
        """Return an instant on the reader's clock."""
        return now.astimezone(self.zone)


def configuration(environment: Mapping[str, str]) -> Configuration:
    """Return what the variables say.

    Raises:
        AlertError: a variable is unknown, missing or wrong; its value is not repeated.
    """
    said = {
        name.removeprefix(_PREFIX): value
        for name, value in environment.items()
        if name.startswith(_PREFIX) and value
    }
    unknown = sorted(set(said) - _KNOWN)
    if unknown:
        raise AlertError(f"There is no variable {_PREFIX}{unknown[0]}.")
    return Configuration(
        webhook=_webhook(said),
        mail=_mail(said),
        language=_among(said, "LANGUAGE", "en", ("en", "zh")),
        zone=_zone(said),
        dashboard=_address(said, "DASHBOARD_URL", ("http", "https", "file")),
    )


def _webhook(said: dict[str, str]) -> Webhook | None:
    url = _address(said, "WEBHOOK_URL", ("http", "https"))
    form = _among(said, "WEBHOOK_FORM", "generic", tuple(FORMS))
    secret = said.get("WEBHOOK_SECRET")
    if url is None:
        if "WEBHOOK_FORM" in said or secret:
            raise _wrong("WEBHOOK_URL", "is missing beside the others of the webhook")
        return None
    if secret and form not in _SIGNED:
        raise _wrong("WEBHOOK_SECRET", f"is for {', '.join(sorted(_SIGNED))}")
    return Webhook(url, form, secret)


def _mail(said: dict[str, str]) -> Mail | None:
    if not any(name.startswith("SMTP_") for name in said):
        return None
    for name in ("SMTP_HOST", "SMTP_FROM", "SMTP_TO"):
        if name not in said:
            raise _wrong(name, "is missing beside the others of the mail server")
    security = _among(said, "SMTP_SECURITY", "starttls", tuple(_PORTS))
    if ("SMTP_USER" in said) != ("SMTP_PASSWORD" in said):
        raise _wrong("SMTP_USER", "and SMTP_PASSWORD go together")
    if security == "none" and "SMTP_PASSWORD" in said:
        raise _wrong("SMTP_SECURITY", "must not be none where a password is sent")
    port = said.get("SMTP_PORT", str(_PORTS[security]))
    if not port.isdigit():
        raise _wrong("SMTP_PORT", "is no number")
    return Mail(
        host=said["SMTP_HOST"],
        port=int(port),
        security=security,
        sender=said["SMTP_FROM"],
        receivers=tuple(filter(None, map(str.strip, said["SMTP_TO"].split(",")))),
        user=said.get("SMTP_USER"),
        password=said.get("SMTP_PASSWORD"),
    )


def _zone(said: dict[str, str]) -> tzinfo | None:
    if "TIME_ZONE" not in said:
        return None
    try:
        return ZoneInfo(said["TIME_ZONE"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _wrong("TIME_ZONE", "is no zone like Asia/Shanghai") from error


def _address(said: dict[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    if name not in said:
        return None
    parts = urlsplit(said[name])
    if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "file"):
        raise _wrong(name, "is no address that begins with https://")
    return said[name]


def _among(
    said: dict[str, str], name: str, default: str, known: tuple[str, ...]
) -> str:
    value = said.get(name, default).lower()
    if value not in known:
        raise _wrong(name, f"is none of {', '.join(known)}")
    return value


def _wrong(name: str, problem: str) -> AlertError:
    return AlertError(f"{_PREFIX}{name} {problem}.")
