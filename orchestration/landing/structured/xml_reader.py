"""XML documents, record by record, by the parser of the standard library.

Nothing is ever fetched or expanded: a document that declares a type, and with it
entities, is refused at the declaration. Memory holds one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from orchestration.landing.errors import Refusal
from orchestration.landing.structured.limits import (
    DEEPEST,
    LONGEST_RECORD,
    LONGEST_TEXT,
    MOST_ELEMENTS,
    ends_early,
    too_deep,
    too_large,
)
from orchestration.landing.structured.records import Element

BLOCK = 1 << 18
# Where the text of an element that is a record itself stands.
TEXT = "#text"
# What expat says where only the end is missing.
CUT = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    }
)


@dataclass
class XmlReader:
    """Collects the records of an XML document while its parts are fed.

    Attributes:
        is_record: Says whether an element, by the names down to it, is a record.
        on_start: Is told of every element by the names down to it.
        found: Records that are whole, each with its path.
        declares_type: Whether a document type has been declared.
    """

    is_record: Callable[[list[str]], bool]
    on_start: Callable[[list[str]], None] | None = None
    found: list[tuple[tuple[str, ...], Element]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    declares_type: bool = False
    _open: list[Element] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _text_size: int = 0
    _size: int = 0
    _elements: int = 0

    def __post_init__(self) -> None:
        # A document that has passed for UTF-8 is, whatever it declares.
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser
        self._fed = 0

    def feed(self, data: bytes, *, is_last: bool = False) -> None:
        """Parse one more part.

        Raises:
            Refusal: It is no XML, ends early, or exceeds a limit.
        """
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            if is_last and error.code in CUT:
                raise ends_early() from error
            raise Refusal(
                f"This looks like XML but cannot be read (line {error.lineno}: "
                f"{expat.errors.messages[error.code]}). Download it again."
            ) from error
        self._fed += len(data)
        # A tag that does not end is kept by the parser until it does.
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TEXT + BLOCK:
            raise too_large("a tag or text")

    def take(self) -> Iterator[tuple[tuple[str, ...], Element]]:
        """Yield the records that are whole by now, and forget them."""
        yield from self.found
        self.found.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        names = self.names
        names.append(local)
        if len(names) > DEEPEST:
            raise too_deep()
        if self.on_start:
            self.on_start(names)
        if self._open:
            self._elements += 1
            if self._elements > MOST_ELEMENTS:
                raise too_large("a record")
        elif self.is_record(names):
            self._elements = self._size = 0
            self._parser.CharacterDataHandler = self._characters
        else:
            return
        self._texts.clear()
        self._text_size = 0
        element = Element()
        element.line = self._parser.CurrentLineNumber
        if attributes:
            self._keep(element, attributes)
        self._open.append(element)

    def _keep(self, element: Element, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            # What begins with xml tells of the document, not of the record.
            if not name.startswith("xml") and ":" not in name:
                element[f"@{name}"] = value

    def _characters(self, text: str) -> None:
        self._texts.append(text)
        self._text_size += len(text)
        self._size += len(text)
        if self._text_size > LONGEST_TEXT:
            raise too_large("a text")
        if self._size > LONGEST_RECORD:
            raise too_large("a record")

    def _end(self, _name: str) -> None:
        if self._open:
            self._close(self._open.pop(), self.names[-1])
        self.names.pop()

    def _close(self, element: Element, name: str) -> None:
        is_leaf = all(key.startswith("@") for key in element)
        text = "".join(self._texts).strip() if is_leaf else ""
        self._texts.clear()
        self._text_size = 0
        if not self._open:
            if is_leaf and text:
                element[TEXT] = text
            self.found.append((tuple(self.names), element))
            self._parser.CharacterDataHandler = None
        elif is_leaf:
            for key, value in element.items():
                _add(self._open[-1], name + key, value)
            _add(self._open[-1], name, text)
        else:
            _add(self._open[-1], name, element)

    def _doctype(self, *_: object) -> None:
        self.declares_type = True
        raise Refusal(
            "This XML document declares a document type, as no report does: it may be "
            "a web page, or made to do harm. Download the report again."
        )


def _add(block: Element, name: str, value: Any) -> None:
    if name not in block:
        block[name] = value
    elif isinstance(block[name], list):
        block[name].append(value)
    else:
        block[name] = [block[name], value]


def head_names(head: bytes, depth: int) -> list[str]:
    """Return what a document's first bytes name: its elements down to a depth.

    The text of ``MessageType`` counts as a name: it is one. A head that is no XML has
    the names that stand before the fault; what is wrong shows when all is read.

    Raises:
        Refusal: It declares a document type.
    """
    names: list[str] = []

    def note(path: list[str]) -> None:
        if len(path) <= depth:
            names.append(path[-1])

    reader = XmlReader(lambda path: path[-1] == "MessageType", on_start=note)
    try:
        reader.feed(head.lstrip())
    except Refusal:
        if reader.declares_type:
            raise
    return names + [str(element.get(TEXT)) for _, element in reader.take()]
