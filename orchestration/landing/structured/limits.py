"""How large what may be in an XML or JSON document; beyond it the document is refused.

A document comes from outside: its depth and its sizes are its writer's choice, the
memory is ours.
"""

from __future__ import annotations

from orchestration.landing.errors import Refusal

DEEPEST = 64
# Of a record: a return, a financial event with its items.
MOST_ELEMENTS = 20_000
LONGEST_RECORD = 16 << 20
# Of one element's text, or of one tag with its attributes.
LONGEST_TEXT = 1 << 20
# Of all that is no record: what a document says of itself.
LONGEST_FRAME = 8 << 20
MOST_PAGES = 10_000
# Names of unknown fields that are told; more of them are noise or malice.
MOST_NAMES = 100


def too_deep() -> Refusal:
    """Return the refusal of a document that is nested like none of Amazon's."""
    return Refusal(
        "This document is nested deeper than any report or answer. It is damaged or "
        "made to do harm."
    )


def too_large(what: str) -> Refusal:
    """Return the refusal of a document with a part larger than any report's."""
    return Refusal(
        f"This document has {what} larger than any report or answer. It is damaged or "
        "made to do harm."
    )


def ends_early() -> Refusal:
    """Return the refusal of a document whose end is missing."""
    return Refusal("The document ends early: a part is missing. Download it again.")
