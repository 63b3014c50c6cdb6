"""JSON documents, record by record: of one page, of several, a page a line.

Records are found by walking what is around them and decoding each in one go, so memory
holds one record and the frame: what the document says outside its records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TextIO

from orchestration.landing.errors import Refusal
from orchestration.landing.structured.flattening import plain_number
from orchestration.landing.structured.limits import (
    DEEPEST,
    LONGEST_FRAME,
    LONGEST_RECORD,
    ends_early,
    too_deep,
    too_large,
)
from orchestration.landing.structured.records import (
    Block,
    BrokenRecordError,
    Path,
)

BLOCK = 1 << 20
# Of a number or an escaped sign: what may be cut where reading stopped.
LONGEST_WORD = 64
TOKEN = re.compile(r'\s*+(?:([{}\[\],:])|("(?:[^"\\]++|\\.)*+")|([^\s{}\[\],:"]++))')
WORDS = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null|NaN|-?Infinity")
# What an answer is wrapped in; the page begins below it.
WRAPPERS = (None, "payload")


def unique(pairs: list[tuple[str, Any]]) -> Block:
    """Return an object; a key that stands there twice must say the same twice."""
    block = dict(pairs)
    if len(block) != len(pairs):
        for key, value in pairs:
            if block[key] != value:
                raise BrokenRecordError(f"the key {key[:40]} has two values")
    return block


def once(pairs: list[tuple[str, Any]]) -> Block:
    """Return an object; no key may stand there twice."""
    block = dict(pairs)
    if len(block) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BrokenRecordError(f"the key {twice[:40]} stands there twice")
    return block


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
NO_BLANK = re.compile(r"\S")
LENIENT = json.JSONDecoder(parse_float=_as_text, parse_int=_as_text)


@dataclass
class JsonReader:
    """Finds the records of a JSON document.

    Attributes:
        file: The document as text.
        paths: Where records stand; empty if whole pages are asked for.
        pages: What each page says outside its records, once all is read.
    """

    file: TextIO
    paths: tuple[Path, ...]
    pages: list[Block] = field(default_factory=list)
    opened: int = 0
    _text: str = ""
    _at: int = 0
    _line: int = 1
    _counted: int = 0
    _is_over: bool = False
    _frame: list[str] = field(default_factory=list)
    _frame_size: int = 0

    def __iter__(self) -> Iterator[tuple[Path, int, Any]]:
        """Yield path, line and value of every record.

        Raises:
            Refusal: It is no JSON, ends early, or exceeds a limit.
        """
        try:
            while self._has_more():
                yield from self._value()
                self._end_of_value()
        except UnicodeDecodeError as error:
            raise not_utf8() from error
        except RecursionError as error:
            raise too_deep() from error

    def _has_more(self) -> bool:
        while True:
            rest = self._text[self._at :].lstrip()
            if rest or not self._more():
                self._at = len(self._text) - len(rest)
                return bool(rest)

    def _value(self) -> Iterator[tuple[Path, int, Any]]:
        """Walk one top-level value and yield its records."""
        keys: list[str | None] = []
        brackets: list[str] = []
        word = ""
        while True:
            mark = self._token()
            if mark in "{[":
                path = tuple(keys)
                if mark == "{" and self._is_record(path):
                    line = self._line_at(self._at - 1)
                    yield _below(path), line, self._decode(self._at - 1)
                    self._add("{}")
                    continue
                self.opened += mark == "{" and not _below(path)
                brackets.append("}" if mark == "{" else "]")
                keys.append(None)
                if len(keys) > DEEPEST:
                    raise too_deep()
            elif mark in "}]":
                if not brackets or brackets.pop() != mark:
                    raise self._no_json()
                keys.pop()
            elif mark == ":" and keys:
                keys[-1] = self._key(word)
            elif mark == "," and brackets and brackets[-1] == "]":
                keys[-1] = None
            word = mark
            self._add(mark)
            if not brackets:
                return

    def _is_record(self, path: Path) -> bool:
        below = _below(path)
        return any(
            len(below) == len(known)
            and all(k in ("*", b) for k, b in zip(known, below, strict=True))
            for known in self.paths
        )

    def _token(self) -> str:
        while True:
            found = TOKEN.match(self._text, self._at)
            # A word that touches the end of what is read may go on.
            if found and (found[1] or found[2] or found.end() < len(self._text)):
                break
            if not self._more():
                # Nothing is left, or the beginning of a text or of a word.
                raise ends_early()
        self._at = found.end()
        word = found[1] or found[2] or found[3]
        if found[3] and not WORDS.fullmatch(word):
            raise self._no_json()
        return str(word)

    def _decode(self, start: int) -> Any:
        """Return the object that begins at ``start``, reading on as far as it goes."""
        while True:
            try:
                value, self._at = _decoded(self._text, start)
            except json.JSONDecodeError as error:
                start = self._read_on(start, error)
            else:
                return value

    def _read_on(self, start: int, error: json.JSONDecodeError) -> int:
        if not _is_cut(self._text, error):
            raise self._no_json(error)
        self._at = start
        if self._is_over or not self._more():
            raise ends_early()
        return self._at

    def _more(self) -> bool:
        """Read on; what lies before the present place is forgotten."""
        if len(self._text) - self._at > LONGEST_RECORD:
            raise too_large("a value")
        self._line_at(self._at)
        # As much again as is held, so that a large record is not begun too often.
        block = self.file.read(max(BLOCK, len(self._text) - self._at))
        self._is_over = not block
        if block:
            self._text = self._text[self._at :] + block
            self._at = self._counted = 0
        return bool(block)

    def _line_at(self, place: int) -> int:
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line

    def _add(self, mark: str) -> None:
        self._frame.append(mark)
        self._frame_size += len(mark)
        if self._frame_size > LONGEST_FRAME:
            raise too_large("a frame")

    def _end_of_value(self) -> None:
        """Check the frame as JSON: what was decoded on the way is an object in it."""
        try:
            value = FRAME.decode(" ".join(self._frame))
        except json.JSONDecodeError as error:
            raise self._no_json() from error
        except BrokenRecordError as error:
            raise untrusted(error) from error
        self._frame, self._frame_size = [], 0
        self.pages += pages_of(value)

    def _key(self, word: str) -> str:
        try:
            return str(json.loads(word))
        except json.JSONDecodeError as error:
            raise self._no_json() from error

    def _no_json(self, error: json.JSONDecodeError | None = None) -> Refusal:
        line = self._line_at(error.pos if error else self._at)
        return no_json(line, error.msg if error else "")


def _decoded(text: str, start: int) -> tuple[Any, int]:
    try:
        return EXACT.raw_decode(text, start)
    except BrokenRecordError as error:
        return error, LENIENT.raw_decode(text, start)[1]


def _below(path: Path) -> Path:
    start = 0
    while start < len(path) and path[start] in WRAPPERS:
        start += 1
    return path[start:]


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
        text = file.read(LONGEST_FRAME + 1)
        if len(text) > LONGEST_FRAME:
            raise too_large("a page")
        return list(_whole_pages(text))
    except UnicodeDecodeError as error:
        raise not_utf8() from error
    except RecursionError as error:
        raise too_deep() from error


def _whole_pages(text: str) -> Iterator[tuple[int, Block]]:
    at, end, line = _after_blanks(text, 0), 0, 1
    while at < len(text):
        line += text.count("\n", end, at)
        try:
            value, end = PAGE.raw_decode(text, at)
        except BrokenRecordError as error:
            raise untrusted(error) from error
        except json.JSONDecodeError as error:
            if _is_cut(text, error):
                raise ends_early() from error
            raise no_json(error.lineno, error.msg) from error
        yield from ((line, page) for page in pages_of(value) if not _wraps(page))
        line += text.count("\n", at, end)
        at = _after_blanks(text, end)


def _after_blanks(text: str, at: int) -> int:
    found = NO_BLANK.search(text, at)
    return found.start() if found else len(text)


def _wraps(page: Block) -> bool:
    return isinstance(page.get("payload"), dict | list)


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    is_in_text = error.msg.startswith("Unterminated string")
    return is_in_text or error.pos > len(text) - LONGEST_WORD


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
