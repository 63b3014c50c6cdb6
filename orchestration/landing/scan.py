"""One pass over a document's bytes: its hash, its lines, what its text is like."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from orchestration.landing.documents import Document, open_document, readable
from orchestration.landing.errors import Refusal

BLOCK = 1 << 20
EDGE = 1 << 16
# An archive may say little and unpack to a full disk. Reports compress 5 to 40 times.
BOMB_BYTES = 1 << 30
BOMB_RATIO = 200


@dataclass
class Scan:
    """What one pass over the bytes found.

    Attributes:
        source: File that holds the document's bytes: itself, or its unpacked copy.
        sha256: Hash of the document's bytes (unpacked).
        size: Number of those bytes.
        head: The first 64 KiB.
        tail: The last 64 KiB.
        newlines: Line feeds.
        returns: Carriage returns.
        pairs: Carriage returns directly before a line feed.
        has_nul: Whether a NUL byte occurs.
        is_utf8: Whether the whole document is strict UTF-8.
        is_ascii: Whether every byte is ASCII.
        has_at: Whether an at sign occurs, as ASCII writes it.
        state: Fingerprint of the inbox file when it was read.
    """

    source: Path
    sha256: str = ""
    size: int = 0
    head: bytes = b""
    tail: bytes = b""
    newlines: int = 0
    returns: int = 0
    pairs: int = 0
    has_nul: bool = False
    is_utf8: bool = True
    is_ascii: bool = True
    has_at: bool = False
    state: tuple[int, int, int] = (0, 0, 0)
    _decoder: codecs.IncrementalDecoder | None = field(default=None, repr=False)

    @property
    def separator(self) -> bytes:
        """The byte that ends a line: a lone carriage return only if nothing else."""
        return b"\r" if self.returns and not self.newlines else b"\n"

    @property
    def lines(self) -> int:
        """Number of lines, the last one also when nothing ends it."""
        ends = self.newlines if self.separator == b"\n" else self.returns
        return ends + (0 if self.tail.endswith(self.separator) or not self.size else 1)

    @property
    def trailing_blank_lines(self) -> int:
        """Blank lines at the end of the document."""
        rest = self.tail[len(self.tail.rstrip(b"\r\n ")) :]
        ends = rest.count(self.separator)
        if not ends:
            return 0
        return ends - 1 + (0 if rest.endswith(self.separator) else 1)

    def take(self, block: bytes) -> None:
        """Count one more block of the document."""
        if len(self.head) < EDGE:
            self.head += block[: EDGE - len(self.head)]
        self.size += len(block)
        self.newlines += block.count(b"\n")
        returns = block.count(b"\r")
        if returns or self.tail.endswith(b"\r"):
            self.returns += returns
            self.pairs += block.count(b"\r\n")
            self.pairs += self.tail.endswith(b"\r") and block.startswith(b"\n")
        self.has_nul = self.has_nul or b"\0" in block
        self.is_ascii = self.is_ascii and block.isascii()
        self.has_at = self.has_at or b"@" in block
        self.tail = (self.tail + block[-EDGE:])[-EDGE:]
        if self.is_utf8:
            self._decode(block)

    def finish(self) -> None:
        """Say that no block follows: a character cut off at the end is no UTF-8."""
        if self.is_utf8:
            self._decode(b"", final=True)

    def _decode(self, block: bytes, *, final: bool = False) -> None:
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError:
            self.is_utf8 = False


def scan_document(document: Document, spool: Path) -> Scan:
    """Read a document once, unpacking it to ``spool`` where it is compressed.

    Raises:
        Refusal: The archive is damaged, unpacks to absurd size, or the file changed
            while it was read.
    """
    with readable(document.path, document.label):
        before = fingerprint(document.path)
    plain = document.container == "plain" and _has_text_name(document.path)
    scan = Scan(document.path if plain else spool)
    with open_document(document) as file:
        if plain:
            digest = _read(file, scan, None, before[1])
        else:
            with spool.open("wb") as copy:
                digest = _read(file, scan, copy, before[1])
    scan.sha256, scan.state = digest, before
    refuse_if_changed(document, scan)
    return scan


def refuse_if_changed(document: Document, scan: Scan) -> None:
    """Make sure that the inbox file is still the one that was scanned.

    Raises:
        Refusal: Something writes it; what was read may be half old and half new.
    """
    if not document.path.exists() or fingerprint(document.path) != scan.state:
        raise Refusal(
            "This file changed while it was read. It is read again in the next run, "
            "once whatever writes it has finished."
        )


def _has_text_name(path: Path) -> bool:
    """Say whether SQL can name the file; if not, it is read from a copy."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def fingerprint(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is written or replaced."""
    state = os.stat(path)  # noqa: PTH116 - follows links like every other read
    return state.st_ino, state.st_size, state.st_mtime_ns


def _read(file: BinaryIO, scan: Scan, copy: BinaryIO | None, packed_size: int) -> str:
    digest = sha256()
    while block := file.read(BLOCK):
        digest.update(block)
        scan.take(block)
        if copy is not None:
            if scan.size > max(BOMB_BYTES, BOMB_RATIO * packed_size):
                raise Refusal(
                    f"This archive unpacks to more than {BOMB_RATIO} times its size. "
                    "No report does; unpack it by hand and look at it."
                )
            copy.write(block)
    scan.finish()
    return digest.hexdigest()


def rescan(source: Path) -> Scan:
    """Scan a work file of our own, such as a document turned into UTF-8."""
    scan = Scan(source)
    with source.open("rb") as file:
        scan.sha256 = _read(file, scan, None, 0)
    return scan
