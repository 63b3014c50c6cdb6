"""Reading one document into Parquet work files: fast where it can, careful else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.landing.cleaning import Cleaned, clean
from orchestration.landing.encoding import (
    Decoder,
    UnreadableBytesError,
    is_utf16,
    transcode,
    utf16_to_utf8,
)
from orchestration.landing.errors import BalanceError, Refusal
from orchestration.landing.layout import Layout
from orchestration.landing.parsing import (
    Source,
    Target,
    date_formats_that_fit,
    has_decimal_comma,
    rejects_query,
    rows_query,
)
from orchestration.landing.scan import Scan, rescan
from orchestration.landing.specs import ReportSpec
from orchestration.landing.sql import quoted
from orchestration.landing.structured.reading import encoding_of, read_structured
from orchestration.landing.values import Dialect, first_dialect

SMALL_BYTES = 1_000_000
# How the SQL of a field begins that a mapping takes from others as they are.
PLAINLY_MADE = ("t", "coalesce(t")
# A quarter of DuckDB's own: 320 MB of memory instead of 560, at no cost in time.
ROW_GROUP = 30_720


@dataclass(frozen=True)
class Reading:
    """What became of a document's rows, and where the work files are.

    ``landed + quarantined == read`` always holds; ``rows`` and ``rejects`` are
    ``None`` where there is nothing to keep. ``unknown`` and ``personal`` name fields
    that only reading shows, where there is no header.
    """

    read: int
    landed: int
    quarantined: int
    encoding: str
    rows: Path | None = None
    rejects: Path | None = None
    unknown: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads documents with one DuckDB connection and one scratch folder."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path

    def as_utf8(self, scan: Scan) -> Scan:
        """Return the scan of a UTF-16 document's UTF-8 copy; others as they are.

        Raises:
            Refusal: It is not the UTF-16 its first bytes promise.
        """
        if not is_utf16(scan):
            return scan
        copy = self.scratch / "utf8"
        with scan.source.open("rb") as source, copy.open("wb") as target:
            utf16_to_utf8(source, target)
        return replace(
            rescan(copy), sha256=scan.sha256, size=scan.size, state=scan.state
        )

    def read(
        self, scan: Scan, layout: Layout, fallback: str, target: Target, was_utf16: bool
    ) -> Reading:
        """Read a recognised document.

        Raises:
            Refusal: Its dates can be read in more than one way.
            BalanceError: Rows got lost on the way, which must never happen.
        """
        suit(self.connection, scan.size)
        if layout.family:
            found = self._structured(scan, layout, fallback, target)
            return replace(found, encoding="utf-16") if was_utf16 else found
        expected = scan.lines - layout.header_line - scan.trailing_blank_lines
        decoder = Decoder(fallback)
        source = self._fast_source(scan, layout, decoder)
        # Looking for an at sign in each column of a document without one would take
        # a third of the time of a small one.
        may_hold_emails = scan.has_at or not scan.is_ascii
        reading = (
            self._fast(source, layout, target, expected, may_hold_emails)
            if source
            else None
        )
        if reading is None:
            decoder = Decoder(fallback)
            cleaned = clean(scan, layout, decoder, self.scratch)
            source = Source(cleaned.lines, layout, is_numbered=True)
            reading = self._careful(cleaned, source, target)
        return replace(reading, encoding="utf-16" if was_utf16 else decoder.name(scan))

    def _structured(
        self, scan: Scan, layout: Layout, fallback: str, target: Target
    ) -> Reading:
        """Read an XML or JSON document."""
        cleaned = Cleaned(self.scratch / "lines.tsv", self.scratch / "broken.tsv")
        told = read_structured(scan, layout, fallback, cleaned)
        source = Source(
            cleaned.lines,
            layout,
            is_numbered=True,
            numbers=("line", "row"),
            number="line" if told.has_own_lines else "row",
        )
        reading = self._careful(cleaned, source, target)
        return replace(
            reading,
            encoding=encoding_of(scan, layout, fallback),
            unknown=tuple(told.unknown),
            personal=tuple(told.personal),
        )

    def _fast_source(
        self, scan: Scan, layout: Layout, decoder: Decoder
    ) -> Source | None:
        """Return a file DuckDB can read in one go, or None if lines need a look."""
        if scan.has_nul or layout.header_line != 1 or not tells_header(layout):
            return None
        if scan.is_utf8 and not scan.returns:
            return Source(scan.source, layout)
        if scan.is_utf8 and scan.returns == scan.newlines == scan.pairs:
            return Source(scan.source, layout, newline="\\r\\n")
        copy = self.scratch / "transcoded"
        try:
            with copy.open("wb") as target:
                transcode(scan, target, decoder)
        except UnreadableBytesError:
            return None
        return Source(copy, layout)

    def _fast(
        self,
        source: Source,
        layout: Layout,
        target: Target,
        expected: int,
        may_hold_emails: bool,
    ) -> Reading | None:
        """Read in one streaming pass; None if not every line became a good row."""
        formats = date_formats(layout.spec, target.marketplace_code)
        if len(formats) > 1 and layout.spec.date_format_by_marketplace:
            return None
        if expected <= 0:
            return None
        rows = self.scratch / "rows.parquet"
        dialect = replace(
            first_dialect(layout.spec, formats), may_hold_emails=may_hold_emails
        )
        landed = self._copy(rows_query(source, dialect, target), rows)
        if landed != expected:
            return None
        return Reading(expected, landed, 0, "", rows)

    def _careful(self, cleaned: Cleaned, source: Source, target: Target) -> Reading:
        """Read the work file of the careful reading, and list what does not land."""
        if not cleaned.rows:
            return Reading(0, 0, 0, "")
        dialect = self._dialect(source, source.layout.spec, target.marketplace_code)
        rows, rejects = self.scratch / "rows.parquet", self.scratch / "rejects.parquet"
        landed = self._copy(rows_query(source, dialect, target), rows)
        if landed == cleaned.rows:
            return Reading(landed, landed, 0, "", rows)
        quarantined = self._copy(
            rejects_query(source, dialect, cleaned.rejects), rejects
        )
        if landed + quarantined != cleaned.rows:
            raise BalanceError(
                f"{cleaned.rows} rows read, but {landed} landed and {quarantined} in "
                "quarantine. This is a defect of landing; nothing was kept."
            )
        return Reading(
            cleaned.rows,
            landed,
            quarantined,
            "",
            rows,
            rejects,
        )

    def _dialect(
        self, source: Source, spec: ReportSpec, marketplace_code: str | None
    ) -> Dialect:
        formats = date_formats(spec, marketplace_code)
        if len(formats) > 1 and spec.date_format_by_marketplace:
            fitting = date_formats_that_fit(self.connection, source, formats)
            if len(fitting) != 1:
                found = "Several date formats fit" if fitting else "No date format fits"
                raise Refusal(
                    f"{found} every row of this {spec.title}, and nothing says which "
                    "marketplace it is from. Put it in a folder named after the "
                    "marketplace, such as US or amazon.de."
                )
            formats = (fitting[0],)
        dialect = first_dialect(spec, formats)
        if source.layout.family:
            return dialect  # programs write XML and JSON, with decimal points
        has_comma = has_decimal_comma(self.connection, source, dialect)
        return replace(dialect, has_decimal_comma=has_comma)

    def _copy(self, query: str, path: Path) -> int:
        """Write a query's rows to Parquet and return their number."""
        row = self.connection.execute(
            f"copy ({query}) to {quoted(path)} "
            f"(format parquet, row_group_size {ROW_GROUP})"
        ).fetchone()
        if row is None:
            raise BalanceError("DuckDB did not say how many rows it wrote.")
        return int(row[0])


