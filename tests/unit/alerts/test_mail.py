"""Mail to a real server on loopback, encrypted and with a password."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from tenacity import wait_none

from orchestration.alerts.channels import ATTEMPTS, MailChannel
from orchestration.alerts.configuration import Mail
from orchestration.alerts.errors import DeliveryError
from tests.unit.alerts.receivers import message

CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem"
)
WANTED = Mail("127.0.0.1", 0, "none", "returns@example.com", ("a@x.com", "b@x.com"))


class Post:
    """Keeps what arrives; first gives the answers it was told to give."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.tries = 0
        self.envelopes: list[Envelope] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        """Take a mail, or not."""
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        return "250 OK"

    def mails(self) -> list[EmailMessage]:
        """Return what arrived."""
        found = []
        for envelope in self.envelopes:
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            found.append(mail)
        return found


def served(post: Post, **options: Any) -> Iterator[int]:
    """Run a mail server and yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    yield from served(post)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(CERTIFICATE.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def guarded(
    post: Post, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    """A server that wants encryption and a password."""

    def login(
        server: Any, session: Any, envelope: Any, how: str, given: Any
    ) -> AuthResult:
        known = LoginPassword(b"me", b"pa55word")
        return AuthResult(success=given == known, handled=False)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    yield from served(
        post,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=login,
    )


def sent(port: int, **changes: Any) -> None:
    MailChannel(replace(WANTED, port=port, **changes), wait_none()).send(
        message("退款逾期 & late")
    )


def test_a_mail_arrives_at_everybody(post: Post, port: int) -> None:
    sent(port)
    (mail,) = post.mails()
    assert post.envelopes[0].rcpt_tos == ["a@x.com", "b@x.com"]
    assert mail["Subject"] == "Returns: 1 critical"
    assert mail["From"] == "returns@example.com"
    assert mail["Message-ID"] == f"<{'a' * 32}@returns-warehouse.invalid>"
    assert mail["Date"]
    assert "退款逾期 & late" in mail.get_content()


def test_it_is_encrypted_and_signed_in(post: Post, guarded: int) -> None:
    sent(guarded, security="starttls", user="me", password="pa55word")
    assert len(post.mails()) == 1


def test_a_wrong_password_is_told_without_it(post: Post, guarded: int) -> None:
    with pytest.raises(DeliveryError, match="code 535") as raised:
        sent(guarded, security="starttls", user="me", password="wr0ng")
    assert "wr0ng" not in repr(raised.value)
    assert not post.mails()


def test_a_server_that_nobody_vouches_for_gets_no_password(
    post: Post, guarded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DeliveryError, match="SSLCertVerificationError"):
        sent(guarded, security="starttls", user="me", password="pa55word")


def test_a_busy_server_is_tried_again(post: Post, port: int) -> None:
    post.answers = ["451 busy", "421 later"]
    sent(port)
    assert (post.tries, len(post.mails())) == (3, 1)


def test_a_refusal_is_not_tried_again(post: Post, port: int) -> None:
    post.answers = ["554 no"] * ATTEMPTS
    with pytest.raises(DeliveryError, match="code 554"):
        sent(port)
    assert post.tries == 1


def test_no_server_is_a_failure_to_deliver() -> None:
    with pytest.raises(DeliveryError, match="took nothing"):
        sent(1)
