"""The end of a run: what was found, what to look at, where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.running.recording import Recorder
from orchestration.running.run import RunOutcome
from orchestration.settings import Home
from orchestration.terminal.summary import (
    Score,
    coverage_gaps,
    in_detail,
    latest_scores,
)

_SHOWN_FILES = 5
_SHOWN_SELLERS = 8


@dataclass(frozen=True)
class Summary:
    """What a good run found."""

    scores: tuple[Score, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the summary as plain JSON values."""
        return {
            "scores": [score.to_json() for score in self.scores],
            "warnings": list(self.warnings),
        }


def summarised(home: Home, record: Recorder) -> Summary:
    """Return what a run that has published found."""
    return Summary(
        scores=tuple(latest_scores(home)),
        warnings=(
            *landing_warnings(record),
            *build_warnings(record),
            *gate_warnings(record),
            *(f"Gap: {gap}." for gap in coverage_gaps(home)),
        ),
    )


def landing_warnings(record: Recorder) -> list[str]:
    """Return what landing set aside: files, and rows of files that landed."""
    landing = record.landing
    if landing is None:
        return []
    told = [
        f"Refused: {item.file_name}: {item.reason}"
        for item in landing.refused[:_SHOWN_FILES]
    ]
    if len(landing.refused) > _SHOWN_FILES:
        told.append(
            f"Refused: {len(landing.refused) - _SHOWN_FILES} more files; table "
            "landing_files says why."
        )
    if landing.rows_quarantined:
        told.append(
            f"Quarantined: {landing.rows_quarantined:,} of "
            f"{landing.rows_quarantined + landing.rows_landed:,} new rows; table "
            "landing_rejects has line, column, value and reason of each."
        )
    return told


def build_warnings(record: Recorder) -> list[str]:
    """Return the data tests that warn."""
    return [
        f"Data test {node.name}: {node.failures} rows."
        for node in record.nodes
        if node.status == "warn"
    ]


def gate_warnings(record: Recorder) -> list[str]:
    """Return what the gate wants a reader of the numbers to know."""
    if record.gate is None:
        return []
    return [
        f"Gate: {result.description} Seen: {result.observed}."
        for result in record.gate.warnings
    ]


def written(summary: Summary, outcome: RunOutcome) -> str:
    """Return the end of a good run as text for a person."""
    lines = [""]
    for score in summary.scores[:_SHOWN_SELLERS]:
        lines += [*in_detail(score), ""]
    if len(summary.scores) > _SHOWN_SELLERS:
        more = len(summary.scores) - _SHOWN_SELLERS
        lines += [f"{more} more sellers: table kpi_scorecard_by_seller_month", ""]
    if not summary.scores:
        lines += ["No month is complete enough for a score yet.", ""]
    if summary.warnings:
        lines += ["Worth knowing", *(f"  {text}" for text in summary.warnings), ""]
    return "\n".join([*lines, *_where(outcome)])


def _where(outcome: RunOutcome) -> list[str]:
    home, publication = outcome.home, outcome.record.publication
    version = publication.version if publication else "nothing"
    return [
        f"Published {version} in {outcome.seconds:.1f} s",
        f"  Dashboard       {home.dashboard / 'index.html'}",
        f"  Tables          {home.published / 'current' / 'returns.duckdb'}",
        f"  Checks          {home.data_docs / 'index.html'}",
        f"  Meanings        {home.dictionary / 'index.html'}",
        "  Lineage, runs   make ui",
    ]
