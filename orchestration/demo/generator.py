"""Generates a seller's inbox from a simulated business, and the truth beside it."""

from __future__ import annotations

import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from orchestration.demo import extras
from orchestration.demo.account_health import HealthBook, write_health
from orchestration.demo.business import PERIOD_END, PERIOD_START
from orchestration.demo.documents import HEALTH, plan_documents
from orchestration.demo.errors import DemoError
from orchestration.demo.further_documents import (
    plan_further_documents,
    plan_structured_documents,
)
from orchestration.demo.late import write_late_documents
from orchestration.demo.macros import create_macros
from orchestration.demo.measures import write_measures
from orchestration.demo.operation_documents import plan_operation_documents
from orchestration.demo.operations import write_operations
from orchestration.demo.parameters import load_parameters
from orchestration.demo.settlements import close_settlements
from orchestration.demo.simulation import ChunkResult, plan_chunks, simulate
from orchestration.demo.truth import (
    EXPECTATIONS,
    DocumentTruth,
    TruthBook,
    write_expectations,
    write_truth,
)
from orchestration.demo.writing import Inbox

CHUNK_LINES = 16_000
WORKERS = 2
"""Chunks simulated at the same time; both bound the memory, whatever the volume."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class DemoSummary:
    """What was generated.

    Attributes:
        files: Number of files in the inbox.
        rows: Rows of the documents by Amazon's report type, copies not counted.
        period: First and last day of the orders.
    """

    files: int
    rows: dict[str, int]
    period: tuple[date, date]


def generate(
    out: Path,
    order_lines: int,
    seed: int,
    progress: Progress | None = None,
    *,
    chunk_lines: int = CHUNK_LINES,
) -> DemoSummary:
    """Write ``out/inbox``, a seller's files, and ``out/truth``, what really happened.

    The same seed and number of lines give the same bytes, however the work was cut.
    An earlier generation in ``out`` is replaced, at the very end and as a whole.

    Args:
        out: Folder to write to; created if need be.
        order_lines: Number of order lines to simulate, at least one.
        seed: Any whole number.
        progress: Called with a few words whenever there is something to tell.
        chunk_lines: Lines simulated at a time. Changes speed and memory only.

    Raises:
        DemoError: The folder cannot be used, or the disk is full.
    """
    if order_lines < 1:
        raise DemoError(f"At least one order line is needed, not {order_lines}.")
    tell = progress or (lambda text: None)
    with _building(out) as scratch:
        build = _Build(scratch, order_lines, seed)
        build.simulate(chunk_lines, tell)
        tell("closing settlements, adding archives and bad lines")
        documents, rejects, labels = build.finish()
        tell("writing the truth")
        truth = scratch / "truth"
        write_truth(build.connection, truth, build.book, documents, labels, rejects)
        write_expectations(truth, seed, build.book.counts, documents)
        build.connection.close()
        files = sum(path.is_file() for path in (scratch / "inbox").rglob("*"))
    return DemoSummary(files, _rows(documents), (PERIOD_START, PERIOD_END))


def _rows(documents: list[DocumentTruth]) -> dict[str, int]:
    """Return the rows of each report type, copies not counted."""
    rows: Counter[str] = Counter()
    for document in documents:
        if document.report_type and not document.duplicate_of:
            rows[document.report_type] += document.rows_read
    return dict(rows)


class _Build:
    """One generation under way."""

    def __init__(self, scratch: Path, order_lines: int, seed: int) -> None:
        self.scratch, self.order_lines, self.seed = scratch, order_lines, seed
        self.parts = scratch / "parts"
        self.parts.mkdir()
        documents = [
            *plan_documents(),
            *plan_further_documents(),
            *plan_operation_documents(),
            *plan_structured_documents(),
        ]
        self.inbox = Inbox(scratch / "inbox", self.parts, documents)
        self.book = TruthBook(self.parts)
        self.health = HealthBook()
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads = {WORKERS}")
        load_parameters(self.connection, order_lines, self.inbox.documents, self.parts)
        create_macros(self.connection, seed)

    def simulate(self, chunk_lines: int, tell: Progress) -> None:
        """Run every chunk and append what it adds, in the order of the lines."""
        for result in self._results(chunk_lines):
            for number, list_name, rows, amount, text in result.texts:
                self.inbox.append(number, rows, amount, text, list_name)
            self.health.add(result.days)
            self.book.add(result)
            tell(f"{self.book.counts['order_lines']:,} of {self.order_lines:,} lines")

    def _results(self, chunk_lines: int) -> Iterator[ChunkResult]:
        chunks = deque(plan_chunks(self.order_lines, chunk_lines))
        cursors = [self.connection.cursor() for _ in range(WORKERS)]
        running: deque[Future[ChunkResult]] = deque()
        with ThreadPoolExecutor(WORKERS) as pool:
            while chunks or running:
                while chunks and len(running) < WORKERS:
                    chunk = chunks.popleft()
                    cursor = cursors[chunk.number % WORKERS]
                    running.append(
                        pool.submit(
                            simulate, cursor, chunk, self.order_lines, self.parts
                        )
                    )
                yield running.popleft().result()

    def _add_up(self) -> list[tuple[str, int, str | None, str]]:
        """Write what adds up all chunks, and the bad lines after it."""
        write_late_documents(self.connection, self.book.parts["units"], self.inbox)
        write_operations(self.inbox)
        return extras.add_malformed(self.inbox)

    def finish(
        self,
    ) -> tuple[list[DocumentTruth], list[tuple[str, int, str | None, str]], list[str]]:
        """Add all that is not a plain document; return what there is in the inbox."""
        inbox, root = self.inbox, self.inbox.root
        rejects = self._add_up()
        close_settlements(inbox, self.seed)
        inbox.compose()
        extras.add_metas(inbox)
        health = write_health(root, self.health)
        measures = write_measures(self.connection, root, self.book.parts)
        empty = extras.add_empty(root)
        refused = extras.add_refused(root)
        copy = extras.copy_compressed(inbox)
        zipped = extras.zip_oldest(inbox)

        labels = [zipped.get(item.path, item.path) for item in inbox.documents]
        bad = [path for path, *_ in rejects]
        documents = [
            DocumentTruth(
                labels[number],
                item.report_type,
                "landed" if inbox.written[number].rows else "no_data",
                inbox.written[number].rows,
                bad.count(item.path),
            )
            for number, item in enumerate(inbox.documents)
        ]
        original = next(d for d in documents if d.label == extras.COPIED)
        documents += [
            *(DocumentTruth(path, HEALTH, "landed", rows) for path, rows in health),
            *(DocumentTruth(path, kind, "landed", n) for path, kind, n in measures),
            *(DocumentTruth(path, kind, "no_data", 0) for path, kind in empty),
            DocumentTruth(refused, None, "refused", 0),
            DocumentTruth(
                copy, original.report_type, original.status, original.rows_read,
                original.rows_quarantined, original.label,
            ),
        ]  # fmt: skip
        return documents, rejects, labels


@contextmanager
def _building(out: Path) -> Iterator[Path]:
    """Give a scratch folder whose ``inbox`` and ``truth`` become those of ``out``."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        _demand_ours(out)
        scratch = Path(mkdtemp(prefix=".building-", dir=out))
        try:
            yield scratch
            for name in ("truth", "inbox"):
                if (out / name).exists():
                    (out / name).rename(scratch / f"old-{name}")
                (scratch / name).rename(out / name)
        finally:
            shutil.rmtree(scratch)
    except OSError as error:
        raise DemoError(
            f"Demo data cannot be written to {out}: {error.strerror or error}."
        ) from error


def _demand_ours(out: Path) -> None:
    """Refuse to replace folders that an earlier generation has not made."""
    found = [name for name in ("inbox", "truth") if (out / name).exists()]
    if found and not (out / "truth" / EXPECTATIONS).is_file():
        raise DemoError(
            f"{out / found[0]} exists and is not generated data: choose another folder."
        )
