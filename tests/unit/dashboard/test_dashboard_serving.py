"""The server of the dashboard: this machine only, and only the folders of pages."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration.dashboard.serving import server

LARGE = 20_000_000


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    for name in ("dashboard", "reports", "lake"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name, encoding="utf-8")
    (tmp_path / "pseudonym.key").write_text("secret", encoding="utf-8")
    with server(tmp_path / "dashboard", 0) as made:
        thread = threading.Thread(
            target=made.serve_forever, kwargs={"poll_interval": 0.01}
        )
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def asked(serving: ThreadingHTTPServer, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", serving.server_address[1])
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_it_listens_to_this_machine_only(serving: ThreadingHTTPServer) -> None:
    assert serving.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("name", ["dashboard", "reports"])
def test_pages_are_served(serving: ThreadingHTTPServer, name: str) -> None:
    assert asked(serving, f"/{name}/index.html") == (200, name)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/pseudonym.key",
        "/lake/index.html",
        "/dashboard/../pseudonym.key",
        "/dashboard/%2e%2e/pseudonym.key",
        "/dashboard/..%2fpseudonym.key",
        "//pseudonym.key",
        "/../../../../etc/passwd",
    ],
)
def test_nothing_else_is_served(serving: ThreadingHTTPServer, path: str) -> None:
    status, text = asked(serving, path)
    assert status == 404
    assert "secret" not in text


def test_a_link_out_of_the_folder_is_not_followed(
    serving: ThreadingHTTPServer, tmp_path: Path
) -> None:
    (tmp_path / "dashboard" / "key").symlink_to(tmp_path / "pseudonym.key")
    assert asked(serving, "/dashboard/key")[0] == 404


def test_a_browser_that_leaves_early_leaves_no_traceback(
    serving: ThreadingHTTPServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dashboard" / "large.html").write_bytes(b"x" * LARGE)
    left = threading.Event()
    told = serving.handle_error

    def noted(*about: object) -> None:
        told(*about)  # type: ignore[arg-type]
        left.set()

    serving.handle_error = noted  # type: ignore[method-assign,assignment]
    with socket.create_connection(serving.server_address) as browser:  # type: ignore[arg-type]
        browser.sendall(b"GET /dashboard/large.html HTTP/1.0\r\n\r\n")
        browser.recv(100)
        # Closing resets the connection: what is still to come has nowhere to go.
        reset = struct.pack("ii", 1, 0)
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    assert left.wait(20)
    assert "Traceback" not in capfd.readouterr().err
