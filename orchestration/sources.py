"""What a run reads: the seller's files, or generated ones when there are none yet.

Generated and real files never meet in one home: sellers that do not exist would stand
in the published marts beside those that do.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from orchestration import progress
from orchestration.errors import ReturnsError
from orchestration.files import write_atomically
from orchestration.inboxes import chosen_inbox, demo_inbox, has_files
from orchestration.landing.lake import EMPTY, ledger_folder
from orchestration.landing.ledger import REFUSED
from orchestration.settings import Home

DEMO_ORDER_LINES = 10_000
DEMO_SEED = 1


class InboxUnusableError(ReturnsError):
    """The named inbox is missing, no folder, or empty."""


class MixedHomeError(ReturnsError):
    """Generated and real files would meet in one home."""


@dataclass(frozen=True)
class Source:
    """The folder that a run lands, and whether it is generated."""

    inbox: Path
    is_demo: bool


def chosen_source(home: Home, inbox: Path | None) -> Source:
    """Return what to land: the named inbox, one known already, or demo data.

    Raises:
        InboxUnusableError: the named inbox cannot be one.
        MixedHomeError: the home holds the other kind of files.
    """
    found = named_inbox(inbox) if inbox is not None else chosen_inbox(home)
    if found is None:
        if landed_anything(home):
            raise InboxUnusableError(
                f"{home.root} holds landed files, but the inbox they came from is "
                "gone: name the inbox to use (--inbox DIR)."
            )
        return Source(demo_inbox(home), is_demo=True)
    is_demo = found == demo_inbox(home).resolve()
    demand_unmixed(home, found)
    return Source(found, is_demo=is_demo)


def named_inbox(inbox: Path) -> Path:
    """Return the absolute inbox that somebody named, if it can be one."""
    if not inbox.exists():
        raise InboxUnusableError(f"The inbox {inbox} does not exist.")
    if not inbox.is_dir():
        raise InboxUnusableError(
            f"The inbox {inbox} is a file: name the folder that holds the files."
        )
    if not has_files(inbox):
        raise InboxUnusableError(f"There are no files in the inbox {inbox}.")
    return inbox.resolve()


def demand_unmixed(home: Home, inbox: Path) -> None:
    """Raise if landing ``inbox`` would put real files beside generated ones."""
    is_demo = inbox == demo_inbox(home).resolve()
    if not is_demo and home.demo.exists() and landed_anything(home):
        raise MixedHomeError(
            f"{home.root} holds demo data, which must not mix with your files: choose "
            f"another home (HOME_DIR=… or --home …), or remove {home.root} first."
        )


def landed_anything(home: Home) -> bool:
    """Return whether the home's ledger has an entry."""
    entries = {path.name for path in ledger_folder(home).glob("*.parquet")}
    return bool(entries - {EMPTY, REFUSED})


def provided(home: Home, source: Source) -> None:
    """Make sure that the demo data of a source exist, whole and of this size."""
    if not source.is_demo:
        return
    wanted = {"order_lines": DEMO_ORDER_LINES, "seed": DEMO_SEED}
    note = home.demo / "complete.json"
    if note.exists() and json.loads(note.read_text(encoding="utf-8")) == wanted:
        return
    # Its generation was interrupted: a part of it must not pass for the whole.
    if home.demo.exists():
        shutil.rmtree(home.demo)
    with progress.phase("demo"):
        from orchestration.demo import generate

        generate(home.demo, **wanted, progress=_tell)
    write_atomically(note, json.dumps(wanted))


def _tell(text: str) -> None:
    progress.advance("demo", text)
