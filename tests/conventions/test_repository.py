"""What may stand in the repository, and how long a file may grow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conventions.conftest import ROOT, tracked_files

LENGTHS = {".sql": 150, ".py": 300, ".yml": 300}
HOME_PATHS = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/[A-Za-z]")
HOSTS = re.compile(r"--(?:extra-)?index-url|--find-links|https?://[^\s\"']*/simple")


@pytest.mark.parametrize("suffix", LENGTHS)
def test_files_stay_readable(suffix: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked_files(suffix)
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LENGTHS[suffix]
    }
    assert not long


def test_no_path_of_somebodys_machine() -> None:
    suffixes = (".py", ".sql", ".yml", ".toml", ".md", ".csv", "Makefile", "run")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files(*suffixes)
        if path != Path(__file__)
        for match in HOME_PATHS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize("lock", ["run.lock", "dev.lock"])
def test_locks_pin_every_hash_and_name_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    requirements = re.split(r"\n(?=[a-z])", text.strip())
    assert not [r.split()[0] for r in requirements if "--hash=sha256:" not in r]
    assert not HOSTS.search(text)


def test_nothing_generated_is_tracked() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    generated = re.compile(r"(^|/)(target|logs|var|\.venv)/|\.(duckdb|wal|parquet)$")
    assert not [name for name in listed if generated.search(name)]


def test_definitions_load_without_the_gates_imports() -> None:
    """Importing Great Expectations costs seconds; every Dagster process would pay."""
    check = (
        "import sys, orchestration.cli;"
        "heavy = {'great_expectations', 'dbt', 'dagster', 'pandas'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) if heavy else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
