"""What a published version says about itself: ``manifest.json``."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import duckdb

from expectations.receipt import GateReport, Result
from orchestration.publication.warehouse import Build
from orchestration.settings import PROJECT_ROOT

# What decides a number: the models, their reference data, the gate, the code.
SOURCE_FOLDERS = ("dbt_project", "seeds", "expectations", "orchestration")


@dataclass(frozen=True)
class Identity:
    """Which data, by which code, in which build: what the numbers depend on."""

    version: str
    build_id: str
    built_at: str
    published_at: str
    code_version: str
    data_version: str


def identity(
    connection: duckdb.DuckDBPyConnection, build: Build, number: int
) -> Identity:
    """Return the identity of the version to be published as ``number``."""
    short = "".join(filter(str.isalnum, build.build_id))[:8]
    return Identity(
        version=f"v{number}-{short}",
        build_id=build.build_id,
        built_at=build.built_at.replace(tzinfo=UTC).isoformat(timespec="seconds"),
        published_at=datetime.now(UTC).isoformat(timespec="seconds"),
        code_version=code_version(PROJECT_ROOT),
        data_version=data_version(connection),
    )


def code_version(project: Path) -> str:
    """Return the commit and what differs from it, or else the package's version."""
    release = package_version("returns-warehouse")
    if not (project / ".git").exists():
        return release
    try:
        commit = _git(project, "rev-parse", "HEAD").decode().strip()
        changes = hashlib.sha256(_git(project, "diff", "HEAD", "--binary"))
        new_files = _git(project, "ls-files", "-z", "--others", "--exclude-standard")
    except (FileNotFoundError, subprocess.CalledProcessError):
        # No git here, or the checkout is somebody else's and git will not look at it:
        # told apart by what the files say.
        return f"{release}-files-{_files_hash(project)}"
    for name in filter(None, new_files.decode().split("\0")):
        changes.update(name.encode() + b"\0" + (project / name).read_bytes())
    if changes.hexdigest() == hashlib.sha256().hexdigest():
        return commit
    return f"{commit}-modified-{changes.hexdigest()[:8]}"


def _files_hash(project: Path) -> str:
    content = hashlib.sha256()
    for folder in SOURCE_FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                content.update(str(path.relative_to(project)).encode() + b"\0")
                content.update(path.read_bytes())
    return content.hexdigest()[:12]


def data_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Return what tells one set of landed documents from another.

    How new a document is belongs to it: that decides which version of a row counts.
    """
    documents = connection.execute(
        "select file_key, coalesce(cast(as_of as varchar), '') from raw.landing_files"
        " where status in ('landed', 'no_data') order by file_key"
    ).fetchall()
    told = "\n".join(f"{key} {as_of}" for key, as_of in documents)
    return hashlib.sha256(told.encode()).hexdigest()


def manifest(
    identity: Identity,
    receipt: GateReport,
    tables: dict[str, dict[str, Any]],
    folder: Path,
) -> dict[str, Any]:
    """Return the manifest of the finished files in ``folder``."""
    return {
        **vars(identity),
        "duckdb_version": duckdb.__version__,
        "tables": tables,
        "files": {
            str(path.relative_to(folder)): {
                "sha256": _sha256(path),
                "bytes": path.stat().st_size,
            }
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
        "gate": {
            "passed": receipt.passed,
            "validated_at": receipt.validated_at,
            "suites_sha256": receipt.suites_sha256,
            "compared_with": receipt.compared_with,
            "asked": sum(result.status != "skipped" for result in receipt.results),
            "warnings": [_warning(result) for result in receipt.warnings],
        },
    }


def _warning(result: Result) -> dict[str, Any]:
    return {
        "suite": result.suite,
        "table": result.table.split(".")[-1],
        "expectation": result.expectation,
        "description": result.description,
        "observed": result.observed,
        "unexpected_count": result.unexpected_count,
        "unexpected_share": result.unexpected_share,
        "notes": result.notes,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(project: Path, *words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=project, capture_output=True, check=True)
    return done.stdout
