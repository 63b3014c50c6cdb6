"""The bytes of an XML document as UTF-8, whatever it is written in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from orchestration.landing.encoding import ENCODINGS
from orchestration.landing.errors import Refusal
from orchestration.landing.scan import Scan

BLOCK = 1 << 18
# Names under which encodings are declared that we know under another, or that web
# browsers take for another as well.
SAME = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "gbk": "gb18030",
    "gb2312": "gb18030",
}


def text_encoding(scan: Scan, fallback: str) -> str:
    """Return the encoding of a document: UTF-8 if it is, else what it declares.

    What declares nothing, or UTF-8 and is not, is in the fallback.
    """
    if scan.is_utf8:
        has_mark = scan.head.startswith(codecs.BOM_UTF8)
        return "utf-8-sig" if has_mark else "utf-8"
    found = re.match(
        rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})", scan.head
    )
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    declared = SAME.get(declared, declared)
    return declared if declared in ENCODINGS - {"utf-8"} else fallback


def lines_before(scan: Scan) -> int:
    """Return the number of blank lines before the document's first sign."""
    text = scan.head.removeprefix(codecs.BOM_UTF8)
    return text[: len(text) - len(text.lstrip())].count(b"\n")


def parts(scan: Scan, encoding: str) -> Iterator[bytes]:
    """Yield a document's bytes as UTF-8, part by part, an empty part at its end.

    Raises:
        Refusal: It is not in the encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    is_first = True
    with scan.source.open("rb") as file:
        while block := file.read(BLOCK):
            if encoding != "utf-8":
                block = _utf8(decoder, block)
            if is_first:
                # Not even a blank may stand before an XML declaration.
                block, is_first = block.lstrip(), False
            if block:
                yield block
        if encoding != "utf-8" and (rest := _utf8(decoder, b"", is_last=True)):
            yield rest
    yield b""


def _utf8(
    decoder: codecs.IncrementalDecoder, block: bytes, *, is_last: bool = False
) -> bytes:
    try:
        return decoder.decode(block, is_last).encode()
    except UnicodeDecodeError as error:
        raise Refusal(
            f"This XML document is not the {error.encoding} text that it has to be. "
            "Download it again."
        ) from error
