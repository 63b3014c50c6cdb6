"""Decoding JSON: numbers stay as they are written, keys that come twice show."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from orchestration.landing.errors import Refusal
from orchestration.landing.structured.flattening import plain_number
from orchestration.landing.structured.records import Block, BrokenRecordError

# Of a number or an escaped sign: what may be cut where a text ends.
LONGEST_WORD = 64
WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")


def unique(pairs: list[tuple[str, Any]]) -> Block:
    """Return an object; a key that stands there twice must say the same twice."""
    block = dict(pairs)
    if len(block) != len(pairs):
        for key, value in pairs:
            if block[key] != value:
                raise BrokenRecordError(f"{_shown(key)} has two values")
    return block


def once(pairs: list[tuple[str, Any]]) -> Block:
    """Return an object; no key may stand there twice."""
    block = dict(pairs)
    if len(block) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BrokenRecordError(f"{_shown(twice)} stands there twice")
    return block


def _shown(key: str) -> str:
    # What is no name of a field may be anything, such as somebody's address.
    return f"the key {key}" if re.fullmatch(r"\w{1,40}", key) else "a key"


def _as_text(word: str) -> str:
    return word


EXACT = json.JSONDecoder(
    object_pairs_hook=unique,
    parse_float=plain_number,
    parse_int=_as_text,
    parse_constant=_as_text,
)
# What is around the records must not be said twice at all.
FRAME = json.JSONDecoder(object_pairs_hook=once, parse_int=_as_text)
# Whole pages keep their numbers: they are shown as they are.
PAGE = json.JSONDecoder(
    object_pairs_hook=unique,
    parse_float=Decimal,
    parse_int=lambda word: int(word) if len(word) < LONGEST_WORD else word,
    parse_constant=_as_text,
)
LENIENT = json.JSONDecoder(parse_float=_as_text, parse_int=_as_text)


def decoded(text: str, start: int) -> tuple[Any, int]:
    """Return the object that begins at ``start`` and where it ends.

    One that contradicts itself is returned as the error that it is.

    Raises:
        JSONDecodeError: It is no JSON, or not all of it is here.
    """
    try:
        return EXACT.raw_decode(text, start)
    except BrokenRecordError as error:
        return error, LENIENT.raw_decode(text, start)[1]


def may_go_on(text: str, error: json.JSONDecodeError) -> bool:
    """Say whether more text could mend what is wrong at the end of this one."""
    is_in_text = error.msg.startswith("Unterminated string")
    return is_in_text or error.pos > len(text) - LONGEST_WORD


def is_cut(text: str, error: json.JSONDecodeError) -> bool:
    """Say whether a text, of which there is no more, lacks its end."""
    rest = text[error.pos :].strip()
    return (
        error.msg.startswith("Unterminated string")
        or rest in ("", "-")
        or any(word.startswith(rest) for word in WORDS)
        or (error.msg.startswith("Invalid \\") and len(rest) < len(r"\u1234"))
    )


def not_utf8() -> Refusal:
    """Return the refusal of JSON in another encoding than its own."""
    return Refusal(
        "This looks like JSON but is not UTF-8 text, so it cannot be read. Download it "
        "again."
    )


def untrusted(error: BrokenRecordError) -> Refusal:
    """Return the refusal of a document that contradicts itself."""
    return Refusal(f"This JSON document cannot be trusted: {error}. Download it again.")


def no_json(line: int, fault: str = "") -> Refusal:
    """Return the refusal of a document that is no JSON."""
    why = f": {fault}" if fault else ""
    return Refusal(
        f"This looks like JSON but cannot be read (line {line}{why}). Download it "
        "again."
    )
