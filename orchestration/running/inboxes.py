"""Which folder a run takes its files from."""

from __future__ import annotations

import json
from pathlib import Path

from orchestration.landing.inbox import find_deliveries
from orchestration.settings import Home, inbox_from_environment


def demo_inbox(home: Home) -> Path:
    """Return the folder of generated files."""
    return home.demo / "inbox"


def chosen_inbox(home: Home) -> Path | None:
    """Return the inbox to use when nobody names one; None if there is none yet.

    The one named by the environment or lying in the home, if it has files; else the
    demo data, which real files replace; else the one that the last run used.
    """
    for inbox in (inbox_from_environment(home), demo_inbox(home), last_inbox(home)):
        if inbox is not None and has_files(inbox):
            return inbox
    return None


def last_inbox(home: Home) -> Path | None:
    """Return the inbox of the last run, if one is recorded."""
    if not home.run_record.exists():
        return None
    inbox = json.loads(home.run_record.read_text(encoding="utf-8")).get("inbox")
    return None if inbox is None else Path(inbox)


def has_files(inbox: Path) -> bool:
    """Return whether anything that landing would look at lies under ``inbox``."""
    return inbox.is_dir() and bool(find_deliveries(inbox))
