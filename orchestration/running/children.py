"""Helper processes that are started early, wait, and work when told.

dbt and Great Expectations take seconds to import. Started beside the run they load
while it generates, lands and reads; and a crash in one of them is an exit status.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from orchestration.errors import ReturnsError
from orchestration.settings import PROJECT_ROOT
from orchestration.terminal.explaining import explained_text

_SHOWN_LINES = 12
GRACE_SECONDS = 2.0


class HelperError(ReturnsError):
    """A helper process ended without doing its work."""


class Helper:
    """A child that reads lines from us and writes lines to us, and dies with us.

    A helper must end when its standard input does: so no helper outlives its parent,
    not even one that was killed.
    """

    def __init__(
        self, name: str, module: str, arguments: Sequence[str], *, patience: int = 0
    ) -> None:
        """Start the child.

        Args:
            name: what a person calls it.
            module: what Python runs.
            arguments: its command line.
            patience: how far it stands back for other processes while they are busy.
        """
        self.name = name
        # Open for as long as the child lives.
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            # Ctrl-C in the terminal ends the run; the run ends its helpers.
            start_new_session=True,
        )
        if patience:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, patience)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def tell(self, line: str) -> None:
        """Send one line; raise with the child's last words if it is gone."""
        if self._process.stdin is None or self._process.stdin.closed:
            raise HelperError(f"{self.name} was already closed.")
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self.failure() from error

    def lines(self) -> Iterator[str]:
        """Yield what the child writes, line by line, until it closes its end."""
        if self._process.stdout is None:
            return
        yield from self._process.stdout

    def failure(self) -> HelperError:
        """Return an error that says how the child ended and its last words."""
        status = self._process.wait(timeout=60)
        words = self.complaints()
        if sentence := explained_text(words):
            return HelperError(sentence)
        last = "\n".join(words.splitlines()[-_SHOWN_LINES:]).strip()
        return HelperError(
            f"{self.name} ended with status {status} before its work was done."
            + (f" It said:\n{last}" if last else "")
        )

    def wait(self) -> int:
        """Return the child's exit status once it has ended."""
        return self._process.wait(timeout=60)

    def complaints(self) -> str:
        """Return what the child wrote to standard error so far."""
        size = os.fstat(self._complaints.fileno()).st_size
        return os.pread(self._complaints.fileno(), size, 0).decode(errors="replace")

    def close(self) -> None:
        """End the child, whatever it is doing, and wait until it is gone."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        try:
            self._process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._complaints.close()
