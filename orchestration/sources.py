"""What a run reads: the seller's files, or generated ones when there are none yet.

Generated and real files never meet in one home: sellers that do not exist would stand
in the published marts beside those that do. Real files take the place of generated
ones, which can be generated again; never the other way round.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration import progress
from orchestration.errors import ReturnsError
from orchestration.inboxes import chosen_inbox, demo_inbox, has_files
from orchestration.landing.lake import EMPTY, LEDGER, ledger_folder, view_queries
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
    """
    found = named_inbox(inbox) if inbox is not None else chosen_inbox(home)
    if found is not None:
        return Source(found.resolve(), is_demo=_is_demo(home, found))
    if landed_anything(home):
        raise InboxUnusableError(
            f"{home.root} holds landed files, but the inbox they came from is gone or "
            "empty: name the inbox to use (--inbox DIR)."
        )
    return Source(demo_inbox(home).resolve(), is_demo=True)


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
    if home.demo.exists() and landed_anything(home) and not _is_demo(home, inbox):
        raise MixedHomeError(
            f"{home.root} holds demo data, which must not mix with other files: choose "
            f"another home, or run `returns run --inbox {inbox}` to replace them."
        )


def _is_demo(home: Home, inbox: Path) -> bool:
    return inbox.resolve() == demo_inbox(home).resolve()


def landed_anything(home: Home) -> bool:
    """Return whether the home's ledger has an entry."""
    entries = {path.name for path in ledger_folder(home).glob("*.parquet")}
    return bool(entries - {EMPTY, REFUSED})


def provided(home: Home, source: Source) -> None:
    """Make sure that the source is there and alone: generate, or clear demo data away.

    Raises:
        MixedHomeError: demo data lie in the home, and not everything landed is theirs.
    """
    if source.is_demo:
        if not has_files(source.inbox):
            with progress.phase("demo"):
                from orchestration.demo.generator import generate

                generate(home.demo, DEMO_ORDER_LINES, DEMO_SEED, _tell)
    elif home.demo.exists() and landed_anything(home):
        if not holds_only_demo(home):
            demand_unmixed(home, source.inbox)
        with progress.phase("clear"):
            clear_demo(home)


def holds_only_demo(home: Home) -> bool:
    """Return whether every document that has landed lies in the demo inbox."""
    with duckdb.connect() as connection:
        rows = connection.execute(view_queries(home)["landing_files"]).fetchall()
    position = list(LEDGER).index("file_name")
    names = {str(row[position]).split("!")[0] for row in rows}
    return all((demo_inbox(home) / name).exists() for name in names)


def clear_demo(home: Home) -> None:
    """Remove demo data and all that was made of them; runs stay in Dagster's list."""
    made = (home.lake, home.quarantine, home.gate, home.data_docs, home.published)
    for folder in (*made, home.demo):
        if folder.exists():
            shutil.rmtree(folder)
    for path in home.root.glob(f"{home.warehouse.name}*"):
        path.unlink()
    home.run_record.unlink(missing_ok=True)


def _tell(text: str) -> None:
    progress.advance("demo", text)
