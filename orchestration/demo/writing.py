"""Puts simulated rows into documents: encoding, line ends, appended block by block."""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from orchestration.demo.documents import Document
from orchestration.demo.layouts import HEADERS
from orchestration.demo.operation_layouts import OPERATIONS
from orchestration.demo.structured import ENVELOPES, body_path, compose


def encode(text: str, encoding: str, newline: str = "\n") -> bytes:
    """Return the bytes of whole lines as a document has them.

    In a ``mixed`` document some lines are UTF-8 and the others Windows-1252; which is
    which follows from the line itself, so it does not depend on the block it came in.
    """
    if newline != "\n":
        text = text.replace("\n", newline)
    if encoding == "mixed":
        lines = text.splitlines(keepends=True)
        return b"".join(line.encode(_line_encoding(line)) for line in lines)
    return text.encode("utf-8" if encoding == "utf-8-sig" else encoding)


def _line_encoding(line: str) -> str:
    return "utf-8" if crc32(line.encode()) % 2 else "cp1252"


def header_line(document: Document) -> str:
    """Return the header row of a document's layout."""
    if document.layout == "prime":
        return ",".join(HEADERS["mfn+item"]) + "\n"
    if document.layout in OPERATIONS:
        return ",".join(OPERATIONS[document.layout]) + "\n"
    return "\t".join(HEADERS[document.layout]) + "\n"


@dataclass
class Written:
    """What a document holds so far: rows, and the sum of its amounts in small coin."""

    rows: int = 0
    amount: int = 0


class Inbox:
    """The documents of the inbox while they grow.

    A settlement begins with its own total, so its rows wait in ``scratch``; every other
    document is written in place.
    """

    def __init__(
        self, root: Path, scratch: Path, documents: Sequence[Document]
    ) -> None:
        self.root, self.scratch = root, scratch
        self.documents = documents
        self.written = [Written() for _ in documents]
        self._bodies = [
            scratch / f"{number}.body"
            if document.settlement_id
            else root / document.path
            for number, document in enumerate(documents)
        ]
        for number, document in enumerate(documents):
            (root / document.path).parent.mkdir(parents=True, exist_ok=True)
            if document.settlement_id:
                self._bodies[number].touch()
            elif document.layout not in ENVELOPES:
                self._bodies[number].write_bytes(heading(document))

    def append(
        self,
        number: int,
        rows: int,
        amount: int,
        text: str,
        list_name: str | None = None,
    ) -> None:
        """Add whole lines to a document, or to a list of one that is no table."""
        document = self.documents[number]
        body = self._bodies[number]
        if list_name:
            body = body_path(self.scratch, number, list_name)
        with body.open("ab") as file:
            file.write(encode(text, document.encoding, document.newline))
        self.written[number].rows += rows
        self.written[number].amount += amount

    def complete(self, number: int, before: str, after: str) -> None:
        """Put a settlement together: header, what comes first, its rows, the rest."""
        document = self.documents[number]
        with (self.root / document.path).open("wb") as target:
            target.write(heading(document) + encode(before, document.encoding))
            with self._bodies[number].open("rb") as body:
                shutil.copyfileobj(body, target, 1 << 20)
            target.write(encode(after, document.encoding))
        self._bodies[number].unlink()

    def compose(self) -> None:
        """Put the documents together that are no tables."""
        for number, document in enumerate(self.documents):
            if envelope := ENVELOPES.get(document.layout):
                compose(self.root / document.path, self.scratch, number, envelope)


def heading(document: Document) -> bytes:
    """Return a document's first bytes: the mark, if it has one, and the header."""
    mark = codecs.BOM_UTF8 if document.encoding == "utf-8-sig" else b""
    return mark + encode(header_line(document), document.encoding, document.newline)
