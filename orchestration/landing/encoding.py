"""The encoding ladder: strict UTF-8 first, line by line where a document mixes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from orchestration.landing.errors import Refusal
from orchestration.landing.scan import BLOCK, Scan

FALLBACKS = {"JP": "cp932", "CN": "gb18030"}
DEFAULT_FALLBACK = "cp1252"
ENCODINGS = frozenset({"utf-8", "cp1252", "cp932", "gb18030"})
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableBytesError(Exception):
    """Some line is neither UTF-8 nor the fallback: it must be looked at alone."""


def fallback_encoding(marketplace_code: str | None, stated: str | None) -> str:
    """Return the encoding of lines that are not UTF-8.

    Args:
        marketplace_code: Marketplace of the delivery, if known.
        stated: Encoding that the delivery's own meta file states, if it does.
    """
    return stated or FALLBACKS.get(marketplace_code or "", DEFAULT_FALLBACK)


@dataclass
class Decoder:
    """Turns bytes into text and remembers how each part had to be read."""

    fallback: str
    used_utf8: bool = False
    used_fallback: bool = False

    def block(self, data: bytes) -> str:
        """Decode whole lines: in one go, and one by one only if that fails.

        Raises:
            UnreadableBytesError: A line is in neither encoding.
        """
        try:
            return self._utf8(data)
        except UnicodeDecodeError:
            return "\n".join([self.line(line) for line in data.split(b"\n")])

    def line(self, data: bytes) -> str:
        """Decode one line.

        Raises:
            UnreadableBytesError: It is in neither encoding.
        """
        try:
            return self._utf8(data)
        except UnicodeDecodeError:
            return self._other(data)

    def _utf8(self, data: bytes) -> str:
        text = data.decode()
        self.used_utf8 = self.used_utf8 or not text.isascii()
        return text

    def _other(self, data: bytes) -> str:
        try:
            text = data.decode(self.fallback)
        except UnicodeDecodeError as error:
            raise UnreadableBytesError from error
        self.used_fallback = True
        return text

    def name(self, scan: Scan) -> str:
        """Return what to record: ``utf-8``, ``utf-8-sig``, ``cp1252``, a mixture."""
        plain = "utf-8-sig" if scan.head.startswith(codecs.BOM_UTF8) else "utf-8"
        if not self.used_fallback or self.fallback == "utf-8":
            return plain
        return f"{plain}+{self.fallback}" if self.used_utf8 else self.fallback


def is_utf16(scan: Scan) -> bool:
    """Say whether the document's byte order mark is that of UTF-16."""
    return scan.head.startswith(UTF16_MARKS)


def utf16_to_utf8(source: BinaryIO, target: BinaryIO) -> None:
    """Copy a UTF-16 document as UTF-8.

    Raises:
        Refusal: The document is not valid UTF-16.
    """
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        while block := source.read(BLOCK):
            target.write(decoder.decode(block).encode())
        target.write(decoder.decode(b"", final=True).encode())
    except UnicodeError as error:
        raise Refusal(
            "This file begins like UTF-16 text but is not. Download it again."
        ) from error


def transcode(scan: Scan, target: BinaryIO, decoder: Decoder) -> None:
    """Copy a document as UTF-8 whose lines end with a line feed, line for line.

    Raises:
        UnreadableBytesError: Some line can be read in no encoding of the ladder, or
            is longer than any row.
    """
    with scan.source.open("rb") as file:
        rest = b""
        while block := file.read(BLOCK):
            if scan.separator == b"\r":
                block = block.replace(b"\r", b"\n")
            cut = block.rfind(b"\n") + 1
            if not cut and len(rest) > 4 * BLOCK:
                raise UnreadableBytesError
            if cut:
                _copy(rest + block[:cut], target, decoder)
                rest = b""
            rest += block[cut:]
        _copy(rest, target, decoder)


def _copy(lines: bytes, target: BinaryIO, decoder: Decoder) -> None:
    text = decoder.block(lines)
    if "\r" in text:
        while "\r\r\n" in text:
            text = text.replace("\r\r\n", "\r\n")
        # A lone carriage return inside a line is data nobody meant: a blank.
        text = text.replace("\r\n", "\n").removesuffix("\r").replace("\r", " ")
    target.write(text.encode())
