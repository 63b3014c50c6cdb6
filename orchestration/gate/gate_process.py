"""Our end of the gate: Great Expectations in a process of its own, started early."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from expectations.receipt import GateError, GateReport
from orchestration.running.children import Helper
from orchestration.settings import Home
from orchestration.terminal.explaining import explained_text

# Its imports have until the end of the build: they stand back for what others wait for.
_PATIENCE = 10

_prepared: dict[Path, GateProcess] = {}


class GateProcess:
    """The gate, importing since it was started, waiting to be told to validate."""

    def __init__(self, home: Home, *, patience: int = 0) -> None:
        arguments = ["--home", str(home.root), "--when-told"]
        self._helper = Helper("The gate", "expectations", arguments, patience=patience)

    def validate(self) -> GateReport:
        """Validate the newest build and return the verdict, which is also stored.

        Raises:
            GateError: the question could not be asked.
        """
        self._helper.tell("validate")
        answer = "".join(self._helper.lines())
        if self._helper.wait() != 0:
            words = self._helper.complaints().strip()
            if not words:
                raise self._helper.failure()
            raise GateError(explained_text(words) or words.splitlines()[-1])
        return GateReport.from_json(json.loads(answer))

    def close(self) -> None:
        """End the gate's process."""
        self._helper.close()


@contextmanager
def prepared(home: Home) -> Iterator[GateProcess]:
    """Start the gate now, for the step of this process that will validate ``home``."""
    process = GateProcess(home, patience=_PATIENCE)
    _prepared[home.root] = process
    try:
        yield process
    finally:
        _prepared.pop(home.root, None)
        process.close()


@contextmanager
def taken(home: Home) -> Iterator[GateProcess]:
    """Give the process prepared for ``home``, or one started now."""
    process = _prepared.pop(home.root, None) or GateProcess(home)
    try:
        yield process
    finally:
        process.close()
