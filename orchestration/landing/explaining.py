"""Why a delimited document is none of those that can land, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.landing.layout import normalised
from orchestration.landing.specs import ReportSpec, lake_specs, load_yaml

UNSUPPORTED = Path(__file__).parent / "unsupported.yml"
DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
# Fewer columns in common are chance: many tables have an order id and a SKU.
FEWEST_COLUMNS = 3
NOTHING_NEAR: tuple[float, int, ReportSpec | None, list[str]] = (0.0, 0, None, [])


def explain_unknown(lines: list[str]) -> str:
    """Return why a document that begins with these lines cannot land."""
    return (
        _explain_unsupported(lines[0])
        or _explain_delimiter(lines[0])
        or _explain_preamble(lines)
        or _explain_nearest(lines[0])
    )


def _specs() -> Iterator[ReportSpec]:
    """Yield what is known by its header; of those of one table the usual one first."""
    for specs in lake_specs().values():
        for spec in specs:
            if spec.delimiters and spec.header == "by_name":
                yield spec


def _cells(line: str, delimiter: str) -> set[str]:
    # Whether quotation marks close does not matter for an explanation.
    return {normalised(cell) for cell in line.split(delimiter)}


def _named(spec: ReportSpec, line: str, delimiter: str) -> set[str]:
    cells = _cells(line, delimiter)
    return {spec.names[cell] for cell in cells if cell in spec.names}


def _has_header(spec: ReportSpec, line: str, delimiter: str) -> bool:
    return spec.is_known_by(_named(spec, line, delimiter))


@lru_cache(maxsize=1)
def _unsupported() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load_yaml(UNSUPPORTED)
    return found


def _explain_unsupported(header: str) -> str | None:
    for delimiter in DELIMITERS:
        cells = _cells(header, delimiter)
        for other in _unsupported():
            if set(other["signature"]) <= cells:
                return (
                    f"This is Amazon's {other['title']} ({other['report_type']}), "
                    "which is not yet supported. It stays in the inbox until it is."
                )
    return None


def _explain_delimiter(header: str) -> str | None:
    for delimiter, name in DELIMITERS.items():
        for spec in _specs():
            if delimiter not in spec.delimiters and _has_header(
                spec, header, delimiter
            ):
                right = " or ".join(DELIMITERS[item] for item in spec.delimiters)
                whose = "Amazon's" if spec.source == "amazon_sp" else "The original"
                return (
                    f"This has the header of the {spec.title} but is separated by "
                    f"{name}. {whose} document is separated by {right}; a spreadsheet "
                    "may have changed dates and numbers. Put the original here."
                )
    return None


def _explain_preamble(lines: list[str]) -> str | None:
    for number, line in enumerate(lines[1:11], start=2):
        for spec in _specs():
            if any(_has_header(spec, line, item) for item in spec.delimiters):
                return (
                    f"The header of the {spec.title} stands on line {number}, below "
                    "other lines. Delete the lines above it, after reading whether "
                    "they say that the export was cut short."
                )
    return None


def _explain_nearest(header: str) -> str:
    """Compare with everything that is known, however the line is separated."""
    found = [
        (1 - len(missing) / len(spec.required), len(named), spec, missing)
        for delimiter in DELIMITERS
        for spec in _specs()
        for named in [_named(spec, header, delimiter)]
        for missing in [[name for name in spec.required if name not in named]]
        if len(spec.required) - len(missing) >= FEWEST_COLUMNS
    ]
    share, _, spec, missing = max(found, key=lambda i: i[:2], default=NOTHING_NEAR)
    if spec and share >= 0.5:
        lacking = (
            f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
            if missing
            else f"column {' or '.join(spec.any_of)}"
        )
        return (
            f"This looks like the {spec.title} but lacks the required {lacking}. "
            "Download the document again without leaving columns out."
        )
    return (
        "The first line is not the header of a report or export that can land; "
        "`returns sources` lists them. Put Amazon's document here as downloaded, with "
        "its English header line; an export of another tool needs a mapping."
    )
