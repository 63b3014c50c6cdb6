"""Loads the assets into a running Superset through its REST API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import requests

from orchestration.errors import ReturnsError
from orchestration.superset.bundle import DATABASE, zipped

_PATIENCE_SECONDS = 120


class SupersetError(ReturnsError):
    """Superset did not do what was asked; the text says what it answered."""


@dataclass(frozen=True)
class Superset:
    """A Superset and who may change it. The password is in no text of this object."""

    url: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Superset({self.url!r}, {self.user!r})"


def masked(database_url: str) -> tuple[str, str | None]:
    """Return an address without its password, and the password.

    Superset takes the two apart: files that are shown or kept hold the first alone.
    """
    parts = urlsplit(database_url)
    if parts.password is None:
        return database_url, None
    who, _, where = parts.netloc.rpartition("@")
    hidden = f"{who.partition(':')[0]}:XXXXXXXXXX@{where}"
    return urlunsplit(parts._replace(netloc=hidden)), unquote(parts.password)


def load(superset: Superset, files: dict[str, str], password: str | None) -> None:
    """Import ``files``, changing what an earlier import left.

    Args:
        superset: where to, and as whom.
        files: the assets by their paths.
        password: with which Superset signs in to the database.

    Raises:
        SupersetError: Superset is not there or refuses.
    """
    base = superset.url.rstrip("/")
    session = requests.Session()
    token = _asked(
        session,
        "post",
        f"{base}/api/v1/security/login",
        json={
            "username": superset.user,
            "password": superset.password,
            "provider": "db",
            "refresh": False,
        },
    )["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    csrf = _asked(session, "get", f"{base}/api/v1/security/csrf_token/")["result"]
    # Superset drops the archive's folder from the paths.
    secrets = {DATABASE: password} if password else {}
    _asked(
        session,
        "post",
        f"{base}/api/v1/assets/import/",
        headers={"X-CSRFToken": csrf, "Referer": base},
        files={"bundle": ("returns.zip", zipped(files), "application/zip")},
        data={"passwords": json.dumps(secrets)},
    )


def _asked(
    session: requests.Session, method: str, url: str, **words: Any
) -> dict[str, Any]:
    try:
        answer = session.request(method, url, timeout=_PATIENCE_SECONDS, **words)
    except requests.RequestException as error:
        # The library's own text names the address only, never what was sent.
        raise SupersetError(f"No answer from {url}: {type(error).__name__}.") from error
    if not answer.ok:
        raise SupersetError(f"{url} answered {answer.status_code}: {_reason(answer)}")
    found: dict[str, Any] = answer.json()
    return found


def _reason(answer: requests.Response) -> str:
    """Return why Superset refused, as far as it says so."""
    try:
        told = answer.json()
    except ValueError:
        return answer.text[:300]
    errors = told.get("errors")
    return json.dumps(errors or told.get("message") or told, ensure_ascii=False)[:2000]
