"""Which PostgreSQL is published to. Its password is in no message and no repr."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from orchestration.postgres.errors import PostgresError
from orchestration.settings import (
    postgres_role_from_environment,
    postgres_url_from_environment,
)

OLDEST_SERVER = 140000
_ATTEMPTS = 4
_FORM = "postgresql://user:password@host:5432/database"
_SQLALCHEMY = re.compile(r"^postgres(ql)?\+\w+://")
_SESSION = {
    "application_name": "returns publication",
    "client_encoding": "UTF8",
    "connect_timeout": "10",
    # Limits of the role or the database are for readers; ours are set where they count.
    # The server looks after a client that was killed within a second.
    "options": "-c statement_timeout=0 -c lock_timeout=0 -c TimeZone=UTC"
    " -c DateStyle=ISO -c idle_in_transaction_session_timeout=0"
    " -c client_connection_check_interval=1000",
}


@dataclass(frozen=True)
class Target:
    """A database, and the role that may read what is published in it."""

    role: str
    parameters: dict[str, Any] = field(repr=False)

    @property
    def place(self) -> str:
        """Server and database, as people may see it."""
        parts = self.parameters
        host, port = parts.get("host", "localhost"), parts.get("port", "5432")
        return f"{host}:{port}/{parts.get('dbname', '')}"

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        """Yield a connection that commits by itself; say plainly what goes wrong."""
        try:
            with self._connect() as connection:
                yield connection
        except psycopg.Error as error:
            raise PostgresError(
                f"PostgreSQL at {self.place} still shows what it showed:"
                f" {self.without_password(error)}"
            ) from None

    def without_password(self, error: object) -> str:
        """Return the first line of an error, the password replaced wherever it is."""
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        password = str(self.parameters.get("password") or "")
        return line.replace(password, "***") if password else line

    def _connect(self) -> psycopg.Connection:
        options = f"{_SESSION['options']} {self.parameters.get('options', '')}"
        words = {**_SESSION, **self.parameters, "options": options.strip()}
        for attempt in Retrying(
            # A server that restarts refuses for a while; a wrong password stays wrong.
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.5, max=4),
            reraise=True,
        ):
            with attempt:
                connection = psycopg.connect(autocommit=True, **words)
        if connection.info.server_version < OLDEST_SERVER:
            connection.close()
            raise PostgresError(
                f"PostgreSQL at {self.place} is older than {OLDEST_SERVER // 10000}."
            )
        return connection


def target_from(url: str, role: str) -> Target:
    """Return the target that a URL names.

    Raises:
        PostgresError: the URL cannot be understood; it is not repeated.
    """
    # A password with a bare @ or / in it would end up in the host, the port or the
    # name of the database, and from there in messages.
    try:
        parameters = conninfo_to_dict(_SQLALCHEMY.sub("postgresql://", url))
    except psycopg.Error:
        parameters = {}
    named = [str(parameters.get(part, "")) for part in ("host", "dbname", "user")]
    port = str(parameters.get("port", "5432"))
    if not named[1] or any("@" in name for name in named) or not port.isdigit():
        raise PostgresError(
            f"RETURNS_POSTGRES_URL is not of the form {_FORM}; write other characters"
            " than letters and digits in the password as %40 for @, %2F for /."
        ) from None
    return Target(role, dict(parameters))


def demanded_target() -> Target:
    """Return the target named by the environment.

    Raises:
        PostgresError: none is named, or not so that it can be understood.
    """
    url = postgres_url_from_environment()
    if url is None:
        raise PostgresError("RETURNS_POSTGRES_URL does not name a database.")
    return target_from(url, postgres_role_from_environment())


def _passes(error: BaseException) -> bool:
    """Return whether a failed connection may succeed a moment later."""
    text = str(error)
    known = ("starting up", "shutting down", "Connection refused", "too many clients")
    return isinstance(error, psycopg.OperationalError) and any(
        part in text for part in known
    )
