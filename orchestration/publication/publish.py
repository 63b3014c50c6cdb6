"""Publishes the newest build: a new version of the tables that readers switch to.

Readers see the whole previous version or the whole new one, also when this process is
killed at any point: everything is written under a name nobody reads, made durable,
and shown by replacing one symbolic link.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import duckdb

from expectations.receipt import GateReport
from orchestration.dictionary.pages import write_dictionary
from orchestration.files import sync
from orchestration.publication import descriptions
from orchestration.publication.errors import PublicationError, PublicationRefused
from orchestration.publication.manifest import Identity, identity, manifest
from orchestration.publication.targets import write_tables
from orchestration.publication.verdict import demand_untouched, demanded_receipt
from orchestration.publication.versions import (
    KEPT_VERSIONS,
    Publication,
    list_versions,
    publishing,
    retire,
    rolled_back,
    switch,
)
from orchestration.publication.warehouse import newest_build, opened, published_tables
from orchestration.settings import Home


def publish(home: Home, *, keep: int = KEPT_VERSIONS) -> Publication:
    """Publish the newest build and return its version.

    Publishing the same build again changes nothing and returns the version it has.

    Args:
        home: where the warehouse, the gate's receipts and the versions lie.
        keep: how many versions stay for rollback.

    Raises:
        PublicationRefused: the gate did not pass exactly this state of this build, or
            a rollback took the same data and code from readers.
        PublicationError: the disk is full, or another publisher does not end.
    """
    with publishing(home), opened(home) as connection:
        build = newest_build(connection)
        receipt = demanded_receipt(home, build)
        versions = list_versions(home)
        until_now = next((v.version for v in versions if v.is_current), None)
        known = [found for found in versions if found.build_id == build.build_id]
        with _said_plainly():
            number = max((found.number for found in versions), default=0) + 1
            new = identity(connection, build, number)
            _refuse_rolled_back(rolled_back(home, versions), new)
            if known:
                version = known[0].version
            else:
                version = _write_version(home, connection, new, receipt)
            # Before readers see it: a full disk must leave them what they had.
            _explain(home)
            if version != until_now:
                switch(home, version)
        retire(home, keep, spared=until_now)
        shown = next(v for v in list_versions(home) if v.version == version)
    return replace(shown, is_new=not known)


def _write_version(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    new: Identity,
    receipt: GateReport,
) -> str:
    with _building(home) as folder:
        tables = write_tables(
            connection,
            published_tables(connection),
            descriptions.from_dbt(home.dbt_target / "manifest.json"),
            new,
            receipt,
            folder,
        )
        content = manifest(new, receipt, tables, folder)
        (folder / "manifest.json").write_text(json.dumps(content, indent=2))
        demand_untouched(home, receipt)
        _make_durable(folder)
        folder.rename(home.published / new.version)
        sync(home.published)
    return new.version


def _explain(home: Home) -> None:
    """Write what the numbers mean beside them, as far as dbt has left it."""
    described = home.dbt_target / "manifest.json"
    if described.exists():
        write_dictionary(described, home.dictionary)


def _make_durable(folder: Path) -> None:
    """Read-only, too: a file opened for writing by mistake would grow a log."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
        sync(path)
    sync(folder)


def _refuse_rolled_back(taken: list[Publication], new: Identity) -> None:
    for old in taken:
        same_code = old.manifest["code_version"] == new.code_version
        same_data = old.manifest["data_version"] == new.data_version
        if old.build_id == new.build_id or (same_code and same_data):
            raise PublicationRefused(
                f"{old.version} holds the same data and code and was rolled back: "
                f"roll forward to {old.version}, or change the data or the code."
            )


@contextmanager
def _building(home: Home) -> Iterator[Path]:
    folder = home.published / f".building-{uuid4().hex}"
    folder.mkdir()
    try:
        yield folder
    finally:
        if folder.exists():
            shutil.rmtree(folder)


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        first_line = str(error).splitlines()[0]
        raise PublicationError(
            f"Publishing failed and changed nothing for readers: {first_line}"
        ) from error
