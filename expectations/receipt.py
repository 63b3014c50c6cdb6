"""The stored verdict of the gate: what it saw, of exactly which build."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from expectations.suites import Expectation, Suite
from orchestration.errors import ReturnsError
from orchestration.files import write_atomically
from orchestration.settings import Home

KEPT_RECEIPTS = 20

Status = Literal["passed", "failed", "skipped", "error"]


class GateError(ReturnsError):
    """The gate could not be asked at all, or its stored answer cannot be read."""


@dataclass(frozen=True)
class Fingerprint:
    """Tells whether anybody wrote the warehouse since: file, and pending log."""

    size: int
    mtime_ns: int
    wal_size: int

    @classmethod
    def of(cls, warehouse: Path) -> Fingerprint:
        """Return the fingerprint of the file as it lies on the disk now."""
        stat = warehouse.stat()
        wal = warehouse.with_name(warehouse.name + ".wal")
        wal_size = wal.stat().st_size if wal.exists() else 0
        return cls(stat.st_size, stat.st_mtime_ns, wal_size)


@dataclass(frozen=True)
class Result:
    """The answer to one expectation.

    ``error`` means the question could not be answered: that blocks whatever the
    severity. ``skipped`` says in ``reason`` why there was nothing to ask.
    """

    suite: str
    table: str
    expectation: str
    description: str
    severity: str
    status: Status
    observed: str | None = None
    unexpected_count: int | None = None
    unexpected_share: float | None = None
    sample: list[dict[str, str | None]] = field(default_factory=list)
    notes: str | None = None
    reason: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether this answer alone stops the publication."""
        return self.status == "error" or (
            self.status == "failed" and self.severity == "critical"
        )

    @property
    def warns(self) -> bool:
        """Whether a reader of the published numbers should know of it."""
        return self.status == "failed" and self.severity == "warning"


@dataclass(frozen=True)
class GateReport:
    """The verdict on one build. ``reason`` says in one sentence why it did not pass."""

    build_id: str | None
    build_recorded_at: str | None
    passed: bool
    reason: str | None
    warehouse: Fingerprint | None
    suites_sha256: str
    compared_with: str | None
    validated_at: str
    seconds: float
    results: list[Result]

    @property
    def blocking(self) -> list[Result]:
        """The answers that stop the publication."""
        return [result for result in self.results if result.blocks]

    @property
    def warnings(self) -> list[Result]:
        """The answers that publish and are shown to readers."""
        return [result for result in self.results if result.warns]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> GateReport:
        """Return the report that ``to_json`` gave; raise on any other shape."""
        warehouse = value["warehouse"]
        return cls(
            **{
                **value,
                "warehouse": None if warehouse is None else Fingerprint(**warehouse),
                "results": [Result(**result) for result in value["results"]],
            }
        )


def answered(
    suite: Suite, expectation: Expectation, status: Status, **details: Any
) -> Result:
    """Return a result that carries what the suite says about its expectation."""
    return Result(
        suite=suite.name,
        table=suite.table,
        expectation=expectation.name,
        description=expectation.description,
        severity=expectation.severity,
        status=status,
        notes=expectation.notes,
        **details,
    )


def receipt_path(home: Home, build_id: str) -> Path:
    """Return where the verdict on ``build_id`` is stored."""
    return home.gate / f"{build_id}.json"


def store_receipt(home: Home, report: GateReport) -> None:
    """Store the verdict on a build and forget the oldest ones."""
    if report.build_id is None:
        raise GateError("A verdict without a build cannot be stored.")
    text = json.dumps(report.to_json(), indent=2)
    write_atomically(receipt_path(home, report.build_id), text)
    newest_first = sorted(
        home.gate.glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True
    )
    for path in newest_first[KEPT_RECEIPTS:]:
        path.unlink()


def read_receipt(path: Path) -> GateReport:
    """Return a stored verdict.

    Raises:
        GateError: the file is not a verdict this version of the gate wrote.
    """
    try:
        return GateReport.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GateError(
            f"The gate result {path} is damaged; run the gate again."
        ) from error
