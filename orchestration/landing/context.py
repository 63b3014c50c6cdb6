"""What a document does not say itself: seller, marketplace, window, age."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.landing.encoding import ENCODINGS
from orchestration.landing.errors import Refusal
from orchestration.landing.marketplaces import find_marketplace

DEFAULT_SELLER = "default"
META_SUFFIX = ".meta.json"
# Lower-case codes that are also everyday folder names; their capitals still count.
WORDS = frozenset({"in", "it", "be"})
KNOWN = frozenset(
    """
    seller_id marketplace marketplace_id marketplace_ids data_start_time data_end_time
    created_time report_type processing_status encoding
    report_id report_document_id report_schedule_id processing_start_time
    processing_end_time
    """.split()  # noqa: SIM905 - a list literal would be a screen long
)


@dataclass(frozen=True)
class Context:
    """Where a document belongs, from its folders and its meta file.

    Attributes:
        seller_id: The seller account.
        marketplace_code: Marketplace, ``None`` where nothing names one.
        window_start: First day that was asked for, if stated.
        window_end: Last day that was asked for, if stated.
        created_at: When Amazon made the document: UTC, ``YYYY-MM-DD HH:MM:SS``.
        report_type: Amazon's report type, if stated.
        processing_status: Amazon's status of the request, if stated.
        encoding: Encoding of lines that are not UTF-8, if stated.
    """

    seller_id: str = DEFAULT_SELLER
    marketplace_code: str | None = None
    window_start: date | None = None
    window_end: date | None = None
    created_at: str | None = None
    report_type: str | None = None
    processing_status: str | None = None
    encoding: str | None = None


def folder_context(folders: tuple[str, ...]) -> Context:
    """Return what the folders between the inbox and a file say.

    The first folder is the seller account, unless it names a marketplace; a folder
    that names a marketplace is that marketplace; other folders say nothing.

    Raises:
        Refusal: Two folders name different marketplaces.
    """
    codes = [_folder_marketplace(folder) for folder in folders]
    named = {code for code in codes if code}
    if len(named) > 1:
        raise Refusal(
            f"The folders name several marketplaces: {', '.join(sorted(named))}. "
            "Keep one of them on the path."
        )
    return Context(seller_account(folders), next(iter(named), None))


def seller_account(folders: tuple[str, ...]) -> str:
    """Return the seller account that the folders of a file name."""
    if folders and _folder_marketplace(folders[0]) is None:
        return folders[0]
    return DEFAULT_SELLER


def _folder_marketplace(folder: str) -> str | None:
    if len(folder) == 2 and (
        folder in WORDS or folder.lower() != folder != folder.upper()
    ):
        return None
    found = find_marketplace(folder)
    return found.code if found else None


def with_meta(context: Context, meta: Path) -> Context:
    """Return ``context`` with what a ``.meta.json`` file adds or overrules.

    Its keys may be ours (``seller_id``) or Amazon's (``dataStartTime``): the answer
    of Amazon's getReport call can be saved as it is.

    Raises:
        Refusal: The meta file cannot be understood.
    """
    try:
        text = meta.read_text(encoding="utf-8-sig")
        content = json.loads(text, object_pairs_hook=_once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refusal(f"Its {META_SUFFIX} file is no valid JSON ({error}).") from error
    if not isinstance(content, dict):
        raise Refusal(f"Its {META_SUFFIX} file must hold one JSON object.")
    stated = {_snake(key): value for key, value in content.items() if value is not None}
    if unknown := sorted(stated.keys() - KNOWN):
        raise Refusal(
            f"Its {META_SUFFIX} file has unknown keys: {', '.join(unknown)}. Known are "
            "seller_id, marketplace, data_start_time, data_end_time, created_time, "
            "report_type, processing_status and encoding."
        )
    return replace(context, **_changes(stated))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; no key may stand there twice, in whichever spelling."""
    names = [_snake(key) for key, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refusal(f"Its {META_SUFFIX} file names {twice} twice.")
    return dict(pairs)


def _changes(stated: dict[str, Any]) -> dict[str, Any]:
    start, end = (_instant(stated, f"data_{end}_time") for end in ("start", "end"))
    created = _instant(stated, "created_time")
    texts = ("seller_id", "report_type", "processing_status", "encoding")
    changes: dict[str, Any] = {
        name: _text(stated, name) for name in texts if name in stated
    }
    if changes.get("encoding", "utf-8") not in ENCODINGS:
        raise Refusal(
            f"Its {META_SUFFIX} file states an unknown encoding; known are "
            f"{', '.join(sorted(ENCODINGS))}."
        )
    if code := _marketplace(stated):
        changes["marketplace_code"] = code
    if start and end and end < start:
        raise Refusal(
            f"data_end_time in its {META_SUFFIX} file is before data_start_time."
        )
    # The window's days are those the request named, in the zone it named them in.
    if start:
        changes["window_start"] = start.date()
    if end:
        changes["window_end"] = end.date()
    if created:
        changes["created_at"] = created.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return changes


def _marketplace(stated: dict[str, Any]) -> str | None:
    names = [stated[key] for key in ("marketplace", "marketplace_id") if key in stated]
    several = stated.get("marketplace_ids", [])
    # One request over several marketplaces tells nothing about a single row.
    names += several if isinstance(several, list) and len(several) == 1 else []
    codes = set()
    for name in names:
        found = find_marketplace(name) if isinstance(name, str) else None
        if found is None:
            raise Refusal(f"Its {META_SUFFIX} file names an unknown marketplace.")
        codes.add(found.code)
    if len(codes) > 1:
        raise Refusal(f"Its {META_SUFFIX} file names two marketplaces.")
    return next(iter(codes), None)


def _text(stated: dict[str, Any], name: str) -> str:
    value = stated[name]
    text = value.strip() if isinstance(value, str) else ""
    if not text or not text.isprintable():
        raise Refusal(f"{name} in its {META_SUFFIX} file must be text.")
    return text


def _instant(stated: dict[str, Any], name: str) -> datetime | None:
    if name not in stated:
        return None
    try:
        value = datetime.fromisoformat(_text(stated, name))
    except ValueError:
        value = datetime.min
    # Of other years a time is a misread number, and no time at all in some zone.
    if not 1990 <= value.year < 2100:
        raise Refusal(
            f"{name} in its {META_SUFFIX} file must be a time like "
            "2026-01-31T00:00:00Z."
        )
    return value.replace(tzinfo=value.tzinfo or UTC)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
