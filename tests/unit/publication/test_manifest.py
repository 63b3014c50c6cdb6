"""A version says exactly which code and which data it is made of."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest

from orchestration.publication.manifest import code_version, data_version


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "model.sql").write_text("select 1")
    (tmp_path / ".gitignore").write_text("var/\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def git(project: Path, *words: str) -> str:
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    return subprocess.run(
        ["git", *author, *words],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def ledger(
    *rows: tuple[str, str], as_of: str | None = None
) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema raw")
    connection.execute(
        "create table raw.landing_files (file_key text, status text, as_of text)"
    )
    for row in rows:
        connection.execute(
            "insert into raw.landing_files values (?, ?, ?)", (*row, as_of)
        )
    return connection


def test_a_clean_checkout_is_its_commit(project: Path) -> None:
    assert code_version(project) == git(project, "rev-parse", "HEAD")


def test_generated_files_do_not_count(project: Path) -> None:
    (project / "var").mkdir()
    (project / "var" / "warehouse.duckdb").write_text("x")
    assert code_version(project) == git(project, "rev-parse", "HEAD")


def test_two_different_edits_are_two_versions(project: Path) -> None:
    seen = {code_version(project)}
    for text in ("select 2", "select 3"):
        (project / "model.sql").write_text(text)
        seen.add(code_version(project))
    (project / "new.sql").write_text("select 4")
    seen.add(code_version(project))
    (project / "new.sql").write_text("select 5")
    seen.add(code_version(project))
    assert len(seen) == 5
    assert len([name for name in seen if "-modified-" in name]) == 4


def test_an_installed_package_is_its_release(tmp_path: Path) -> None:
    assert code_version(tmp_path) == version("returns-warehouse")


def test_without_git_the_files_tell_versions_apart(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "seeds").mkdir()
    monkeypatch.setenv("PATH", str(project))
    seen = {code_version(project)}
    (project / "seeds" / "rule.csv").write_text("a")
    seen.add(code_version(project))
    assert len(seen) == 2
    assert all("-files-" in name for name in seen)


def test_a_checkout_that_git_distrusts_is_told_by_its_files(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "-files-" in code_version(project)


def test_data_is_what_landed_in_any_order() -> None:
    one = ledger(("a", "landed"), ("b", "no_data"), ("c", "refused"))
    other = ledger(("b", "no_data"), ("a", "landed"))
    more = ledger(("a", "landed"), ("b", "no_data"), ("c", "landed"))
    assert data_version(one) == data_version(other) != data_version(more)


def test_a_document_given_out_again_later_is_other_data() -> None:
    """Then another version of a row may count, though the documents are the same."""
    rows = (("a", "landed"), ("b", "no_data"))
    seen = {data_version(ledger(*rows, as_of=day)) for day in (None, "2026-01-02")}
    assert len(seen) == 2
