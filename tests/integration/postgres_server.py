"""A real PostgreSQL for tests: started on a free port of loopback, gone afterwards.

``postgres_server`` is the fixture; ``running_server`` is for whatever needs a server of
its own. Skipped, with the reason, where PostgreSQL is not installed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

# Debian keeps the server's programs off PATH, in a folder a version.
_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/bin")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "shared_buffers": "128MB",
}
_ATTEMPTS = 5


@dataclass(frozen=True)
class Server:
    """A running server. Its owner is a superuser with a password."""

    port: int
    folder: Path
    user: str = "owner"
    password: str = field(default_factory=lambda: f"secret-{uuid4().hex}")

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database, password included."""
        place = f"127.0.0.1:{self.port}/{database}"
        return f"postgresql://{self.user}:{self.password}@{place}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            create = sql.SQL("create database {} template template0 encoding 'UTF8'")
            connection.execute(create.format(sql.Identifier(name)))
        return self.url(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server for the whole session; each test makes itself a database in it."""
    with running_server() as server:
        yield server


@pytest.fixture
def database(postgres_server: Server) -> str:
    """The address of a new and empty database."""
    return postgres_server.new_database()


@contextmanager
def running_server(**settings: str) -> Iterator[Server]:
    """Run a server while the block runs; skip the test where there is none to run.

    Args:
        settings: of the server, in place of those that make tests fast.
    """
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="returns-postgres-"))
    try:
        _give_away(folder)
        server = _started(programs, folder, {**_SETTINGS, **settings})
        try:
            yield server
        finally:
            _as_owner(programs / "pg_ctl", "stop", "-w", "-m", "fast", "-D", folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).resolve().parent
    root = Path(Path.cwd().anchor)
    found = [path for place in _PLACES for path in root.glob(f"{place}/initdb")]
    return max(found).parent if found else None


def _started(programs: Path, folder: Path, settings: dict[str, str]) -> Server:
    server = Server(0, folder)
    secret = folder.with_name(folder.name + ".password")
    secret.write_text(server.password, encoding="utf-8")
    _give_away(secret)
    who = ("--username", server.user, "--pwfile", secret, "--auth", "scram-sha-256")
    what = ("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    try:
        _as_owner(programs / "initdb", "-D", folder, *who, *what)
    finally:
        secret.unlink()
    for attempt in range(_ATTEMPTS):
        # Between asking for a free port and taking it, somebody else may take it.
        port = _free_port()
        words = [f"-c {name}='{value}'" for name, value in settings.items()]
        options = " ".join([*words, f"-p {port}"])
        start = ("start", "-w", "-t", "60", "-D", folder, "-l", folder / "log")
        try:
            _as_owner(programs / "pg_ctl", *start, "-o", options)
        except subprocess.CalledProcessError as error:
            if attempt == _ATTEMPTS - 1:
                log = (folder / "log").read_text(encoding="utf-8")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
        else:
            return Server(port, folder, server.user, server.password)
    raise AssertionError("not reached")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _owner() -> pwd.struct_passwd | None:
    """Return whom the server runs as: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _give_away(path: Path) -> None:
    owner = _owner()
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _as_owner(*words: str | Path) -> None:
    owner = _owner()
    subprocess.run(
        words,
        check=True,
        # Not to a pipe: the server inherits it and would keep it open.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
