"""From a file in the inbox to the dashboard, with Dagster running; run as a script.

    python -m tests.benchmarks.near_real_time [--home DIR] [--orders 10000] [--drops 3]

Makes a demo home in which some documents are held back, serves it as ``make ui`` does,
drops one document after the other into the inbox and prints, for each, how long every
part took until readers saw the new version: seconds that passed, and seconds for which
our processes kept a processor busy. A part with little work is waiting; on a machine
that others use too, only the work compares. A home made before, named with ``--home``,
is used again for as long as documents are held back in it. Linux only.
"""

from __future__ import annotations

import argparse
import bisect
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

from dagster import DagsterEventType, DagsterInstance

from orchestration.demo.generator import generate
from orchestration.publication.versions import current
from orchestration.settings import PROJECT_ROOT, Home, use_home
from tests.integration.test_dagster_ui import free_port

HELD_BACK = "northwind-outdoor/fba-returns/*.txt"
PATIENCE_SECONDS = 300.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Work(Thread):
    """Follows the processor time of a process and all that it has started."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self._end = root, Event()
        self._seen: dict[int, float] = {}
        self.times: list[float] = []
        self.totals: list[float] = []

    def run(self) -> None:
        """Look twice a second; what has ended keeps what it had."""
        while not self._end.wait(0.5):
            self._seen |= _work_of_tree(self._root)
            self.times.append(time.time())
            self.totals.append(sum(self._seen.values()))

    def stop(self) -> None:
        """End looking."""
        self._end.set()

    def until(self, moment: float) -> float:
        """Return the seconds of work up to a moment."""
        place = bisect.bisect_right(self.times, moment)
        return self.totals[place - 1] if place else 0.0


def _work_of_tree(root: int) -> dict[int, float]:
    """Return the processor seconds of each process, by its id."""
    parents: dict[int, int] = {}
    work: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        fields = text[text.rindex(")") + 2 :].split()
        pid = int(stat.parent.name)
        parents[pid] = int(fields[1])
        work[pid] = (int(fields[11]) + int(fields[12])) / _TICKS
    return {pid: work[pid] for pid in work if _descends(pid, root, parents)}


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid and pid != root:
        pid = parents.get(pid, 0)
    return pid == root


def prepare(home: Home, order_lines: int, drops: int) -> None:
    """Generate, hold documents back, run once."""
    generate(home.demo, order_lines, seed=1)
    for path in sorted((home.demo / "inbox").glob(HELD_BACK))[-drops:]:
        for file in (path, path.with_name(f"{path.name}.meta.json")):
            held = _held(home) / file.relative_to(home.demo / "inbox")
            held.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, held)
    returns = [sys.executable, "-m", "orchestration.cli", "run"]
    subprocess.run([*returns, "--home", str(home.root)], cwd=PROJECT_ROOT, check=True)


def _held(home: Home) -> Path:
    return home.root / "held_back"


@contextmanager
def served(home: Home, log: Path) -> Iterator[int]:
    """Serve the home's UI until the block ends."""
    port = free_port()
    words = [sys.executable, "-m", "orchestration.cli", "ui"]
    with log.open("w") as file:
        process = subprocess.Popen(
            [*words, "--home", str(home.root), "--port", str(port)],
            cwd=PROJECT_ROOT,
            stdout=file,
            stderr=file,
            start_new_session=True,
            # Where a shell has told it to ignore SIGINT, Dagster could not be ended.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            _until(lambda: process.poll() is not None or _answers(port))
            if process.poll() is not None:
                raise SystemExit(log.read_text())
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5)
    except (urllib.error.URLError, OSError):
        return False
    return True


def _until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > limit:
            raise SystemExit("That took too long.")
        time.sleep(0.2)


def drop_one(home: Home) -> None:
    """Put the next document that is held back where it belongs, its meta first."""
    path = next(_held(home).rglob("*.txt"))
    for file in (path.with_name(f"{path.name}.meta.json"), path):
        # A new file, as if it had been copied: dated now.
        shutil.copyfile(file, home.demo / "inbox" / file.relative_to(_held(home)))
        file.unlink()


def shown_version(home: Home) -> str | None:
    """Return the version that the dashboard shows, or readers see without one."""
    published = current(home)
    version = published and published.version
    page = home.dashboard / "index.html"
    if version is None or not page.exists():
        return version
    return version if version in page.read_text(encoding="utf-8") else None


def moments(home: Home, dropped: float, shown: float) -> list[tuple[str, float]]:
    """Return what ended when, from Dagster's own list of events."""
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        [record] = instance.get_run_records(limit=1)
        events = [
            event
            for event in instance.all_logs(record.dagster_run.run_id)
            if event.dagster_event is not None
        ]
    ended = [("dropped", dropped), ("noticed", record.create_timestamp.timestamp())]
    for event in events:
        assert event.dagster_event is not None
        match event.dagster_event.event_type:
            case DagsterEventType.RUN_STARTING:
                ended.append(("queued", event.timestamp))
            case DagsterEventType.RUN_START:
                ended.append(("process started", event.timestamp))
            case DagsterEventType.STEP_START:
                ended.append(("between", event.timestamp))
            case DagsterEventType.STEP_SUCCESS | DagsterEventType.STEP_FAILURE:
                ended.append((event.dagster_event.step_key or "?", event.timestamp))
    return [*ended, ("shown", max(shown, ended[-1][1]))]


def measure(home: Home, work: Work) -> None:
    """Drop one document, wait until readers see it, print the parts."""
    before = shown_version(home)
    dropped = time.time()
    drop_one(home)
    _until(lambda: shown_version(home) not in (None, before))
    shown = time.time()
    _until(lambda: _has_ended(home))
    print(f"\n{before} to {shown_version(home)}")
    print(f"  {'part':<18}{'seconds':>9}{'of work':>9}")
    marks = moments(home, dropped, shown)
    for (_, began), (name, ended) in pairwise(marks):
        _print(name, ended - began, work.until(ended) - work.until(began))
    _print("in all", shown - dropped, work.until(shown) - work.until(dropped))


def _has_ended(home: Home) -> bool:
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        return all(run.is_finished for run in instance.get_runs(limit=1))


def _print(name: str, seconds: float, work: float) -> None:
    print(f"  {name:<18}{seconds:>9.1f}{work:>9.1f}", flush=True)


def main() -> None:
    """Prepare if need be, serve, drop, measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--drops", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Home((arguments.home or Path(scratch)).resolve())
        use_home(home)
        if not any(_held(home).rglob("*.txt")):
            prepare(home, arguments.orders, arguments.drops)
        with served(home, home.root / "ui.log") as pid:
            work = Work(pid)
            work.start()
            for _ in range(arguments.drops):
                measure(home, work)
            work.stop()


if __name__ == "__main__":
    main()
