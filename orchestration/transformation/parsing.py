"""The parsed dbt project: kept once for all homes, fresh as long as no file changes.

Parsing from nothing takes dbt longer than all else before the build. What it makes is
the same for every home, so it is kept beside the project: installing parses, and a new
home begins with that.
"""

from __future__ import annotations

import errno
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from orchestration.files import write_atomically
from orchestration.settings import PARSED, PROJECT_ROOT, Home

MANIFEST = "manifest.json"
# dbt's own memory of a parse; it checks by itself what of it still holds.
_MAKER = "parsed_by.json"
_FILES = ("partial_parse.msgpack", MANIFEST, _MAKER)
# What a parse reads; anything newer than the manifest makes it stale.
_SOURCES = ("dbt_project", "seeds", "tests/data", "dbt_project.yml", "profiles.yml")


def manifest_path(home: Home) -> Path:
    """Return where the home's manifest of the project lies."""
    return home.dbt_target / MANIFEST


def is_fresh(folder: Path) -> bool:
    """Return whether a folder's manifest is what parsing now would give.

    It is newer than all that it was made from, and by the dbt that is installed.
    """
    manifest, maker = folder / MANIFEST, folder / _MAKER
    if not manifest.exists() or not maker.exists():
        return False
    if maker.read_text(encoding="utf-8") != _maker():
        return False
    made = manifest.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns <= made for path in _sources())


def sign(home: Home) -> None:
    """Note that the home's manifest is by the dbt that is installed."""
    write_atomically(home.dbt_target / _MAKER, _maker())


def unsign(home: Home) -> None:
    """Let the home's manifest be nobody's, while it is made again."""
    (home.dbt_target / _MAKER).unlink(missing_ok=True)


def adopt(home: Home) -> bool:
    """Return whether the home's manifest is fresh, after taking over the kept one."""
    if is_fresh(home.dbt_target):
        return True
    if not is_fresh(PARSED):
        return False
    _copy(PARSED, home.dbt_target)
    return True


def keep(home: Home) -> None:
    """Keep a home's fresh parse for other homes, where the project can be written."""
    if not is_fresh(home.dbt_target) or is_fresh(PARSED):
        return
    try:
        _copy(home.dbt_target, PARSED)
    except OSError as error:
        # An installation that belongs to somebody else: its homes parse on their own.
        if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise


def _maker() -> str:
    """Return what parses: paths of the project are part of what a parse keeps."""
    tools = {name: version(name) for name in ("dbt-core", "dbt-duckdb")}
    return json.dumps({**tools, "project": str(PROJECT_ROOT)})


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        aside = target / f".{name}.{uuid4().hex}"
        # With its time: a copy is as old as what it was made from.
        shutil.copy2(source / name, aside)
        aside.replace(target / name)


def _sources() -> Iterator[Path]:
    # Folders too: removing a file changes only its folder.
    for name in _SOURCES:
        path = PROJECT_ROOT / name
        yield path
        if path.is_dir():
            yield from path.rglob("*")


def main() -> int:
    """Parse now, so that the first run need not."""
    from orchestration.transformation.dbt_process import DbtProcess

    with tempfile.TemporaryDirectory() as folder:
        process = DbtProcess(Home(Path(folder)))
        try:
            process.wait_until_parsed()
        finally:
            process.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
