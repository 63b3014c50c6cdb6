"""What can stop a publication, in words for the person who runs it."""

from __future__ import annotations

from orchestration.errors import ReturnsError


class PublicationError(ReturnsError):
    """Publishing or rolling back failed; readers keep the version they had."""


class PublicationRefused(PublicationError):  # noqa: N818 - a verdict, not a fault
    """The build is not one that may be published; the message says why."""
