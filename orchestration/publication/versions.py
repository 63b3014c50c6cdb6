"""Published versions: which there are, which one readers see, going back.

Readers open ``published/current``, a symbolic link that is replaced in one step.
A folder ``v<number>-<build>`` is complete from the moment it has that name and never
changes afterwards. Names that start with a dot are nobody's to read.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from orchestration.files import sync, write_atomically
from orchestration.publication.errors import PublicationError
from orchestration.settings import Home

KEPT_VERSIONS = 7
PATIENCE_SECONDS = 60.0

_VERSION = re.compile(r"v(?P<number>[1-9]\d*)-[0-9a-zA-Z]+")
_UNFINISHED = (".building-*", ".current-*", ".retired-*", ".rollback.json.*")


@dataclass(frozen=True)
class Publication:
    """One published version. ``is_new`` is false where publishing found it there."""

    version: str
    path: Path
    manifest: dict[str, Any]
    is_current: bool
    is_new: bool = False

    @property
    def number(self) -> int:
        """Position in the order of publication."""
        return version_number(self.version)

    @property
    def build_id(self) -> str:
        """The dbt invocation whose tables these are."""
        return str(self.manifest["build_id"])

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows by table."""
        tables = self.manifest["tables"]
        return {name: int(table["rows"]) for name, table in tables.items()}

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What the gate wants a reader of these numbers to know."""
        return list(self.manifest["gate"]["warnings"])


def version_number(version: str) -> int:
    """Return 12 for ``v12-3f2a91c0``."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise PublicationError(f"'{version}' is not the name of a version.")
    return int(match["number"])


def list_versions(home: Home) -> list[Publication]:
    """Return every published version, newest first."""
    shown = _target(home)
    found = [
        Publication(
            version=path.name,
            path=path,
            manifest=json.loads((path / "manifest.json").read_text(encoding="utf-8")),
            is_current=path.name == shown,
        )
        for path in home.published.glob("v*")
        if _VERSION.fullmatch(path.name)
    ]
    return sorted(found, key=lambda publication: publication.number, reverse=True)


def current(home: Home) -> Publication | None:
    """Return the version that readers see, or None before the first one."""
    return next((found for found in list_versions(home) if found.is_current), None)


def rollback(home: Home, version: str | None = None) -> Publication:
    """Let readers see another version again and return it.

    The same build, or a later one of the same data and code, is then no longer
    published: that would silently bring back what was taken away. A build of other
    data or other code is, and so is ``rollback`` to the newer version by its name.

    Args:
        home: where the versions lie.
        version: a name (``v12-3f2a91c0``), its number (``v12``, ``12``), or None for
            the one before the current.
    """
    with publishing(home):
        versions = list_versions(home)
        shown = next((found for found in versions if found.is_current), None)
        target = _wanted(versions, shown, version)
        if not target.is_current:
            _record(home, versions, shown, target)
            switch(home, target.version)
        return next(v for v in list_versions(home) if v.version == target.version)


def rolled_back(home: Home, versions: list[Publication]) -> list[Publication]:
    """Return the versions that a rollback, still in force, took from readers."""
    path = _record_path(home)
    if not path.exists():
        return []
    record = json.loads(path.read_text(encoding="utf-8"))
    if record["to"] != _target(home):
        return []
    taken = range(version_number(record["to"]) + 1, version_number(record["from"]) + 1)
    return [found for found in versions if found.number in taken]


def switch(home: Home, version: str) -> None:
    """Show readers ``version``: the whole old one until now, the whole new one after.

    Raises:
        PublicationError: something other than a link stands where readers look.
    """
    link = home.published / "current"
    if link.exists() and not link.is_symlink():
        raise PublicationError(
            f"{link} is a copy, not a link to a version: remove it and publish again."
        )
    new = home.published / f".current-{uuid4().hex}"
    new.symlink_to(version)
    new.replace(link)
    sync(home.published)


def retire(home: Home, keep: int, spared: str | None = None) -> None:
    """Delete all but the newest ``keep`` versions, never the one readers see.

    ``spared`` is the one they saw until now: some are still in the middle of it.
    """
    for old in list_versions(home)[keep:]:
        if not old.is_current and old.version != spared:
            gone = old.path.with_name(f".retired-{old.version}")
            old.path.rename(gone)
            shutil.rmtree(gone)


@contextmanager
def publishing(home: Home) -> Iterator[None]:
    """Be the only process that changes what is published; clear up after dead ones.

    Raises:
        PublicationError: another process is still publishing after a minute.
    """
    home.published.mkdir(parents=True, exist_ok=True)
    with (home.published / ".lock").open("w") as lock:
        _wait_for(lock.fileno())
        for pattern in _UNFINISHED:
            for left in home.published.glob(pattern):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left)
                else:
                    left.unlink()
        yield


def _wait_for(lock: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise PublicationError(
                    "Another process is publishing; try again when it has ended."
                ) from error
            time.sleep(0.05)
        else:
            return


def _wanted(
    versions: list[Publication], shown: Publication | None, version: str | None
) -> Publication:
    if not versions:
        raise PublicationError("Nothing has been published yet.")
    if version is None:
        if shown is None:
            raise PublicationError("No version is shown now; name the one to show.")
        older = [found for found in versions if found.number < shown.number]
        if not older:
            raise PublicationError(f"There is no version before {shown.version}.")
        return older[0]
    for found in versions:
        if version in (found.version, f"v{found.number}", str(found.number)):
            return found
    names = ", ".join(found.version for found in versions)
    raise PublicationError(f"There is no version '{version}'; there are {names}.")


def _record(
    home: Home,
    versions: list[Publication],
    shown: Publication | None,
    target: Publication,
) -> None:
    taken = [*rolled_back(home, versions), *([shown] if shown else [])]
    newest = max(taken, key=lambda publication: publication.number)
    if target.number >= newest.number:
        _record_path(home).unlink(missing_ok=True)
        return
    record = {
        "from": newest.version,
        "to": target.version,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_atomically(_record_path(home), json.dumps(record, indent=2))


def _record_path(home: Home) -> Path:
    return home.published / "rollback.json"


def _target(home: Home) -> str | None:
    link = home.published / "current"
    return link.readlink().name if link.is_symlink() else None
