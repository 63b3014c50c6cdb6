"""The pages of the gate: safe, offline, readable, and not more than wanted."""

from __future__ import annotations

import re
from pathlib import Path

from expectations.data_docs import write_data_docs
from expectations.receipt import GateReport, Result, store_receipt
from expectations.suites import Expectation, Suite
from orchestration.settings import Home

EVIL = "<script>alert('x')</script>"
SUITE = Suite(
    name="fct_returns",
    table="facts.fct_returns",
    title="Returns",
    keys=("return_key",),
    expectations=(
        Expectation("a", "Returns are kept.", "critical", "some_type", {}),
        Expectation("b", "Labels are cheap.", "warning", "some_type", {}),
    ),
)


def report(build_id: str | None, *results: Result, minute: int = 0) -> GateReport:
    blocked = [one for one in results if one.blocks]
    return GateReport(
        build_id=build_id,
        build_recorded_at="2026-11-24 07:00:00",
        passed=build_id is not None and not blocked,
        reason="Returns are kept." if blocked else None,
        warehouse=None,
        suites_sha256="x",
        compared_with="v1-abc",
        validated_at=f"2026-11-24T07:{minute:02}:00+00:00",
        seconds=1.0,
        results=list(results),
    )


def answer(name: str, severity: str, status: str, **details: object) -> Result:
    return Result(
        suite="fct_returns",
        table="facts.fct_returns",
        expectation=name,
        description={"a": "Returns are kept.", "b": "Labels are cheap."}[name],
        severity=severity,
        status=status,  # type: ignore[arg-type]
        **details,  # type: ignore[arg-type]
    )


def page(home: Home, one: GateReport) -> str:
    if one.build_id is not None:
        store_receipt(home, one)
    return write_data_docs(home, one, (SUITE,)).read_text()


def test_a_page_shows_verdict_sample_and_notes(tmp_path: Path) -> None:
    text = page(
        Home(tmp_path),
        report(
            "b1",
            answer("a", "critical", "passed", observed="none found"),
            answer(
                "b",
                "warning",
                "failed",
                observed="7 of 100 rows outside",
                unexpected_count=7,
                unexpected_share=0.07,
                sample=[{"return_key": "R1", "label_cost_amount": None}],
                notes="2026-11: half the price.",
            ),
        ),
    )
    assert "Passed, with 1 warning<" in text
    for words in ("7 of 100 rows outside", "(7.0 %)", "R1", "label cost amount"):
        assert words in text
    assert "The first 1 of 7." in text and "2026-11: half the price." in text


def test_a_blocked_page_says_why(tmp_path: Path) -> None:
    text = page(
        Home(tmp_path), report("b1", answer("a", "critical", "failed", observed="3"))
    )
    assert "<h1>Blocked</h1>" in text
    assert '<p class="why">Returns are kept.</p>' in text


def test_data_cannot_become_markup(tmp_path: Path) -> None:
    text = page(
        Home(tmp_path),
        report(
            "b1",
            answer("a", "critical", "error", reason=EVIL),
            answer("b", "warning", "failed", observed="1", sample=[{EVIL: EVIL}]),
        ),
    )
    assert EVIL not in text
    assert "&lt;script&gt;" in text


def test_pages_need_no_network_and_no_script(tmp_path: Path) -> None:
    text = page(Home(tmp_path), report("b1", answer("a", "critical", "passed")))
    assert not re.search(r"<script|<link|<img|src=|@import|url\(|https?://", text)


def test_earlier_pages_are_linked_as_long_as_their_receipts(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for number in range(23):
        text = page(home, report(f"b{number:02}", minute=number))
    pages = {path.stem for path in (home.data_docs / "runs").iterdir()}
    assert len(pages) == 20 and "b22" in pages
    linked = re.findall(r'href="runs/([^"]+)\.html"', text)
    assert linked == sorted(pages - {"b22"}, reverse=True)
    old = (home.data_docs / "runs" / "b22.html").read_text()
    assert 'href="../index.html"' in old


def test_a_verdict_without_a_build_has_a_page(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert "Blocked" in page(home, report(None))
    assert not (home.data_docs / "runs").exists()
