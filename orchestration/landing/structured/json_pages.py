"""JSON documents as whole pages: small ones, of which all is looked at together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TextIO

from orchestration.landing.structured.json_decoding import (
    PAGE,
    is_cut,
    no_json,
    not_utf8,
    untrusted,
)
from orchestration.landing.structured.limits import (
    LONGEST_RECORD,
    ends_early,
    too_deep,
    too_large,
)
from orchestration.landing.structured.records import Block, BrokenRecordError

NO_BLANK = re.compile(r"\S")


def pages_of(value: object) -> list[Block]:
    """Return the objects that may be pages, in the order in which they begin."""
    if isinstance(value, list):
        return [page for item in value for page in pages_of(item)]
    if not isinstance(value, dict):
        return []
    return [value, *pages_of(value.get("payload"))]


def whole_pages(file: TextIO) -> list[tuple[int, Block]]:
    """Return the pages of a small document, each with the line on which it begins.

    Raises:
        Refusal: It is no JSON, ends early, or is no small document.
    """
    try:
        text = file.read(LONGEST_RECORD + 1)
        if len(text) > LONGEST_RECORD:
            raise too_large("a page")
        return list(_whole_pages(text))
    except UnicodeDecodeError as error:
        raise not_utf8() from error
    except RecursionError as error:
        raise too_deep() from error


def _whole_pages(text: str) -> Iterator[tuple[int, Block]]:
    at, end, line = after_blanks(text, 0), 0, 1
    while at < len(text):
        line += text.count("\n", end, at)
        try:
            value, end = PAGE.raw_decode(text, at)
        except BrokenRecordError as error:
            raise untrusted(error) from error
        except json.JSONDecodeError as error:
            if is_cut(text, error):
                raise ends_early() from error
            raise no_json(error.lineno, error.msg) from error
        yield from ((line, page) for page in pages_of(value) if not wraps(page))
        line += text.count("\n", at, end)
        at = after_blanks(text, end)


def after_blanks(text: str, at: int) -> int:
    """Return where the first sign that is no blank stands, at or after a place."""
    found = NO_BLANK.search(text, at)
    return found.start() if found else len(text)


def wraps(page: Block) -> bool:
    """Say whether the page is only a wrapper around others."""
    return isinstance(page.get("payload"), dict | list)
