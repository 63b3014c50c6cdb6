"""Publishers are killed at random moments while two processes read: nothing tears.

A kill is either the publisher's own, at the n-th thing Python asks of the operating
system (any, or only those that change names), or ours from outside, when the version
being written has grown to so many bytes. How, n and bytes are drawn from a seed.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from orchestration.publication.publish import publish
from orchestration.publication.versions import current, list_versions, version_number
from orchestration.settings import Home
from tests.small_home import TABLES, built_and_gated, make_home

KILLS = 55
ROWS = 3_000
SEED = 20261124
KEEP = 3
RENAMES = {"os.rename", "os.symlink", "os.rmdir"}

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


@dataclass
class Seen:
    """What one reader saw."""

    reads: int = 0
    versions: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def publish_and_die(root: Path, kind: str, last: int | None, done: Connection) -> None:
    """Publish; with ``last``, die at the n-th audited call of a kind."""
    counts: Counter[str] = Counter()

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal last
        counts.update(["any", *(["rename"] if event in RENAMES else [])])
        if counts[kind] == last:
            last = None  # the kill is an audited call, too
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    publish(Home(root), keep=KEEP)
    done.send(counts)


def read_file(root: Path, stop: Event, result: Connection) -> None:
    """Open the file as a BI tool does, again and again."""
    os.nice(10)  # publishers first: the test is about kills, not about load
    seen = Seen()
    marts = root / "published" / "current" / "marts.duckdb"
    tables = [name for names in TABLES.values() for name in names]
    query = " union all ".join(
        f"select min(build_id), max(build_id), count(*) from marts.marts.{name}"
        for name in tables
    )
    while not stop.is_set():
        try:
            with duckdb.connect(marts, read_only=True) as connection:
                rows = connection.execute(query).fetchall()
                version, build_id = connection.execute(
                    "select version, build_id from marts.marts.publication"
                ).fetchall()[0]
            note(seen, version, rows, (build_id, build_id, rows[0][2]))
        except Exception as error:
            seen.problems.append(repr(error))
    result.send(seen)


def read_folder(root: Path, stop: Event, result: Connection) -> None:
    """Resolve the link once and compare Parquet files with the manifest."""
    os.nice(10)
    seen = Seen()
    while not stop.is_set():
        try:
            folder = (root / "published" / "current").resolve(strict=True)
            manifest = json.loads((folder / "manifest.json").read_text())
            for name, file in manifest["files"].items():
                content = (folder / name).read_bytes()
                if hashlib.sha256(content).hexdigest() != file["sha256"]:
                    seen.problems.append(f"{folder.name}/{name} is not what it was")
            table = manifest["tables"]["fct_returns"]
            rows = duckdb.sql(
                "select min(build_id), max(build_id), count(*)"
                f" from '{folder / table['parquet']}'"
            ).fetchall()
            wanted = (manifest["build_id"], manifest["build_id"], table["rows"])
            note(seen, manifest["version"], rows, wanted)
        except Exception as error:
            seen.problems.append(repr(error))
    result.send(seen)


def note(
    seen: Seen, version: str, rows: list[tuple[object, ...]], wanted: tuple[object, ...]
) -> None:
    seen.reads += 1
    seen.versions.append(version_number(version))
    if set(rows) != {wanted}:
        seen.problems.append(f"{version} holds {rows}, not {wanted}")
    if seen.versions[-2:] != sorted(seen.versions[-2:]):
        seen.problems.append(f"went back to {version} from {seen.versions[-2]}")


def started_publisher(
    home: Home, kind: str = "any", last: int | None = None
) -> tuple[BaseProcess, Connection]:
    receiver, sender = processes.Pipe(duplex=False)
    arguments = (home.root, kind, last, sender)
    child = processes.Process(target=publish_and_die, args=arguments, daemon=True)
    child.start()
    sender.close()
    return child, receiver


def kill_when_grown(home: Home, child: BaseProcess, size: int) -> None:
    while child.is_alive():
        if bytes_being_written(home) >= size:
            child.kill()
            return


def bytes_being_written(home: Home) -> int:
    try:
        written = home.published.glob(".building-*/**/*")
        return sum(path.stat().st_size for path in written)
    except FileNotFoundError:  # the folder has just got its final name
        return 0


def started_readers(home: Home, stop: Event) -> list[Connection]:
    results = []
    for read in (read_file, read_folder):
        result, sender = processes.Pipe(duplex=False)
        arguments = (home.root, stop, sender)
        processes.Process(target=read, args=arguments, daemon=True).start()
        results.append(result)
    return results


def phase(home: Home, before: set[str]) -> str:
    """Say how far a killed publisher had come."""
    shown = current(home)
    assert shown is not None, "readers lost their version"
    new = names(home) - before
    if any(name.startswith(".building") for name in new):
        return "writing"
    if any(name.startswith(".retired") for name in new):
        return "retiring"
    if any(name.startswith("v") for name in new):
        return "shown" if shown.version in new else "written, not shown"
    return "before writing"


def names(home: Home) -> set[str]:
    return {path.name for path in home.published.iterdir()}


def published_once(home: Home, build: int) -> tuple[Counter[str], int]:
    """Publish undisturbed; return the calls it took and the bytes it wrote."""
    built_and_gated(home, f"{build:08d}-0", ROWS + build)
    child, receiver = started_publisher(home)
    child.join()
    shown = current(home)
    assert shown is not None and shown.build_id == f"{build:08d}-0"
    return receiver.recv(), sum(f["bytes"] for f in shown.manifest["files"].values())


def test_readers_never_notice_killed_publishers(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    home = make_home(tmp_path / "home")
    for build in range(1, KEEP + 2):
        calls, size = published_once(home, build)
    stop = processes.Event()
    results = started_readers(home, stop)

    phases: Counter[str] = Counter()
    while phases.total() < KILLS:
        build += chance.random() < 0.7  # else the same build is tried again
        built_and_gated(home, f"{build:08d}-0", ROWS + build)
        before = names(home)
        kind = chance.choice(["any", "rename", "bytes"])
        if kind == "bytes":
            child, _ = started_publisher(home)
            kill_when_grown(home, child, chance.randint(1, size))
        else:
            child, _ = started_publisher(home, kind, chance.randint(1, calls[kind]))
        child.join()
        if child.exitcode == -signal.SIGKILL:
            phases[phase(home, before)] += 1
        else:
            assert child.exitcode == 0

    built_and_gated(home, f"{build + 1:08d}-0", ROWS)
    last = publish(home, keep=KEEP)
    stop.set()
    seen = [result.recv() for result in results]

    print(f"kills {dict(phases)}, reads {[one.reads for one in seen]}, {last.version}")
    assert [one.problems for one in seen] == [[], []]
    assert all(one.reads > KILLS for one in seen)
    assert {*phases} >= {"writing", "written, not shown", "retiring"}
    kept = {found.version for found in list_versions(home)}
    assert last.is_current and len(kept) <= KEEP + 1  # the one shown before stays
    assert names(home) == {".lock", "current", *kept}
