"""Errors made for people: one plain sentence, no traceback needed to act on it."""

from __future__ import annotations


class ReturnsError(Exception):
    """Something a person can put right; the message says what and how.

    Every part of the project raises a subclass of its own. The command line prints
    the message alone and exits non-zero; anything else that rises is a defect.
    """
