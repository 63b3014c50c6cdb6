"""Giving read documents their place in the lake, the quarantine and the ledger.

Documents are small and many, and what makes a write safe costs the same for one as for
fifty: they are put in place together, and one write of the ledger makes them count.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.lake import REJECTS, commit_files, copy_to_parquet
from orchestration.landing.ledger import Entry, Ledger
from orchestration.landing.reading import Reading
from orchestration.landing.specs import ReportSpec
from orchestration.landing.sql import exact_path, identifier, literal
from orchestration.settings import Home

MAX_DOCUMENTS = 64
MAX_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class Waiting:
    """A document that has been read; its rows and rejects are work files."""

    entry: Entry
    spec: ReportSpec
    created_at: str | None
    rows: Path | None = None
    rejects: Path | None = None


@dataclass(frozen=True)
class Batch:
    """Documents read and not yet committed. A crash loses them and nothing else."""

    home: Home
    ledger: Ledger
    connection: duckdb.DuckDBPyConnection
    _waiting: dict[str, Waiting] = field(default_factory=dict)

    def __contains__(self, file_key: str) -> bool:
        return file_key in self._waiting

    @property
    def is_full(self) -> bool:
        """Whether it is time to commit."""
        rows = (item.rows for item in self._waiting.values() if item.rows)
        return (
            len(self._waiting) >= MAX_DOCUMENTS
            or sum(path.stat().st_size for path in rows) >= MAX_BYTES
        )

    def add(
        self,
        entry: Entry,
        spec: ReportSpec,
        created_at: str | None,
        reading: Reading | None = None,
    ) -> None:
        """Take a document in, its work files out of the way of the next one."""
        item = Waiting(entry, spec, created_at)
        if reading is not None:
            if reading.rows is None:
                raise ValueError("A document with rows has no work file of them.")
            item = Waiting(
                replace(entry, status="landed"),
                spec,
                created_at,
                reading.rows.replace(self._aside(entry, "rows")),
                reading.rejects and reading.rejects.replace(self._aside(entry, "bad")),
            )
        self._waiting[entry.file_key] = item

    def commit(self) -> None:
        """Put the work files in place; the ledger last makes them count."""
        items = list(self._waiting.values())
        landed = [item for item in items if item.rows]
        moves = {item.rows: self._rows_target(item) for item in landed if item.rows}
        moves |= {
            self._named_rejects(item.entry, item.rejects): self.home.quarantine
            / f"{item.entry.file_key}.parquet"
            for item in landed
            if item.rejects
        }
        dated = self._dated(landed)
        # A document that a changed mapping reads again may have had other rejects.
        for item in landed:
            (self.home.quarantine / f"{item.entry.file_key}.parquet").unlink(
                missing_ok=True
            )
        commit_files(moves)
        self.ledger.commit([dated.get(i.entry.file_key, i.entry) for i in items])
        self._waiting.clear()

    def _aside(self, entry: Entry, kind: str) -> Path:
        return self.home.scratch / f"{entry.file_key}.{kind}.parquet"

    def _rows_target(self, item: Waiting) -> Path:
        return self.home.lake / item.spec.table / f"{item.entry.file_key}.parquet"

    def _named_rejects(self, entry: Entry, rejects: Path) -> Path:
        """Say in every rejected row which document it is from."""
        known = {
            "file_key": literal(entry.file_key),
            "file_name": literal(entry.file_name),
            "seller_id": literal(entry.seller_id),
            "report_type": literal(entry.report_type),
        }
        fields = ", ".join(f"{known.get(name, name)} as {name}" for name in REJECTS)
        named = self._aside(entry, "rejects")
        query = f"select {fields} from read_parquet({exact_path(rejects)})"
        copy_to_parquet(self.connection, query, named)
        return named

    def _dated(self, landed: list[Waiting]) -> dict[str, Entry]:
        """Add which days the rows cover and how new each delivery is."""
        by_spec: dict[str, list[Waiting]] = {}
        for item in landed:
            by_spec.setdefault(item.spec.table, []).append(item)
        return {
            entry.file_key: entry
            for items in by_spec.values()
            for entry in self._dated_alike(items)
        }

    def _dated_alike(self, items: list[Waiting]) -> list[Entry]:
        spec = items[0].spec
        dated = [c.name for c in spec.columns if c.kind in {"date", "instant"}]
        day = f"left({identifier(spec.date_column)}, 10)"
        latest = ", ".join(f"max({identifier(name)})" for name in dated)
        files = ", ".join(exact_path(item.rows) for item in items if item.rows)
        found = self.connection.execute(
            f"select _file_key, min({day}), max({day}), greatest({latest}) "
            f"from read_parquet([{files}]) group by _file_key"
        ).fetchall()
        ages = {key: ages for key, *ages in found}
        return [
            _with_ages(item, *ages.get(item.entry.file_key, (None, None, None)))
            for item in items
        ]


def _with_ages(
    item: Waiting, start: str | None, end: str | None, newest: str | None
) -> Entry:
    return replace(
        item.entry,
        data_start_date=date.fromisoformat(start) if start else None,
        data_end_date=date.fromisoformat(end) if end else None,
        as_of=item.created_at or newest,
    )
