"""Stored verdicts come back as they were; damaged ones do not pass for good ones."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from expectations.receipt import (
    KEPT_RECEIPTS,
    Fingerprint,
    GateError,
    GateReport,
    Result,
    read_receipt,
    receipt_path,
    store_receipt,
)
from orchestration.settings import Home


def result(severity: str, status: str) -> Result:
    return Result("s", "facts.s", "e", "E.", severity, status)  # type: ignore[arg-type]


def report(build_id: str | None = "b1") -> GateReport:
    return GateReport(
        build_id=build_id,
        build_recorded_at="2026-11-24 00:00:00",
        passed=True,
        reason=None,
        warehouse=Fingerprint(1, 2, 0),
        suites_sha256="x",
        compared_with=None,
        validated_at="2026-11-24T00:00:00+00:00",
        seconds=1.5,
        results=[result("warning", "failed")],
    )


def test_a_verdict_comes_back_as_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path)
    store_receipt(home, report())
    assert read_receipt(receipt_path(home, "b1")) == report()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"passed": true}', '{"passed": true, "results": 1}']
)
def test_a_damaged_verdict_raises(text: str, tmp_path: Path) -> None:
    path = tmp_path / "b1.json"
    path.write_text(text)
    with pytest.raises(GateError, match="damaged"):
        read_receipt(path)


def test_a_verdict_with_an_unknown_field_raises(tmp_path: Path) -> None:
    path = tmp_path / "b1.json"
    path.write_text(json.dumps({**report().to_json(), "passd": True}))
    with pytest.raises(GateError, match="damaged"):
        read_receipt(path)


def test_the_oldest_verdicts_are_forgotten(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for number in range(KEPT_RECEIPTS + 3):
        store_receipt(home, report(f"b{number}"))
        os.utime(receipt_path(home, f"b{number}"), (number, number))
    store_receipt(home, report("newest"))
    kept = {path.stem for path in home.gate.iterdir()}
    assert len(kept) == KEPT_RECEIPTS
    assert "newest" in kept and "b3" not in kept


def test_a_verdict_without_a_build_is_not_stored(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="without a build"):
        store_receipt(Home(tmp_path), report(None))


@pytest.mark.parametrize(
    ("severity", "status", "blocks", "warns"),
    [
        ("critical", "failed", True, False),
        ("warning", "failed", False, True),
        ("critical", "error", True, False),
        ("warning", "error", True, False),
        ("critical", "skipped", False, False),
        ("critical", "passed", False, False),
    ],
)
def test_what_blocks_and_what_warns(
    severity: str, status: str, blocks: bool, warns: bool
) -> None:
    one = result(severity, status)
    assert (one.blocks, one.warns) == (blocks, warns)


def test_a_fingerprint_sees_a_pending_log(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    warehouse.write_bytes(b"12")
    before = Fingerprint.of(warehouse)
    (tmp_path / "warehouse.duckdb.wal").write_bytes(b"123")
    assert (before.size, before.wal_size) == (2, 0)
    assert Fingerprint.of(warehouse).wal_size == 3
