"""Ctrl-C while files land: soon over, and no raw text is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from orchestration.running.locking import is_held
from orchestration.settings import Home
from tests.unit.landing.trial import document, row

RETURNS = Path(sys.executable).with_name("returns")
ROWS = 600_000
DEADLINE_SECONDS = 120.0


def wait_for_work_file(home: Home, run: subprocess.Popen[str]) -> None:
    """Return once landing has written a work file, which holds text of the inbox."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        assert run.poll() is None, "the run ended before it could be interrupted"
        if any(home.scratch.glob("*rows*")):
            return
        os.sched_yield()
    raise AssertionError("landing did not begin in time")


def test_ctrl_c_while_landing_leaves_no_raw_text(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    inbox = tmp_path / "files"
    (inbox / "me" / "US").mkdir(parents=True)
    header, line = document("all_orders", row("all_orders")).splitlines(keepends=True)
    (inbox / "me" / "US" / "orders.txt").write_bytes(header + line * ROWS)
    with subprocess.Popen(
        [RETURNS, "run", "--home", home.root, "--inbox", inbox],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            wait_for_work_file(home, run)
            assert home.scratch.stat().st_mode & 0o777 == 0o700
            run.send_signal(signal.SIGINT)
            _, complaints = run.communicate(timeout=DEADLINE_SECONDS)
        finally:
            run.kill()
    assert run.returncode == 130, complaints
    assert "Interrupted" in complaints
    assert "terminate called" not in complaints
    assert "Traceback" not in complaints
    assert list(home.scratch.iterdir()) == []
    assert not is_held(home)
    assert not (home.published / "current").exists()
