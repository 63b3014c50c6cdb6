"""Turns what went wrong into one sentence for the person who ran it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from orchestration.errors import ReturnsError
from orchestration.running.locking import foreign_lock

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

# DuckDB, SQLite and dbt hand a full disk on as text, each in its own words.
_FULL_TEXTS = (
    "no space left on device",
    "file too large",
    "disk quota exceeded",
    "database or disk is full",
    "disk i/o error",
    "max_temp_directory_size",
)


def explained(error: BaseException) -> str | None:
    """Return the sentence for an error a person can put right; None for a defect."""
    for cause in causes(error):
        if isinstance(cause, OSError) and (text := _of_the_system(cause)):
            return text
        if text := explained_text(str(cause)):
            return text
    for cause in causes(error):
        if isinstance(cause, ReturnsError):
            return str(cause)
    return None


def unexpected(error: BaseException, phase: str | None = None) -> str:
    """Return a sentence for an error that nobody thought of."""
    where = f" in the phase '{phase}'" if phase else ""
    return (
        f"Unexpected {type(error).__name__}{where}: {error}. This is a defect; "
        "run again with RETURNS_DEBUG=1 to see where it happened."
    )


def explained_text(text: str) -> str | None:
    """Return the sentence for an error that reached us as text only."""
    lowered = text.lower()
    if any(words in lowered for words in _FULL_TEXTS):
        return (
            "The disk is full (or the size limit of this account is reached): free "
            "some space, then run again. Nothing half-written was published."
        )
    return foreign_lock(text)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what led to it, the nearest first."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _of_the_system(error: OSError) -> str | None:
    if error.errno in _FULL:
        return explained_text("no space left on device")
    if error.errno in _FORBIDDEN and error.filename is not None:
        return (
            f"{error.filename} cannot be used: {error.strerror}. Change its "
            "permissions or choose another place, then run again."
        )
    return None
