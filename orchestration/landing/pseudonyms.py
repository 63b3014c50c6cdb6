"""People as pseudonyms: who did it stays comparable, who it is stays outside.

A name or an e-mail address becomes ``p-`` and 12 hexadecimal digits of an HMAC-SHA-256
under a key that only this home knows. Nobody can try names against it without the key,
and the same person is the same pseudonym in every export of the home. Ids that are
pseudonyms already are treated alike: whether they are is not ours to say.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from hashlib import sha256

import duckdb

from orchestration.files import sync
from orchestration.landing.errors import HomeError
from orchestration.settings import Home, pseudonym_key_from_environment

BLOCK = 64
KEY_BYTES = 32
# Variables of the connection, so that no query over data, and no message about one,
# shows a key.
INNER, OUTER = "pseudonym_inner", "pseudonym_outer"
VARIABLE = "RETURNS_PSEUDONYM_KEY"


def use_key(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Let the queries of ``connection`` make pseudonyms with the key of ``home``.

    Raises:
        HomeError: The key cannot be had, or is not the one used before.
    """
    key = home_key(home)
    for name, byte in ((INNER, 0x36), (OUTER, 0x5C)):
        pad = bytes(item ^ byte for item in key.ljust(BLOCK, b"\0"))
        # A parameter instead would make DuckDB import pandas, a third of a second.
        connection.execute(f"set variable {name} = unhex('{pad.hex()}')")


def pseudonym(expression: str) -> str:
    """Return SQL for the pseudonym of the person that a text names.

    Letter case, runs of blanks and the name before an address in angle brackets make
    no other person; two ways of writing a name do.
    """
    address = rf"regexp_extract({expression}, '<\s*([^<>\s]+@[^<>\s]+)\s*>', 1)"
    named = f"coalesce(nullif({address}, ''), {expression})"
    plain = f"regexp_replace(nfc_normalize({named}), '\\s+', ' ', 'g')"
    person = f"encode(lower(trim(replace({plain}, 'mailto:', ''))))"
    inner = f"unhex(sha256(getvariable('{INNER}') || {person}))"
    return f"'p-' || left(sha256(getvariable('{OUTER}') || {inner}), 12)"


def home_key(home: Home) -> bytes:
    """Return the key of a home, made at its first use unless the environment has one.

    Raises:
        HomeError: The key has not the right form, or is not the one used before.
    """
    stated = pseudonym_key_from_environment()
    if stated is not None:
        key = _from_hex(stated, VARIABLE)
    elif home.pseudonym_key.exists():
        text = home.pseudonym_key.read_text(encoding="ascii", errors="replace")
        key = _from_hex(text, str(home.pseudonym_key))
    elif home.pseudonym_check.exists():
        raise HomeError(
            f"The people of {home.root} have pseudonyms of a key that is not here. Set "
            f"{VARIABLE} to it, as in the runs before."
        )
    else:
        key = secrets.token_bytes(KEY_BYTES)
        _write_once(home, key)
    _demand_same(home, key)
    return key


def _from_hex(text: str, place: str) -> bytes:
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}", text.strip()):
        raise HomeError(
            f"{place} holds no key: it must be {2 * KEY_BYTES} hexadecimal digits, as "
            "`openssl rand -hex 32` prints them."
        )
    return bytes.fromhex(text.strip())


def _write_once(home: Home, key: bytes) -> None:
    home.root.mkdir(parents=True, exist_ok=True)
    aside = home.pseudonym_key.with_suffix(".new")
    aside.unlink(missing_ok=True)
    # Nobody else on the machine may read it, not even for a moment.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(aside, flags, 0o600), "w") as file:
        file.write(key.hex() + "\n")
    sync(aside)
    aside.replace(home.pseudonym_key)


def _demand_same(home: Home, key: bytes) -> None:
    """Make sure that nobody gets a second pseudonym because a key was lost or new."""
    check = hmac.new(key, b"which key is this", sha256).hexdigest()[:16]
    if not home.pseudonym_check.exists():
        home.root.mkdir(parents=True, exist_ok=True)
        home.pseudonym_check.write_text(check + "\n", encoding="ascii")
    elif home.pseudonym_check.read_text(encoding="ascii").strip() != check:
        raise HomeError(
            f"The people of {home.root} have pseudonyms of another key than this one. "
            f"Set {VARIABLE}, or unset it, as in the runs before; for new pseudonyms "
            "start with a new home."
        )
