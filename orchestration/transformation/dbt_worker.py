"""``python -m orchestration.transformation.dbt_worker``: dbt in a process of its own.

It parses the project at once, then builds when told, and says on standard output what
happens as lines of JSON. Nothing here may be imported by anything else: importing dbt
takes seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from orchestration.settings import PROJECT_ROOT, Home
from orchestration.transformation import parsing

_TABLES = {"table", "seed"}


class Worker:
    """Parses, builds, and reports each node as soon as it is done."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._places = [
            *("--project-dir", str(PROJECT_ROOT)),
            *("--profiles-dir", str(PROJECT_ROOT)),
            *("--target-path", str(home.dbt_target)),
            *("--log-path", str(home.dbt_target / "logs")),
            # Written by us, whole, where others may be reading.
            "--no-write-json",
            # Nobody reads it: each line is written out in full and then thrown away.
            *("--log-level", "none", "--log-level-file", "none"),
        ]
        self._reported: set[str] = set()
        # dbt prints where it likes; what we say must not mix with it.
        self._said = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)

    def parse(self) -> Any | None:
        """Parse the project, write its manifest, return it; None if it is broken."""
        started = time.time()
        outcome = dbtRunner().invoke(["--quiet", "parse", *self._places])
        if not outcome.success:
            self._say(event="broken", message=str(outcome.exception))
            return None
        target = parsing.manifest_path(self._home)
        aside = target.with_name(f".{target.name}.{uuid4().hex}")
        outcome.result.writable_manifest().write(str(aside))
        # As old as what it was made from: a file changed meanwhile is newer.
        os.utime(aside, (started, started))
        parsing.unsign(self._home)
        aside.replace(target)
        parsing.sign(self._home)
        parsing.keep(self._home)
        self._say(event="parsed", seconds=round(time.time() - started, 3))
        return outcome.result

    def build(self, manifest: Any, arguments: list[str]) -> None:
        """Run ``dbt build``; its nodes, then one line that says how it ended."""
        runner = dbtRunner(manifest=manifest, callbacks=[self._on_event])
        command = ["--quiet", "build", "--threads", "1", *arguments, *self._places]
        try:
            outcome = runner.invoke(command)
        finally:
            # dbt-duckdb keeps the file open for as long as the process lives.
            DuckDBConnectionManager.close_all_connections()
        results = getattr(outcome.result, "results", [])
        for result in results:
            if result.node.unique_id not in self._reported:
                self._node(
                    unique_id=result.node.unique_id,
                    status=str(result.status),
                    seconds=result.execution_time,
                    failures=result.failures,
                    message=result.message,
                )
        if results:
            outcome.result.write(str(self._home.dbt_target / "run_results.json"))
        error = str(outcome.exception) if outcome.exception else None
        self._say(event="built", success=bool(outcome.success), message=error)

    def _on_event(self, event: Any) -> None:
        if event.info.name == "LogStartLine":
            self._say(event="progress", index=event.data.index, total=event.data.total)
        elif event.info.name == "NodeFinished":
            node, result = event.data.node_info, event.data.run_result
            self._node(
                unique_id=node.unique_id,
                status=node.node_status,
                seconds=result.execution_time,
                failures=result.num_failures,
                message=result.message,
                rows=self._rows(node) if node.node_status == "success" else None,
            )

    def _rows(self, node: Any) -> int | None:
        """Count the rows of a table just built: free in DuckDB, it keeps the number."""
        if node.materialized not in _TABLES:
            return None
        relation = node.node_relation.relation_name
        handle = DuckDBConnectionManager.env().handle()
        try:
            query = f"select count(*) from {relation}"  # noqa: S608
            return int(handle.cursor().execute(query).fetchone()[0])
        finally:
            handle.close()

    def _node(self, **what: Any) -> None:
        self._reported.add(what["unique_id"])
        self._say(event="node", **what)

    def _say(self, **what: Any) -> None:
        self._said.write(json.dumps(what) + "\n")


def commands() -> queue.Queue[list[str]]:
    """Return a queue of the commands that arrive; end the process with its parent."""
    arrived: queue.Queue[list[str]] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            arrived.put(json.loads(line))
        # A build without the run it belongs to is nobody's: let DuckDB roll back.
        os._exit(3)

    threading.Thread(target=read, daemon=True).start()
    return arrived


def move_into(home: Home) -> None:
    """Let the profile's path be relative to the home, and so the same for each.

    dbt parses the whole project again whenever the path of its profile changes.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    os.chdir(home.root)
    os.environ["RETURNS_HOME"] = "."


def main() -> int:
    """Parse, then build when a line of arguments arrives."""
    parser = argparse.ArgumentParser(
        prog="python -m orchestration.transformation.dbt_worker"
    )
    parser.add_argument("--home", type=Path, required=True)
    home = Home(parser.parse_args().home.resolve())
    arrived = commands()
    move_into(home)
    worker = Worker(home)
    manifest = worker.parse()
    if manifest is None:
        return 1
    worker.build(manifest, arrived.get())
    return 0


if __name__ == "__main__":
    sys.exit(main())
