"""What can go wrong while generating, in words for the person who asked for it."""

from __future__ import annotations

from orchestration.errors import ReturnsError


class DemoError(ReturnsError):
    """The demo data cannot be generated; the message says why."""
