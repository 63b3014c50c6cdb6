"""How a message gets to people: a log always, a webhook and mail if they are set up.

What a library says of a failure may hold the address, and with it the right to write
there: a failure is told in our own words.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol

import requests
from tenacity import Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_base, wait_exponential_jitter

from orchestration.alerts.configuration import Configuration, Mail, Webhook
from orchestration.alerts.errors import DeliveryError
from orchestration.alerts.forms import FORMS, dingtalk_url, feishu_signature, plain
from orchestration.alerts.message import Message
from orchestration.settings import Home

ATTEMPTS = 4
TIMEOUT_SECONDS = 10
PAUSE = wait_exponential_jitter(initial=1, max=20)
_LOG = logging.getLogger("returns.alerts")


class Channel(Protocol):
    """Takes messages. ``name`` is under what it is kept who was told what."""

    name: str

    def send(self, message: Message) -> None:
        """Deliver the message, or raise DeliveryError."""


class LogChannel:
    """Writes every event as a line of ``alerts/alerts.jsonl``, and to Python's log."""

    name = "log"

    def __init__(self, home: Home) -> None:
        self._path = home.alerts / "alerts.jsonl"

    def send(self, message: Message) -> None:
        """Append the events."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            for event in message.events:
                told = {"at": at, "id": message.number, **event}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
        for event in message.events:
            urgent = event["severity"] != "info" and event["state"] == "begun"
            level = logging.WARNING if urgent else logging.INFO
            _LOG.log(level, "%s: %s", event["title"], event["text"])


class WebhookChannel:
    """Posts to a webhook in the form of the tool behind it."""

    name = "webhook"

    def __init__(self, webhook: Webhook, pause: wait_base = PAUSE) -> None:
        self._webhook = webhook
        self._pause = pause

    def send(self, message: Message) -> None:
        """Post the message; try again where that may help."""
        body = FORMS[self._webhook.form].fitted(message)
        _retrying(self._pause)(self._post, body)

    def _post(self, body: dict[str, Any]) -> None:
        url, body = self._signed(body)
        problem = ""
        with _without_addresses():
            try:
                answer = requests.post(
                    url,
                    data=json.dumps(body, ensure_ascii=False).encode(),
                    headers={"Content-Type": "application/json; charset=utf-8"},
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                problem = f"The webhook cannot be reached ({type(error).__name__})."
        if problem:
            raise DeliveryError(problem, is_passing=True)
        self._demand_taken(answer)

    def _signed(self, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        url, secret = self._webhook.url, self._webhook.secret
        if secret is None:
            return url, body
        now = datetime.now(UTC)
        if self._webhook.form == "dingtalk":
            return dingtalk_url(url, secret, now), body
        return url, {**feishu_signature(secret, now), **body}

    def _demand_taken(self, answer: requests.Response) -> None:
        status = answer.status_code
        if not 200 <= status < 300:
            raise DeliveryError(
                f"The webhook answered with status {status}.",
                is_passing=status == 429 or status >= 500,
            )
        form = FORMS[self._webhook.form]
        try:
            said = answer.json() if form.code else None
        except ValueError:
            said = None
        code = form.refusal(said)
        if code is not None:
            raise DeliveryError(
                f"{self._webhook.form} refused the message: {code}.",
                is_passing=code in form.passing,
            )


class MailChannel:
    """Sends a mail to everybody in one go."""

    name = "mail"

    def __init__(self, mail: Mail, pause: wait_base = PAUSE) -> None:
        self._mail = mail
        self._pause = pause

    def send(self, message: Message) -> None:
        """Send the message; try again where that may help."""
        _retrying(self._pause)(self._deliver, self._written(message))

    def _written(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = message.subject
        mail["From"] = self._mail.sender
        mail["To"] = ", ".join(self._mail.receivers)
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{message.number}@returns-warehouse.invalid>"
        mail["Content-Language"] = {"en": "en", "zh": "zh-CN"}[message.language]
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(plain(message))
        return mail

    def _deliver(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                if self._mail.user and self._mail.password:
                    server.login(self._mail.user, self._mail.password)
                refused = server.send_message(mail)
        except smtplib.SMTPResponseException as error:
            problem = f"The mail server refused with code {error.smtp_code}."
            is_passing = 400 <= error.smtp_code < 500
        except (smtplib.SMTPException, OSError) as error:
            problem = f"The mail server took nothing ({type(error).__name__})."
            is_passing = not isinstance(
                error, (smtplib.SMTPRecipientsRefused, ssl.SSLCertVerificationError)
            )
        else:
            if refused:
                _LOG.warning("The mail server refused %d addresses.", len(refused))
            return
        raise DeliveryError(problem, is_passing=is_passing)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        host, port = self._mail.host, self._mail.port
        if self._mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        with server:
            if self._mail.security == "starttls":
                server.starttls(context=context)
            yield server


def channels(
    home: Home, configured: Configuration, pause: wait_base = PAUSE
) -> list[Channel]:
    """Return every channel that is set up, the log first."""
    found: list[Channel] = [LogChannel(home)]
    if configured.webhook is not None:
        found.append(WebhookChannel(configured.webhook, pause))
    if configured.mail is not None:
        found.append(MailChannel(configured.mail, pause))
    return found


def _retrying(pause: wait_base) -> Retrying:
    return Retrying(
        retry=retry_if_exception(
            lambda error: isinstance(error, DeliveryError) and error.is_passing
        ),
        stop=stop_after_attempt(ATTEMPTS),
        wait=pause,
        reraise=True,
    )


@contextmanager
def _without_addresses() -> Iterator[None]:
    """Keep urllib3 from logging the path it posts to: the path is the secret."""
    logger = logging.getLogger("urllib3.connectionpool")
    was, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = was
