"""XML documents, record by record, by the parser of the standard library.

Nothing is ever fetched or expanded: a document that declares a type, and with it
entities, is refused at the declaration. Memory holds one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


class XmlReader:
    """Collects the records of an XML document while its parts are fed.

    Attributes:
        names: Names of the open elements outside the records.
        declares_type: Whether a document type has been declared.
    """

    def __init__(
        self,
        is_record: Callable[[list[str]], bool],
        on_start: Callable[[list[str]], None] | None = None,
        lines_before: int = 0,
    ) -> None:
        """Make a reader.

        Args:
            is_record: Says whether an element, by the names down to it, is a record.
            on_start: Is told of every element outside the records.
            lines_before: Lines of the document before the first part that is fed.
        """
        self._is_record, self._on_start = is_record, on_start
        self._lines_before = lines_before
        self.names: list[str] = []
        self.declares_type = False
        self._found: list[tuple[tuple[str, ...], Element]] = []
        # The open elements of a record that have elements in them, and the innermost
        # one as long as nothing is known of it but its start.
        self._open: list[Element] = []
        self._open_names: list[str] = []
        self._leaf: str | None = None
        self._leaf_line = 0
        self._leaf_attributes: dict[str, str] = {}
        self._texts: list[str] = []
        self._text_size = self._elements = self._fed = 0
        # A document that has passed for UTF-8 is, whatever it declares.
        # The parser never forgets a name: here is how many there are.
        self._known_names: dict[str, str] = {}
        self._parser = expat.ParserCreate("utf-8", None, self._known_names)
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._outside()

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
                f"This looks like XML but cannot be read "
                f"(line {error.lineno + self._lines_before}: "
                f"{expat.errors.messages[error.code]}). Download it again."
            ) from error
        self._fed += len(data)
        # A tag that does not end is kept by the parser until it does.
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TEXT + BLOCK:
            raise too_large("a tag or text")
        if len(self._known_names) > MOST_ELEMENTS:
            raise too_large("a number of names")

    def take(self) -> Iterator[tuple[tuple[str, ...], Element]]:
        """Yield the records that are whole by now, and forget them."""
        yield from self._found
        self._found.clear()

    def _outside(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        names = self.names
        names.append(name.rpartition(":")[2])
        if len(names) > DEEPEST:
            raise too_deep()
        if self._on_start:
            self._on_start(names)
        if self._is_record(names):
            self._elements = self._text_size = 0
            self._parser.StartElementHandler = self._start_inside
            self._parser.EndElementHandler = self._end_inside
            self._parser.CharacterDataHandler = self._characters
            self._start_inside(name, attributes)

    def _end(self, _name: str) -> None:
        self.names.pop()

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise too_large("a record")
        if self._leaf is not None:
            self._deepen()
        self._texts.clear()
        self._leaf = name
        self._leaf_line = self._parser.CurrentLineNumber
        if attributes:
            self._leaf_attributes = attributes

    def _characters(self, text: str) -> None:
        self._texts.append(text)
        self._text_size += len(text)
        if self._text_size > LONGEST_RECORD:
            raise too_large("a record")

    def _end_inside(self, name: str) -> None:
        if self._leaf is None or not self._open:
            self._end_block()
            return
        text = "".join(self._texts).strip()
        if len(text) > LONGEST_TEXT:
            raise too_large("a text")
        if self._leaf_attributes or ":" in name:
            name = self._named(self._open[-1], name)
        block = self._open[-1]
        if name in block:
            _add(block, name, text)
        else:
            block[name] = text
        self._leaf = None
        self._texts.clear()

    def _named(self, block: Element, name: str) -> str:
        """Note an element's attributes beside it; return its name without prefix."""
        name = name.rpartition(":")[2]
        for key, value in self._leaf_attributes.items():
            # What begins with xml tells of the document, not of the record.
            if not key.startswith("xml") and ":" not in key:
                _add(block, f"{name}@{key}", value)
        self._leaf_attributes = {}
        return name

    def _deepen(self) -> None:
        """Open the element that was taken for a leaf: there is another in it."""
        if len(self._open) >= DEEPEST:
            raise too_deep()
        element = Element(self._leaf_line + self._lines_before)
        name = str(self._leaf)
        self._open_names.append(self._named(element, name).rpartition(":")[2])
        self._open.append(element)
        self._leaf = None

    def _end_block(self) -> None:
        if self._leaf is not None:
            self._deepen()
            if text := "".join(self._texts).strip():
                self._open[-1][TEXT] = text
        element, name = self._open.pop(), self._open_names.pop()
        self._texts.clear()
        if self._open:
            _add(self._open[-1], name, element)
            return
        self._found.append((tuple(self.names), element))
        self.names.pop()
        self._outside()

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
