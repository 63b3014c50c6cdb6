"""Documents in the inbox: plain files, gzip files, members of zip archives."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from orchestration.landing.errors import InboxError, Refusal

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MAX_MEMBERS = 10_000
GONE = (
    "This file was gone when its turn came, or it is a link that leads nowhere. If it "
    "was moved, it is read in the next run."
)


@dataclass(frozen=True)
class Document:
    """One report document; ``label`` is how people and the ledger call it."""

    path: Path
    label: str
    container: str = "plain"
    member: zipfile.ZipInfo | None = None


def list_documents(path: Path, label: str) -> list[Document]:
    """Return the documents in one file of the inbox, told by its first bytes.

    Raises:
        Refusal: The file is an archive that cannot be listed or is no archive of
            reports.
        InboxError: The file cannot be read.
    """
    with readable(path, label):
        if not path.is_file():
            raise Refusal(GONE if not path.exists() else "This is no regular file.")
        with path.open("rb") as file:
            magic = file.read(4)
    if magic.startswith(GZIP_MAGIC):
        return [Document(path, label, "gzip")]
    if magic in ZIP_MAGIC:
        with _archive_errors(), zipfile.ZipFile(path) as archive:
            return _members(path, label, archive.infolist())
    return [Document(path, label)]


def _members(path: Path, label: str, found: list[zipfile.ZipInfo]) -> list[Document]:
    if any(info.filename == "[Content_Types].xml" for info in found):
        raise Refusal(
            "This is a spreadsheet or text-processor file. Put Amazon's own document "
            "here, as downloaded, not a copy saved from an office program."
        )
    files = [
        info
        for info in found
        if not info.is_dir()
        and not info.filename.startswith("__MACOSX/")
        and not Path(info.filename).name.startswith(".")
    ]
    if not files:
        raise Refusal("This archive holds no file.")
    if len(files) > MAX_MEMBERS:
        raise Refusal(
            f"This archive holds {len(files):,} files, more than {MAX_MEMBERS:,}. "
            "Unpack it and keep only the reports."
        )
    return [
        Document(path, f"{label}!{printable(info.filename)}", "zip", info)
        for info in files
    ]


@contextmanager
def open_document(document: Document) -> Iterator[BinaryIO]:
    """Open a document's own bytes, decompressed where they are compressed."""
    with readable(document.path, document.label):
        if document.container == "plain":
            with document.path.open("rb") as file:
                yield file
        elif document.container == "gzip":
            with _archive_errors(), gzip.open(document.path, "rb") as file:
                yield file  # type: ignore[misc]  # a GzipFile reads like a BinaryIO
        else:
            with _archive_errors(), zipfile.ZipFile(document.path) as archive:
                if document.member is None:
                    raise ValueError("A zip document names no member.")
                with archive.open(document.member) as member:
                    yield member  # type: ignore[misc]  # as above


def printable(name: str) -> str:
    """Return a file name fit for a message: control characters shown as ``?``."""
    return "".join(char if char.isprintable() else "?" for char in name)


@contextmanager
def readable(path: Path, label: str) -> Iterator[None]:
    """Turn failures to read one inbox file into words; others pass as they are.

    Raises:
        Refusal: The file is gone.
        InboxError: It may not be read.
    """
    try:
        yield
    except (PermissionError, FileNotFoundError) as error:
        if error.filename is None or Path(error.filename) != path:
            raise
        if isinstance(error, FileNotFoundError):
            raise Refusal(GONE) from error
        raise InboxError(
            f"{label} in the inbox cannot be read: {error.strerror}. Give yourself "
            "the right to read it, or take it out of the inbox."
        ) from error


@contextmanager
def _archive_errors() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Refusal(
            f"This archive is truncated or damaged ({error}). Download it again."
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Refusal(
            f"This archive cannot be unpacked ({error}). Unpack it and put the report "
            "itself here."
        ) from error
