"""What messages are sent to in tests: a web server and events, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from orchestration.alerts.message import Message, Section


@dataclass
class Received:
    """What a server was asked, and what it answers: the last answer for good."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "ok")])
    paths: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def answer(self) -> tuple[int, str]:
        """Return the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web_server(*answers: tuple[int, str]) -> Iterator[Received]:
    """Run a server that keeps what it is sent."""
    received = Received()
    if answers:
        received.answers = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            received.paths.append(self.path)
            received.types.append(self.headers["Content-Type"])
            received.bodies.append(json.loads(content))
            status, text = received.answer()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    received.url = f"http://127.0.0.1:{server.server_port}/hook/5ecret?access_token=t0k"
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def message(
    *lines: str, heading: str = "Refund overdue", link: str | None = None
) -> Message:
    """Return a message of one section."""
    section = Section(heading, "critical", "refunds", lines or ("late & <b>",))
    event = {"alert_code": "refund_overdue", "event": "refund_overdue/r1",
             "state": "begun", "severity": "critical", "title": heading,
             "text": "late & <b>"}  # fmt: skip
    return Message(
        number="a" * 32,
        language="en",
        subject="Returns: 1 critical",
        sections=(section,),
        footer="Data as of Oct 31, 2026, version v1-abc",
        link=link,
        events=(event,),
    )
