"""Landing an inbox: every document lands once, whole, or says why it does not."""

from __future__ import annotations

import errno
import fcntl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.landing.committing import Batch
from orchestration.landing.errors import HomeError, InboxError, Refusal
from orchestration.landing.inbox import Delivery, find_deliveries
from orchestration.landing.lake import ensure_tables
from orchestration.landing.ledger import Entry, Ledger
from orchestration.landing.mapping import Mapping, load_mappings, own_mappings
from orchestration.landing.pseudonyms import use_key
from orchestration.landing.reading import Reader, clean_scratch
from orchestration.landing.stopping import Stop
from orchestration.landing.storing import Lander
from orchestration.settings import Home

MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class FileOutcome:
    """What became of one document in this run.

    Attributes:
        file_name: Path relative to the inbox; ``archive.zip!member`` for members.
        status: ``landed``, ``no_data``, ``refused``, or ``unchanged`` where the same
            document had landed before.
        entry: Its ledger entry.
    """

    file_name: str
    status: str
    entry: Entry

    @property
    def reason(self) -> str | None:
        """Why the document was refused or has no data."""
        return self.entry.reason


@dataclass(frozen=True)
class LandingSummary:
    """What a run of landing did."""

    outcomes: tuple[FileOutcome, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Documents by status."""
        return dict(Counter(outcome.status for outcome in self.outcomes))

    @property
    def refused(self) -> tuple[FileOutcome, ...]:
        """The documents that stay in the inbox."""
        return tuple(item for item in self.outcomes if item.status == "refused")

    @property
    def rows_landed(self) -> int:
        """Rows that this run added to the lake."""
        return self._new("rows_landed")

    @property
    def rows_quarantined(self) -> int:
        """Rows that this run added to the quarantine."""
        return self._new("rows_quarantined")

    def _new(self, name: str) -> int:
        new = (item.entry for item in self.outcomes if item.status == "landed")
        return sum(getattr(entry, name) or 0 for entry in new)


def land_inbox(
    inbox: Path,
    home: Home,
    progress: Callable[[FileOutcome], None] | None = None,
    stop: Stop | None = None,
    mappings: tuple[Mapping, ...] | None = None,
) -> LandingSummary:
    """Land whatever is new in ``inbox`` into the lake of ``home``.

    Documents that cannot land are refused with a reason and judged again next time;
    documents that have landed are left alone. The run can be killed at any moment:
    running it again gives what an undisturbed run would have given.

    Args:
        inbox: Folder of reports, ``<seller>/<marketplace>/…``, both optional.
        home: Where the lake is.
        progress: Called with each document's outcome, a batch at a time: once it is
            safely stored.
        stop: Lets another thread end the run early.
        mappings: How tools' exports land. [default: those shipped and the home's own]

    Raises:
        Stopped: Another thread asked for the end; what is committed is kept.
        InboxError: The inbox, or something in it, cannot be read.
        HomeError: The home cannot be written, or another run is landing into it.
        MappingError: A mapping of the seller's own is wrong.
        BalanceError: Rows read are not rows landed plus quarantined.
    """
    outcomes: list[FileOutcome] = []
    stop = stop or Stop()
    _refuse_nested(inbox, home)
    deliveries = find_deliveries(inbox)
    if mappings is None:
        mappings = load_mappings(own_mappings(home))
    with (
        _plain_errors(home),
        _only_run(home),
        _connection(home) as connection,
        stop.heard_by(connection),
    ):
        ensure_tables(home, connection)
        ledger = Ledger(home, connection)
        ledger.drop_orphans()
        batch = Batch(home, ledger, connection)
        reader = Reader(connection, home.scratch)
        lander = Lander(batch, ledger, reader, mappings)
        for judged in _batches(lander, batch, deliveries, stop):
            for status, entry in judged:
                outcome = _outcome(ledger, status, entry)
                outcomes.append(outcome)
                if progress:
                    progress(outcome)
        ledger.mirror_refused(
            [item.entry for item in outcomes if item.status == "refused"]
        )
    return LandingSummary(tuple(outcomes))


def _batches(
    lander: Lander, batch: Batch, deliveries: list[Delivery], stop: Stop
) -> Iterator[list[tuple[str, Entry]]]:
    """Land deliveries and yield what became of them, each time they are committed."""
    judged: list[tuple[str, Entry]] = []
    for delivery in deliveries:
        for result in _land(lander, delivery):
            stop.raise_if_asked()
            judged.append(result)
            if batch.is_full:
                batch.commit()
                yield judged
                judged = []
    batch.commit()
    yield judged


def _outcome(ledger: Ledger, status: str, entry: Entry) -> FileOutcome:
    """Return what became of a document, with the entry as the ledger has it now."""
    if status != "refused" and (known := ledger.find(entry.file_key)):
        entry = replace(known, file_name=entry.file_name)
    return FileOutcome(entry.file_name, status, entry)


def _refuse_nested(inbox: Path, home: Home) -> None:
    if home.root.resolve().is_relative_to(inbox.resolve()):
        raise InboxError(
            f"The home directory {home.root} lies inside the inbox {inbox}, so landing "
            "would read its own output. Choose another home or inbox."
        )


def _land(lander: Lander, delivery: Delivery) -> Iterator[tuple[str, Entry]]:
    try:
        documents = lander.documents(delivery)
        context = delivery.context()
    except Refusal as refusal:
        yield "refused", lander.refuse(delivery, str(refusal))
        return
    if not documents:
        yield lander.land_request(delivery.label, context)
    for document in documents:
        yield lander.land_document(document, context)


@contextmanager
def _connection(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    clean_scratch(home.scratch)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(home.scratch / "duckdb"),
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": True,
    }
    try:
        with duckdb.connect(config=config) as connection:
            _prepare(connection)
            use_key(connection, home)
            yield connection
    finally:
        # Work files hold personal data until the run ends, however it ends; what a
        # killed run leaves is cleaned at the start of the next.
        clean_scratch(home.scratch)


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("set TimeZone = 'UTC'")
    # Landing tells its own progress; DuckDB's bar would write over it.
    connection.execute("set enable_progress_bar = false")
    # Pushed down, the filter for good rows works out every value a second time (a
    # quarter of the time of a large file).
    connection.execute("set disabled_optimizers = 'filter_pushdown'")


@contextmanager
def _only_run(home: Home) -> Iterator[None]:
    """Hold the landing lock; the system lets go of it however the process ends."""
    home.root.mkdir(parents=True, exist_ok=True)
    with (home.root / "landing.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeError(
                f"Another run is landing files into {home.root}. Wait until it is "
                "done, then run again."
            ) from error
        yield


@contextmanager
def _plain_errors(home: Home) -> Iterator[None]:
    """Say full disks and missing permissions in one sentence."""
    full = HomeError(
        f"The disk of {home.root} is full. Free some space and run again; what has "
        "landed so far is kept."
    )
    try:
        yield
    except duckdb.Error as error:
        if "No space left" in str(error) or "Disk quota" in str(error):
            raise full from error
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise full from error
        if error.errno in {errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR}:
            raise HomeError(
                f"The home directory {home.root} cannot be written: {error.strerror}."
            ) from error
        raise
