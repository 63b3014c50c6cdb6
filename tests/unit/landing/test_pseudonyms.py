from __future__ import annotations

import hmac
import re
import stat
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.errors import HomeError
from orchestration.landing.pseudonyms import home_key, pseudonym, use_key
from orchestration.settings import Home

KEY = bytes(range(32))


def made(home: Home, *people: str) -> list[str]:
    with duckdb.connect() as connection:
        use_key(connection, home)
        query = f"select {pseudonym('x')} from (select ? as x)"
        return [connection.execute(query, [item]).fetchall()[0][0] for item in people]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_pseudonym_is_the_hmac_of_the_plain_name(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETURNS_PSEUDONYM_KEY", KEY.hex())
    expected = hmac.new(KEY, "zoë@example.com".encode(), sha256).hexdigest()[:12]
    assert made(home, "Zoë@Example.com") == [f"p-{expected}"]
    assert not home.pseudonym_key.exists()


def test_ways_of_writing_one_person_are_one_pseudonym(home: Home) -> None:
    written = ("Ana@Shop.example", " ana@shop.example", "mailto:ana@shop.example",
               "Ana Díaz <ana@shop.example>")  # fmt: skip
    assert len(set(made(home, *written))) == 1
    assert len(set(made(home, "Ana  Díaz", "ana díaz", "Ana Díaz"))) == 1
    assert len(set(made(home, "Ana Díaz", "A. Díaz", "p-0123456789ab"))) == 3


def test_a_home_keeps_its_key_and_shares_it_with_none(
    home: Home, tmp_path: Path
) -> None:
    first = made(home, "Ana")
    assert made(home, "Ana") == first
    assert re.fullmatch("p-[0-9a-f]{12}", first[0])
    assert stat.S_IMODE(home.pseudonym_key.stat().st_mode) == 0o600
    assert made(Home(tmp_path / "other"), "Ana") != first


def test_another_key_than_before_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETURNS_PSEUDONYM_KEY", KEY.hex())
    home_key(home)
    monkeypatch.setenv("RETURNS_PSEUDONYM_KEY", KEY[::-1].hex())
    with pytest.raises(HomeError, match="another key"):
        home_key(home)
    monkeypatch.delenv("RETURNS_PSEUDONYM_KEY")
    with pytest.raises(HomeError, match="key that is not here"):
        home_key(home)


@pytest.mark.parametrize("text", ["secret", "0" * 63, "g" * 64])
def test_a_key_of_another_form_is_refused_and_not_shown(
    home: Home, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("RETURNS_PSEUDONYM_KEY", text)
    with pytest.raises(HomeError, match="64 hexadecimal digits") as error:
        home_key(home)
    assert text not in str(error.value)
