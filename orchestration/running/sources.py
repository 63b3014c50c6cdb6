"""What a run reads: the seller's files, or generated ones when there are none yet.

Generated and real files never meet in one home: sellers that do not exist would stand
in the published marts beside those that do. Real files take the place of generated
ones, which can be generated again; never the other way round. Clearing them away can
be cut short by a kill: a marker says so, and whoever begins the next run finishes it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.errors import ReturnsError
from orchestration.files import sync, write_atomically
from orchestration.landing.lake import EMPTY, ledger_folder, view_queries
from orchestration.landing.ledger import REFUSED
from orchestration.landing.stopping import Stop
from orchestration.running import progress
from orchestration.running.inboxes import chosen_inbox, demo_inbox, has_files
from orchestration.settings import Home

DEMO_ORDER_LINES = 10_000
DEMO_SEED = 1

# There from before the first deletion until after the last one.
_CLEARING = "clearing"


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
    generated, real = _landed_kinds(home)
    if real and _is_demo(home, inbox):
        raise MixedHomeError(
            f"{home.root} holds landed files of a seller, which demo data must not mix "
            "with: name the seller's inbox (--inbox DIR), or choose another home."
        )
    if generated and not _is_demo(home, inbox):
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


def make_room(home: Home, source: Source) -> None:
    """Clear demo data away for real files, before anything of the source lands.

    Raises:
        MixedHomeError: the source would stand beside files of the other kind.
    """
    if not source.is_demo and holds_only_demo(home):
        clear_demo(home)
    demand_unmixed(home, source.inbox)


def provide(home: Home, source: Source, stop: Stop) -> None:
    """Generate demo data if they are the source and not yet there.

    Raises:
        Stopped: another thread asked for the end; nothing is left half-made.
    """

    def tell(text: str) -> None:
        stop.raise_if_asked()
        progress.advance("demo", text)

    if source.is_demo and not has_files(source.inbox):
        with progress.phase("demo"):
            from orchestration.demo.generator import generate

            generate(home.demo, DEMO_ORDER_LINES, DEMO_SEED, tell)


def holds_only_demo(home: Home) -> bool:
    """Return whether something has landed and all of it is generated."""
    generated, real = _landed_kinds(home)
    return generated and not real


def _landed_kinds(home: Home) -> tuple[bool, bool]:
    """Return whether generated documents have landed, and whether others have.

    A document is generated if the demo inbox has the folder it came from.
    """
    if not landed_anything(home):
        return False, False
    with duckdb.connect() as connection:
        ledger = connection.sql(view_queries(home)["landing_files"])
        landed = ledger.filter("status <> 'refused'")
        tops = landed.project("split_part(file_name, '/', 1)").distinct().fetchall()
    generated = [(demo_inbox(home) / str(top)).exists() for (top,) in tops]
    return any(generated), not all(generated)


def clear_demo(home: Home) -> None:
    """Remove demo data and all that was made of them; runs stay in Dagster's list."""
    write_atomically(home.root / _CLEARING, "Demo data are being cleared away.\n")
    finish_clearing(home)


def finish_clearing(home: Home) -> None:
    """Finish clearing demo data away, where that was begun; else do nothing.

    For the holder of the warehouse's lock. What readers see goes first; what tells
    demo data from others, the demo folder, last.
    """
    marker = home.root / _CLEARING
    if not marker.exists():
        return
    with progress.phase("clear"):
        (home.published / "current").unlink(missing_ok=True)
        _remove(home.published)
        for path in home.root.glob(f"{home.warehouse.name}*"):
            path.unlink()
        home.run_record.unlink(missing_ok=True)
        home.landed_inbox.unlink(missing_ok=True)
        shown = (home.dashboard, home.reports, home.alerts, home.data_docs)
        for folder in (*shown, home.gate, home.quarantine, home.lake, home.demo):
            _remove(folder)
        sync(home.root)
        marker.unlink()


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
