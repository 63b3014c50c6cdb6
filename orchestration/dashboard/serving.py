"""Serves the dashboard, and what it links to, to browsers on this machine only."""

from __future__ import annotations

import functools
import io
import os
import socket
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

import click

# Folders beside the dashboard that its links lead to. Nothing else of a home is
# served: the warehouse and the key of the pseudonyms lie there too.
SERVED = ("dashboard", "dictionary", "reports", "data_docs", "dbt_docs")


class _Pages(SimpleHTTPRequestHandler):
    served: tuple[str, ...] = SERVED

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer only for the folders of pages."""
        asked = Path(self.translate_path(self.path)).resolve()
        root = Path(self.directory).resolve()
        inside = asked.is_relative_to(root) and asked != root
        if not inside or asked.relative_to(root).parts[0] not in self.served:
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """List nothing: pages have addresses."""
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


class _Server(ThreadingHTTPServer):
    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any
    ) -> None:
        """Say nothing of a browser that left before it had all of a page."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server on loopback for the dashboard in ``folder``; 0 = any port."""
    handler = type("Pages", (_Pages,), {"served": (folder.name, *SERVED[1:])})
    return _Server(
        ("127.0.0.1", port),
        functools.partial(handler, directory=str(folder.parent)),
    )


def serve_until_interrupted(folder: Path, port: int) -> None:
    """Serve, open the browser, and end with Ctrl-C."""
    with server(folder, port) as serving:
        address = f"http://127.0.0.1:{serving.server_address[1]}/{folder.name}/"
        click.echo(f"Serving it at {address}index.html (Ctrl-C ends it)")
        click.launch(f"{address}index.html")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("Ended.")