def suit(connection: duckdb.DuckDBPyConnection, size: int) -> None:
    """Plan a small document plainly, on one core; a large one as well as it can be.

    The query of a document is long: of a small one, optimising it takes more than
    half of the time and wins nothing.
    """
    if size < SMALL_BYTES:
        connection.execute("set threads = 1; pragma disable_optimizer")
    else:
        connection.execute("reset threads; pragma enable_optimizer")


def tells_header(layout: Layout) -> bool:
    """Say whether some column could not hold a repeated header's own words."""
    return any(
        column.kind in {"date", "instant", "decimal", "integer", "flag"}
        # What a mapping makes of words, or of none, may stand under any header.
        and layout.made.get(layout.fields[column.name], "t").startswith(PLAINLY_MADE)
        for column in layout.spec.columns
        if column.name in layout.fields
    )


def date_formats(spec: ReportSpec, marketplace_code: str | None) -> tuple[str, ...]:
    """Return the formats that a report's dates may have in a marketplace."""
    known = spec.date_format_by_marketplace.get(marketplace_code or "")
    return (known,) if known else spec.date_formats


def clean_scratch(scratch: Path) -> None:
    """Leave an empty scratch folder: a killed run may have left raw text there."""
    if scratch.exists():
        shutil.rmtree(scratch)
    scratch.parent.mkdir(parents=True, exist_ok=True)
    # Raw text may hold personal data: nobody else on the machine may look.
    scratch.mkdir(mode=0o700)
