"""The landing ledger: one entry a document, and the point at which its rows count."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256

import duckdb

from orchestration.landing.context import Context
from orchestration.landing.lake import (
    EMPTY,
    LEDGER,
    ledger_folder,
    view_queries,
    write_parquet,
)
from orchestration.landing.specs import load_specs
from orchestration.landing.sql import quoted
from orchestration.settings import Home

REFUSED = "refused.parquet"
LANDED = "landed.parquet"


@dataclass(frozen=True)
class Entry:
    """One document seen; the fields are the ledger's columns."""

    file_key: str
    file_sha256: str | None
    file_name: str
    report_type: str | None = None
    lake_table: str | None = None
    status: str = "refused"
    reason: str | None = None
    rows_read: int | None = None
    rows_landed: int | None = None
    rows_quarantined: int | None = None
    encoding: str | None = None
    seller_id: str | None = None
    marketplace_code: str | None = None
    window_start_date: date | None = None
    window_end_date: date | None = None
    data_start_date: date | None = None
    data_end_date: date | None = None
    as_of: str | None = None
    unknown_columns: str | None = None
    personal_columns: str | None = None
    bytes_read: int | None = None
    landed_at: datetime | None = None
    mapping_name: str | None = None
    mapping_sha256: str | None = None


def file_key(content: str, table: str, context: Context) -> str:
    """Return the key of one document in one place.

    The same bytes under another name are the same document; for another seller,
    marketplace or window they are another one.

    Args:
        content: Hash of the document's bytes, or the report type where a request
            gave no document.
        table: Lake table.
        context: Where the document belongs.
    """
    parts = (
        content,
        table,
        context.seller_id,
        context.marketplace_code,
        context.window_start and context.window_start.isoformat(),
        context.window_end and context.window_end.isoformat(),
    )
    return sha256(repr(parts).encode()).hexdigest()[:32]


def refused_key(label: str, content: str | None) -> str:
    """Return the key of a refused document."""
    return sha256(repr(("refused", label, content)).encode()).hexdigest()[:32]


class Ledger:
    """The entries of one home: read once, written whole whenever some are added."""

    def __init__(self, home: Home, connection: duckdb.DuckDBPyConnection) -> None:
        self._home = home
        self._connection = connection
        rows = connection.execute(view_queries(home)["landing_files"]).fetchall()
        entries = [Entry(*row) for row in rows]
        self._refused = {e.file_key: e for e in entries if e.status == "refused"}
        self._entries = {e.file_key: e for e in entries if e.status != "refused"}
        landed = (
            f"from ({view_queries(home)['landing_files']}) where status != 'refused'"
        )
        connection.execute(f"create or replace temp table ledger as {landed}")

    def find(self, key: str) -> Entry | None:
        """Return the entry of a document that has landed (or had no data)."""
        return self._entries.get(key)

    def commit(self, entries: list[Entry]) -> None:
        """Write entries: from here on the documents' rows count."""
        now = _now()
        new = {entry.file_key: replace(entry, landed_at=now) for entry in entries}
        if not new:
            return
        gone = self._superseded(new)
        keys = ", ".join(map(quoted, [*new, *gone]))
        self._connection.execute(f"delete from ledger where file_key in ({keys})")
        self._connection.execute(f"insert into ledger {_query(list(new.values()))}")
        target = ledger_folder(self._home) / LANDED
        query = "select * from ledger order by file_key"
        write_parquet(self._connection, self._home, query, target)
        self._entries = {k: v for k, v in self._entries.items() if k not in gone} | new

    def _superseded(self, new: dict[str, Entry]) -> list[str]:
        """Return keys of exports that a changed mapping has put into another table."""
        places = {_place(entry): entry for entry in new.values()}
        return [
            key
            for key, entry in self._entries.items()
            if (found := places.get(_place(entry)))
            and found.lake_table != entry.lake_table
            and {found.lake_table, entry.lake_table} <= operations_tables()
        ]

    def confirm(self, entry: Entry, created_at: str | None) -> Entry:
        """Note that Amazon gave out the same document again, later than known.

        So the newest delivery of a row wins whichever way deliveries arrive.
        """
        if created_at is None or created_at <= (entry.as_of or ""):
            return entry
        self.commit([replace(entry, as_of=created_at)])
        return self._entries[entry.file_key]

    def mirror_refused(self, refused: list[Entry]) -> None:
        """Make the refused entries those of the present inbox, no others."""
        known = self._refused
        entries = [
            known[entry.file_key]
            if entry.file_key in known
            and replace(known[entry.file_key], landed_at=None) == entry
            else replace(entry, landed_at=_now())
            for entry in sorted(refused, key=lambda entry: entry.file_key)
        ]
        if entries == sorted(known.values(), key=lambda entry: entry.file_key):
            return
        target = ledger_folder(self._home) / REFUSED
        write_parquet(self._connection, self._home, _query(entries), target)
        self._refused = {entry.file_key: entry for entry in entries}

    def drop_orphans(self) -> None:
        """Delete files of a run that was killed before it wrote their entry."""
        tables = [self._home.lake / spec.table for spec in load_specs()]
        for folder in (*tables, self._home.quarantine):
            for path in sorted(folder.glob("*.parquet")):
                entry = self._entries.get(path.stem)
                if path.name != EMPTY and not (entry and entry.status == "landed"):
                    path.unlink()


def _place(entry: Entry) -> tuple[object, ...]:
    """Return which document of which delivery an entry is of, whatever it became."""
    return (
        entry.file_sha256,
        entry.seller_id,
        entry.marketplace_code,
        entry.window_start_date,
        entry.window_end_date,
    )


def operations_tables() -> set[str | None]:
    """Return the lake tables of what the seller's own tools export."""
    return {spec.table for spec in load_specs() if spec.source == "operations"}


def _query(entries: list[Entry]) -> str:
    fields = ", ".join(
        f"cast({name} as {kind}) as {name}" for name, kind in LEDGER.items()
    )
    names = ", ".join(LEDGER)
    values = [tuple(asdict(entry).values()) for entry in entries]
    rows = ", ".join(f"({', '.join(map(_value, row))})" for row in values)
    if not rows:
        rows = f"({', '.join('null' for _ in LEDGER)})"
    chosen = "" if entries else " where false"
    return f"select {fields} from (values {rows}) as entries ({names}){chosen}"


def _value(value: object) -> str:
    return "null" if value is None else quoted(str(value))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)
