"""How the gate decides, stores and shows; that it fails closed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.receipt import GateError, read_receipt, receipt_path
from expectations.runner import examine, validate
from expectations.suites import SuiteError, suites_sha256
from orchestration.settings import PROJECT_ROOT, Home
from tests.small_home import build, make_home

SUITE = """
table: facts.fct_returns
title: Returns
keys: [build_id, line]
expectations:
  - name: few_lines
    description: There are at most twenty lines.
    severity: {severity}
    type: expect_column_values_to_be_between
    notes: "2026-11: for the test."
    kwargs: {{column: line, min_value: 0, max_value: 19}}
  - name: no_gap
    description: No line is missing.
    severity: critical
    type: unexpected_rows_expectation
    kwargs:
      unexpected_rows_query: |
        select line from {{batch}} where line > (select count(*) from {table})
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


def suites(
    tmp_path: Path, severity: str = "critical", table: str = "facts.fct_returns"
) -> Path:
    folder = tmp_path / "suites"
    folder.mkdir(exist_ok=True)
    text = SUITE.format(severity=severity, table=table)
    (folder / "fct_returns.yml").write_text(text)
    return folder


def gate(home: Home, *arguments: str, told: str | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "expectations", "--home", str(home.root), *arguments],
        cwd=PROJECT_ROOT,
        stdin=subprocess.DEVNULL if told is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_good_data_pass(home: Home, tmp_path: Path) -> None:
    build(home, "build-1", rows=5)
    report = examine(home, folder=suites(tmp_path))
    assert (report.passed, report.reason) == (True, None)
    assert [result.status for result in report.results] == ["passed", "passed"]
    assert report.build_id == "build-1"
    assert report.compared_with is None


def test_a_critical_failure_blocks_and_says_what(home: Home, tmp_path: Path) -> None:
    build(home, "build-1", rows=30)
    report = examine(home, folder=suites(tmp_path))
    few_lines = report.results[0]
    assert not report.passed
    assert report.reason == (
        'fct_returns, "There are at most twenty lines": 10 of 30 rows outside.'
    )
    assert (few_lines.unexpected_count, len(few_lines.sample)) == (10, 5)
    assert few_lines.sample[0] == {"build_id": "build-1", "line": "20"}


def test_a_warning_passes_and_stays_visible(home: Home, tmp_path: Path) -> None:
    build(home, "build-1", rows=30)
    report = examine(home, folder=suites(tmp_path, "warning"))
    assert report.passed
    assert [result.expectation for result in report.warnings] == ["few_lines"]


def test_a_question_that_raises_blocks_alone(home: Home, tmp_path: Path) -> None:
    build(home, "build-1", rows=5)
    report = examine(home, folder=suites(tmp_path, table="facts.gone"))
    assert [result.status for result in report.results] == ["passed", "error"]
    assert not report.passed
    assert "gone does not exist" in str(report.reason)


def test_a_missing_table_blocks(home: Home, tmp_path: Path) -> None:
    build(home, "build-1")
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("drop table facts.fct_returns")
    report = examine(home, folder=suites(tmp_path, "warning"))
    assert {result.status for result in report.results} == {"error"}
    assert "The table facts.fct_returns is missing" in str(report.reason)


def test_an_empty_table_passes(home: Home, tmp_path: Path) -> None:
    build(home, "build-1", rows=0)
    report = examine(home, folder=suites(tmp_path))
    assert report.passed
    assert report.results[0].observed == "0 of 0 rows outside"


def test_no_warehouse_and_no_build_do_not_pass(home: Home, tmp_path: Path) -> None:
    report = examine(Home(tmp_path / "nothing"), folder=suites(tmp_path))
    assert (report.passed, report.build_id) == (False, None)
    assert "no warehouse yet" in str(report.reason)
    report = examine(home, folder=suites(tmp_path))
    assert (report.passed, report.build_id) == (False, None)
    assert "No build is recorded" in str(report.reason)


@pytest.mark.parametrize("status", ["running", "failed"])
def test_an_unfinished_build_does_not_pass(
    status: str, home: Home, tmp_path: Path
) -> None:
    build(home, "build-1")
    build(home, "build-2", status=status)
    report = examine(home, folder=suites(tmp_path))
    assert (report.passed, report.build_id) == (False, "build-2")
    assert f"'{status}', not 'built'" in str(report.reason)


def test_a_broken_suite_is_an_error_not_a_pass(home: Home, tmp_path: Path) -> None:
    build(home, "build-1")
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(SuiteError, match="no suite"):
        examine(home, folder=folder)


def test_files_are_let_go_afterwards(home: Home, tmp_path: Path) -> None:
    build(home, "build-1")
    examine(home, folder=suites(tmp_path))
    build(home, "build-2")  # a reader left open would lock this writer out


def test_the_verdict_is_stored_and_shown(home: Home) -> None:
    build(home, "build-1")
    report = validate(home)
    assert read_receipt(receipt_path(home, "build-1")) == report
    assert report.suites_sha256 == suites_sha256()
    assert not report.passed  # the small home lacks most tables
    page = (home.data_docs / "index.html").read_text()
    assert "Blocked" in page and "build-1" in page


def test_comparisons_are_skipped_with_a_reason(home: Home) -> None:
    build(home, "build-1")
    by_caller = examine(home, compare=False)
    skipped = {r.reason for r in by_caller.results if r.status == "skipped"}
    assert "switched off" in " ".join(map(str, skipped))


def test_empty_tables_of_a_whole_warehouse_pass(
    copy_home: Callable[[], Home],
) -> None:
    """A seller may start with nothing of what a suite asks about."""
    home = copy_home()
    shutil.rmtree(home.published)
    with duckdb.connect(home.warehouse) as connection:
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where schema_name in ('facts', 'marts')"
        ).fetchall():
            connection.execute(f"delete from {schema}.{table}")
    report = examine(home)
    assert report.passed
    assert {result.status for result in report.results} == {"passed", "skipped"}


def test_the_process_waits_until_told(home: Home) -> None:
    process = gate(home, "--when-told", told="")
    assert process.stdin is not None
    build(home, "build-1")  # while the gate imports; it must not look yet
    out, err = process.communicate("validate\n", timeout=120)
    assert process.returncode == 0, err
    assert out.count("\n") == 1
    verdict = json.loads(out)
    assert (verdict["build_id"], verdict["passed"]) == ("build-1", False)


def test_a_caller_that_dies_is_not_an_order(home: Home) -> None:
    build(home, "build-1")
    process = gate(home, "--when-told", told="")
    out, err = process.communicate("", timeout=120)
    assert (process.returncode, out) == (2, "")
    assert "without being told" in err
    assert not home.gate.exists()


def test_a_locked_warehouse_is_said_in_one_sentence(home: Home) -> None:
    build(home, "build-1")
    script = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held');"
        "sys.stdout.flush(); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(GateError, match=r"cannot open .*Could not set lock"):
            examine(home)
        out, err = gate(home).communicate(timeout=120)
        writer.communicate()
    assert out == ""
    assert "The gate cannot open" in err and "Traceback" not in err
