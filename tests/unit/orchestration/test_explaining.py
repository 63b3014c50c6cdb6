"""What went wrong, in one sentence; a defect stays a defect."""

from __future__ import annotations

import errno
import sqlite3

import duckdb
import pytest

from orchestration.errors import ReturnsError
from orchestration.terminal.explaining import explained


def wrapped(cause: Exception) -> Exception:
    error = RuntimeError("in the middle of something")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/data/x"),
        OSError(errno.EFBIG, "File too large", "/data/x"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        duckdb.IOException("IO Error: Could not write: No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_a_full_disk_is_named_however_it_reaches_us(error: Exception) -> None:
    assert "disk is full" in (explained(error) or "")
    assert "disk is full" in (explained(wrapped(error)) or "")


def test_a_forbidden_file_is_named() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/data/reports.txt")
    told = explained(error) or ""
    assert "/data/reports.txt" in told
    assert "Permission denied" in told


def test_our_own_errors_speak_for_themselves() -> None:
    assert explained(wrapped(ReturnsError("Do this."))) == "Do this."


def test_a_lock_inside_our_own_error_is_told_as_a_lock() -> None:
    ours = ReturnsError("The warehouse cannot be opened.")
    ours.__cause__ = duckdb.IOException(
        'IO Error: Could not set lock on file "/x/warehouse.duckdb": Conflicting lock '
        "is held in /usr/bin/python3 (PID 42) by user me."
    )
    assert "(process 42)" in (explained(ours) or "")


def test_a_defect_has_no_sentence() -> None:
    assert explained(KeyError("price")) is None
    assert explained(FileNotFoundError(errno.ENOENT, "No such file", "/x")) is None


def test_errors_that_cause_each_other_end() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert explained(first) is None
