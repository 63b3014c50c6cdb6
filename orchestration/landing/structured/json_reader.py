"""JSON documents, record by record: of one page, of several, a page a line.

Records are found by walking what is around them and decoding each in one go, so memory
holds one record and the frame: what the document says outside its records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from orchestration.landing.errors import Refusal
from orchestration.landing.structured.json_decoding import (
    FRAME,
    decoded,
    is_cut,
    may_go_on,
    no_json,
    not_utf8,
    untrusted,
)
from orchestration.landing.structured.json_pages import after_blanks, pages_of
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
TOKEN = re.compile(r'\s*+(?:([{}\[\],:])|("(?:[^"\\]++|\\.)*+")|([^\s{}\[\],:"]++))')
WORDS = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null|NaN|-?Infinity")
# What an answer is wrapped in; the page begins below it.
WRAPPERS = (None, "payload")


@dataclass
class JsonReader:
    """Finds the records of a JSON document.

    Attributes:
        file: The document as text.
        paths: Where records stand.
        on_page: Is given what a page, or what it is wrapped in, says outside its
            records, once all of it is read; an empty object stands for all records
            that follow one another.
        opened: Number of pages and wrappers that have begun.
    """

    file: TextIO
    paths: tuple[Path, ...]
    on_page: Callable[[Block], None]
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
            self._at = after_blanks(self._text, self._at)
            if self._at < len(self._text):
                return True
            if not self._more():
                return False

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
                    self._add_record()
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
                value, self._at = decoded(self._text, start)
            except json.JSONDecodeError as error:
                start = self._read_on(start, error)
            else:
                return value

    def _read_on(self, start: int, error: json.JSONDecodeError) -> int:
        if not may_go_on(self._text, error):
            raise self._no_json(error)
        self._at = start
        if self._is_over or not self._more():
            if is_cut(self._text, error):
                raise ends_early()
            raise self._no_json(error)
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

    def _add_record(self) -> None:
        # A record after another adds nothing to the frame, so that it stays small.
        if self._frame[-2:] == ["{}", ","]:
            self._frame.pop()
        else:
            self._add("{}")

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
        if not isinstance(value, dict | list):
            raise self._no_json()
        self._frame, self._frame_size = [], 0
        for page in pages_of(value):
            self.on_page(page)

    def _key(self, word: str) -> str:
        try:
            return str(json.loads(word))
        except json.JSONDecodeError as error:
            raise self._no_json() from error

    def _no_json(self, error: json.JSONDecodeError | None = None) -> Refusal:
        line = self._line_at(error.pos if error else self._at)
        return no_json(line, error.msg if error else "")


def _below(path: Path) -> Path:
    start = 0
    while start < len(path) and path[start] in WRAPPERS:
        start += 1
    return path[start:]
