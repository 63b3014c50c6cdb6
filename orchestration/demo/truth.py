"""The truth beside the inbox: what happened, and what the documents should come to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

import duckdb

from orchestration.demo.actions import action_rows
from orchestration.demo.business import HORIZON, LAKESIDE, PERIOD_END, PERIOD_START
from orchestration.demo.catalogue import planted_causes
from orchestration.demo.documents import MISSING_MONTH, MISSING_ORDERS
from orchestration.demo.parameters import fill
from orchestration.demo.simulation import TRUTHS, ChunkResult

EXPECTATIONS = "expectations.json"
ROW_GROUP = 100_000


@dataclass(frozen=True)
class DocumentTruth:
    """What a document holds and what becomes of it.

    Attributes:
        label: As landing calls it: ``archive.zip!member`` for a member.
        status: ``landed``, ``no_data`` or ``refused``.
        rows_read: Rows of the document; a JSON document's metrics.
        duplicate_of: Label of the document with the same bytes, if it is a copy.
    """

    label: str
    report_type: str | None
    status: str
    rows_read: int
    rows_quarantined: int = 0
    duplicate_of: str | None = None


@dataclass
class TruthBook:
    """Gathers the truth of all chunks."""

    scratch: Path
    counts: Counter[str] = field(default_factory=Counter)
    parts: dict[str, list[Path]] = field(default_factory=dict)
    chunk_rows: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, result: ChunkResult) -> None:
        """Take a chunk's truth; chunks come in their order."""
        self.counts.update(result.counts)
        for name, path in result.parts.items():
            self.parts.setdefault(name, []).append(path)
        number = result.chunk.number
        self.chunk_rows += [(number, text[0], text[2]) for text in result.texts]


def write_truth(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    book: TruthBook,
    documents: Sequence[DocumentTruth],
    labels: Sequence[str],
    rejects: Sequence[tuple[str, int, str | None, str]],
) -> None:
    """Write every truth table as one Parquet file.

    Args:
        connection: The simulation's connection.
        folder: Where ``<table>.parquet`` goes.
        book: The chunks' truth.
        documents: Every document of the inbox.
        labels: Label of each simulated document, by its number.
        rejects: File, line, column and value of each line that cannot land.
    """
    folder.mkdir(parents=True)
    # One thread writes the same row groups however the rows came in.
    connection.execute("set threads = 1")
    connection.execute(LEDGERS)
    fill(connection, "document_labels", list(enumerate(labels)), book.scratch)
    fill(connection, "chunk_rows", book.chunk_rows, book.scratch)
    fill(connection, "rejects", rejects, book.scratch)
    fill(connection, "actions", action_rows(), book.scratch)
    fill(connection, "planted_causes", planted_causes(), book.scratch)
    fill(connection, "document_truths", [astuple(d) for d in documents], book.scratch)
    for name in TRUTHS:
        parts = connection.read_parquet([str(path) for path in book.parts[name]])
        if name == "report_rows":
            parts = parts.query("parts", NUMBERED)
        _write(parts, folder / f"{name}.parquet")
    _write(connection.table("rejects"), folder / "rejects.parquet")
    for name in ("actions", "planted_causes"):
        _write(connection.table(name), folder / f"{name}.parquet")
    _write(connection.table("document_truths"), folder / "documents.parquet")


LEDGERS = """
create table document_labels (document_id integer, file_name varchar);
create table chunk_rows (chunk_no integer, document_id integer, row_count bigint);
create table rejects (
    file_name varchar, line_number bigint, column_name varchar, value varchar
);
create table actions (
    action_id varchar, seller_id varchar, started_on date, has_effect boolean,
    effect varchar
);
create table planted_causes (
    seller_id varchar, sku varchar, return_reason_family varchar
);
create table document_truths (
    file_name varchar, report_type varchar, status varchar, rows_read bigint,
    rows_quarantined bigint, duplicate_of varchar
)
"""

# The header is line 1 of a document.
NUMBERED = """
with starts as (
    select
        *,
        sum(row_count) over (partition by document_id order by chunk_no)
        - row_count as earlier_rows
    from chunk_rows
)
select
    parts.return_id,
    document_labels.file_name,
    cast(1 + starts.earlier_rows + parts.row_in_chunk as bigint) as line_number
from parts
inner join starts
    on parts.chunk_no = starts.chunk_no
    and parts.document_id = starts.document_id
inner join document_labels on parts.document_id = document_labels.document_id
order by document_labels.document_id, line_number
"""


def _write(relation: duckdb.DuckDBPyRelation, path: Path) -> None:
    relation.write_parquet(str(path), row_group_size=ROW_GROUP, compression="zstd")


def write_expectations(
    folder: Path,
    seed: int,
    counts: Counter[str],
    documents: Sequence[DocumentTruth],
) -> None:
    """Write ``expectations.json``: what a correct landing of the inbox finds."""
    originals = [document for document in documents if not document.duplicate_of]
    statuses = Counter(document.status for document in originals)
    rows: dict[str, dict[str, int]] = {}
    for document in originals:
        if document.report_type:
            report = rows.setdefault(document.report_type, Counter())
            report["documents"] += 1
            report["rows_read"] += document.rows_read
            report["rows_quarantined"] += document.rows_quarantined
    content = {
        "seed": seed,
        "period": {"start": str(PERIOD_START), "end": str(PERIOD_END)},
        "last_pull": f"{HORIZON:%Y-%m-%d %H:%M:%S}",
        "counts": dict(sorted(counts.items())),
        "documents": {
            **dict(sorted(statuses.items())),
            "copies": len(documents) - len(originals),
        },
        "rows_quarantined": sum(d.rows_quarantined for d in originals),
        "reports": {name: dict(report) for name, report in sorted(rows.items())},
        "missing_month": {
            "month": f"{MISSING_MONTH:%Y-%m}",
            "orders_of_account": MISSING_ORDERS,
            "feedback_of_seller": LAKESIDE,
        },
    }
    text = json.dumps(content, indent=2) + "\n"
    (folder / EXPECTATIONS).write_text(text, encoding="utf-8")
