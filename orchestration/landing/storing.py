"""Judging and reading one document, or saying why it does not land."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orchestration.landing.committing import Batch
from orchestration.landing.context import Context
from orchestration.landing.documents import Document, list_documents
from orchestration.landing.encoding import fallback_encoding, is_utf16
from orchestration.landing.errors import Refusal
from orchestration.landing.inbox import Delivery
from orchestration.landing.layout import Layout
from orchestration.landing.ledger import Entry, Ledger, file_key, refused_key
from orchestration.landing.mapping import Mapping
from orchestration.landing.parsing import Target
from orchestration.landing.reading import Reader, Reading
from orchestration.landing.recognition import recognise
from orchestration.landing.scan import Scan, refuse_if_changed, scan_document
from orchestration.landing.specs import ReportSpec, load_specs

Outcome = tuple[str, Entry]
NO_ROWS = "The document holds no row: no data for this window."
CANCELLED = "Amazon cancelled the request: no data for this window."


@dataclass(frozen=True)
class Lander:
    """Judges and reads documents one by one; the batch gives them their place."""

    batch: Batch
    ledger: Ledger
    reader: Reader
    mappings: tuple[Mapping, ...] = ()

    def documents(self, delivery: Delivery) -> list[Document]:
        """Return the documents of a delivery, none where only its meta file is there.

        Raises:
            Refusal: It is an archive that cannot be listed.
        """
        if delivery.path is None:
            return []
        return list_documents(delivery.path, delivery.label)

    def refuse(self, delivery: Delivery, reason: str) -> Entry:
        """Return the entry of a delivery that is refused before it is read."""
        entry = Entry("", None, delivery.label, seller_id=delivery.seller_id)
        return _refused(entry, reason)

    def land_request(self, label: str, context: Context) -> Outcome:
        """Note what Amazon said of a request that gave no document."""
        entry = _described(Entry("", None, label), context)
        if context.processing_status != "CANCELLED":
            return "refused", _refused(entry, _why_no_document(context))
        spec = next(
            (s for s in load_specs() if context.report_type in s.report_types), None
        )
        if spec is None or context.report_type is None:
            reason = (
                "Its .meta.json file states no report type that can land, so the "
                "window without data cannot be noted."
            )
            return "refused", _refused(entry, reason)
        key = file_key(context.report_type, spec.table, context)
        return self._no_data(replace(entry, file_key=key), spec, context, CANCELLED)

    def land_document(self, document: Document, context: Context) -> Outcome:
        """Land one document, unless it has landed before or cannot land."""
        entry = _described(Entry("", None, document.label), context)
        try:
            scan = scan_document(document, self.reader.scratch / "document")
            if not scan.size and context.processing_status:
                return self.land_request(document.label, context)
            entry = replace(entry, file_sha256=scan.sha256, bytes_read=scan.size)
            return self._land(document, context, scan, entry)
        except Refusal as refusal:
            return "refused", _refused(entry, str(refusal))

    def _land(
        self, document: Document, context: Context, scan: Scan, entry: Entry
    ) -> Outcome:
        was_utf16 = is_utf16(scan)
        text = self.reader.as_utf8(scan)
        fallback = fallback_encoding(context.marketplace_code, context.encoding)
        layout = recognise(text, fallback, context.report_type, self.mappings)
        _refuse_wrong_document(layout.spec, context)
        key = file_key(scan.sha256, layout.spec.table, context)
        # What a mapping makes of a document changes with the mapping.
        known = self._known(key, context)
        if known and known.mapping_sha256 == _mapping(layout)[1]:
            return "unchanged", replace(known, file_name=document.label)
        target = Target(key, context.seller_id, context.marketplace_code)
        reading = self.reader.read(text, layout, fallback, target, was_utf16)
        refuse_if_changed(document, scan)
        if reading.read and context.processing_status in {"FATAL", "CANCELLED"}:
            raise Refusal(
                f"Amazon's status of this request is {context.processing_status}, yet "
                "there are rows: this document belongs to another request."
            )
        entry = _with_reading(replace(entry, file_key=key), layout, reading)
        if not reading.read:
            return self._no_data(entry, layout.spec, context, NO_ROWS)
        entry = replace(entry, report_type=_report_type(layout.spec, context))
        self.batch.add(entry, layout.spec, context.created_at, reading)
        return "landed", entry

    def _no_data(
        self, entry: Entry, spec: ReportSpec, context: Context, reason: str
    ) -> Outcome:
        if known := self._known(entry.file_key, context):
            return "unchanged", replace(known, file_name=entry.file_name)
        entry = replace(
            entry,
            status="no_data",
            reason=reason,
            report_type=_report_type(spec, context),
            lake_table=spec.table,
            as_of=context.created_at,
            rows_read=0,
            rows_landed=0,
            rows_quarantined=0,
        )
        self.batch.add(entry, spec, context.created_at)
        return "no_data", entry

    def _known(self, key: str, context: Context) -> Entry | None:
        """Return the entry of a document that has landed, as new as it is now known."""
        if key in self.batch:
            self.batch.commit()
        known = self.ledger.find(key)
        return known and self.ledger.confirm(known, context.created_at)


def _described(entry: Entry, context: Context) -> Entry:
    return replace(
        entry,
        seller_id=context.seller_id,
        marketplace_code=context.marketplace_code,
        window_start_date=context.window_start,
        window_end_date=context.window_end,
    )


def _with_reading(entry: Entry, layout: Layout, reading: Reading) -> Entry:
    return replace(
        entry,
        lake_table=layout.spec.table,
        rows_read=reading.read,
        rows_landed=reading.landed,
        rows_quarantined=reading.quarantined,
        encoding=reading.encoding,
        unknown_columns=", ".join([*layout.unknown, *reading.unknown]) or None,
        personal_columns=", ".join([*layout.personal, *reading.personal]) or None,
        mapping_name=_mapping(layout)[0],
        mapping_sha256=_mapping(layout)[1],
    )


def _mapping(layout: Layout) -> tuple[str | None, str | None]:
    return layout.mapping or (None, None)


def _refused(entry: Entry, reason: str) -> Entry:
    key = refused_key(entry.file_name, entry.file_sha256)
    return replace(entry, file_key=key, status="refused", reason=reason)


def _refuse_wrong_document(spec: ReportSpec, context: Context) -> None:
    """Amazon has been seen to answer one request with the document of another."""
    stated = context.report_type
    if stated is not None and stated not in spec.report_types:
        raise Refusal(
            f"Its .meta.json file says {stated}, but this is the {spec.title} "
            f"({spec.report_types[0]}). Request the document again, or correct the "
            "meta file."
        )


def _report_type(spec: ReportSpec, context: Context) -> str:
    stated = context.report_type
    return stated if stated in spec.report_types else spec.report_types[0]


def _why_no_document(context: Context) -> str:
    if context.processing_status == "FATAL":
        return (
            "Amazon could not make this report (FATAL), often because it was requested "
            "too often. Request it again later."
        )
    return (
        "There is a .meta.json file but not the document it belongs to. Put the "
        "document beside it."
    )
