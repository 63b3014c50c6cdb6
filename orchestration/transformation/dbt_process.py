"""Our end of the dbt worker: start it early, build with it, read what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import ReturnsError
from orchestration.running.children import Helper
from orchestration.settings import Home
from orchestration.terminal.explaining import explained_text
from orchestration.transformation import parsing

_prepared: dict[Path, DbtProcess] = {}


class DbtError(ReturnsError):
    """dbt could not parse the project or could not start to build it."""


@dataclass(frozen=True)
class NodeResult:
    """How one model, seed or test ended."""

    unique_id: str
    status: str
    seconds: float
    failures: int | None = None
    message: str | None = None
    rows: int | None = None

    @property
    def kind(self) -> str:
        """``model``, ``seed``, ``test`` or ``operation``."""
        return self.unique_id.split(".", 1)[0]

    @property
    def name(self) -> str:
        """The node's own name, as a person would type it."""
        return self.unique_id.split(".")[2]

    @property
    def failed(self) -> bool:
        """Whether it failed by itself, not because something before it did."""
        return self.status in {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class Progress:
    """The build has started node ``index`` of ``total``."""

    index: int
    total: int


class DbtProcess:
    """dbt, parsing since it was started, waiting to be told what to build."""

    def __init__(self, home: Home) -> None:
        words = ["--home", str(home.root)]
        self._helper = Helper("dbt", "orchestration.transformation.dbt_worker", words)
        self._lines = self._helper.lines()
        self.parse_seconds: float | None = None

    def wait_until_parsed(self) -> None:
        """Return once the manifest is written; raise if the project is broken."""
        while self.parse_seconds is None:
            said = self._next()
            if said["event"] == "broken":
                raise DbtError(f"dbt cannot read the project: {said['message']}")
            if said["event"] == "parsed":
                self.parse_seconds = said["seconds"]

    def build(self, arguments: Sequence[str] = ()) -> Iterator[NodeResult | Progress]:
        """Build and yield each node when it is done; raise if dbt cannot begin.

        A node that fails is a result, not an error.
        """
        self.wait_until_parsed()
        self._helper.tell(json.dumps(list(arguments)))
        failed = False
        while (said := self._next())["event"] != "built":
            kind = said.pop("event")
            if kind == "node":
                result = NodeResult(**said)
                failed = failed or result.failed
                yield result
            elif kind == "progress":
                yield Progress(**said)
        self._helper.wait()
        if not said["success"] and not failed:
            message = said["message"] or "it ended without a word."
            raise DbtError(explained_text(message) or f"dbt did not build: {message}")

    def close(self) -> None:
        """End the worker."""
        self._helper.close()

    def _next(self) -> dict[str, Any]:
        for line in self._lines:
            said: dict[str, Any] = json.loads(line)
            return said
        raise self._helper.failure()


@contextmanager
def prepared(home: Home) -> Iterator[DbtProcess]:
    """Start dbt now, for the step of this process that will build ``home``."""
    process = DbtProcess(home)
    _prepared[home.root] = process
    try:
        yield process
    finally:
        _prepared.pop(home.root, None)
        process.close()


@contextmanager
def taken(home: Home) -> Iterator[DbtProcess]:
    """Give the process prepared for ``home``, or one started now."""
    process = _prepared.pop(home.root, None) or DbtProcess(home)
    try:
        yield process
    finally:
        process.close()


def ensure_manifest(home: Home) -> Path:
    """Return the manifest of the project as it is now, parsing if need be."""
    prepared_here = _prepared.get(home.root)
    has_parsed = prepared_here is not None and prepared_here.parse_seconds is not None
    if not has_parsed and not parsing.adopt(home):
        process = DbtProcess(home)
        try:
            process.wait_until_parsed()
        finally:
            process.close()
    return parsing.manifest_path(home)
