"""Listens to a run and keeps what it did: phases, results, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from expectations.receipt import GateReport
from orchestration.landing.landing import LandingSummary
from orchestration.publication.versions import Publication
from orchestration.terminal.explaining import explained, unexpected
from orchestration.transformation.dbt_process import NodeResult


@dataclass
class Recorder:
    """A listener that remembers."""

    seconds: dict[str, float] = field(default_factory=dict)
    nodes: list[NodeResult] = field(default_factory=list)
    landing: LandingSummary | None = None
    gate: GateReport | None = None
    publication: Publication | None = None
    failures: list[tuple[str, Exception]] = field(default_factory=list)
    # What Dagster says failed, for what failed outside of a phase.
    failed_steps: list[str] = field(default_factory=list)

    def started(self, phase: str) -> None:
        """Need not know."""

    def advanced(self, phase: str, text: str) -> None:
        """Need not know."""

    def ended(self, phase: str, seconds: float) -> None:
        """Add up the phase's time."""
        self.seconds[phase] = round(self.seconds.get(phase, 0.0) + seconds, 3)

    def failed(self, phase: str, error: Exception) -> None:
        """Keep the error, once: it rises through the phases around it."""
        if all(known is not error for _, known in self.failures):
            self.failures.append((phase, error))

    def learned(self, phase: str, result: object) -> None:
        """Keep what a phase found out, by its kind."""
        match result:
            case NodeResult():
                self.nodes.append(result)
            case GateReport():
                self.gate = result
            case Publication():
                self.publication = result
            case LandingSummary():
                self.landing = result

    def problems(self) -> list[str]:
        """Return one text for each thing that went wrong, for a person."""
        return [
            explained(error) or unexpected(error, phase)
            for phase, error in self.failures
        ]

    def landed(self) -> dict[str, Any] | None:
        """Return what landing did: documents by status, rows, refusals."""
        if self.landing is None:
            return None
        return {
            "documents": self.landing.counts,
            "rows_landed": self.landing.rows_landed,
            "rows_quarantined": self.landing.rows_quarantined,
            "refused": [
                {"file_name": item.file_name, "reason": item.reason}
                for item in self.landing.refused
            ],
        }

    def build(self) -> dict[str, Any]:
        """Return what dbt did, in numbers and names."""
        counts: dict[str, int] = {}
        for node in self.nodes:
            counts[node.kind] = counts.get(node.kind, 0) + 1
        slowest = sorted(self.nodes, key=lambda node: -node.seconds)[:10]
        return {
            "nodes": counts,
            "seconds": round(sum(node.seconds for node in self.nodes), 3),
            "failed": [node.name for node in self.nodes if node.failed],
            "warned": [node.name for node in self.nodes if node.status == "warn"],
            "slowest": {node.name: round(node.seconds, 3) for node in slowest},
        }
