"""What can go wrong while landing, in words for the person who runs it."""

from __future__ import annotations

from orchestration.errors import ReturnsError


class LandingError(ReturnsError):
    """Landing as a whole cannot go on."""


class InboxError(LandingError):
    """The inbox is missing, is no folder, or cannot be read."""


class HomeError(LandingError):
    """The home directory cannot be written: full disk, permission, foreign lock."""


class SpecError(LandingError):
    """A report's spec or a reference seed contradicts itself."""


class MappingError(LandingError):
    """A mapping of a tool's export contradicts itself or the contract it fills."""


class BalanceError(LandingError):
    """Rows read are not rows landed plus rows quarantined: a defect of landing."""


class Refusal(Exception):  # noqa: N818 - a verdict on one document, not an error
    """This document does not land; the message is the reason kept in the ledger."""
