"""What can stop the publication to PostgreSQL, in words for the person who runs it."""

from __future__ import annotations

from orchestration.errors import ReturnsError


class PostgresError(ReturnsError):
    """PostgreSQL still shows what it showed; the message says what to do."""


class ReadersBusyError(PostgresError):
    """Readers left no moment to switch them to the new version."""
