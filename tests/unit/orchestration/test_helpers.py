"""Helper processes: what they say reaches us, and none outlives its parent."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.running.children import Helper, HelperError
from orchestration.transformation.dbt_process import NodeResult


def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Helper:
    (tmp_path / "a_helper.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Helper("The helper", "a_helper", [])


def test_a_helper_answers_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
    child = helper(tmp_path, monkeypatch, code)
    lines = child.lines()
    child.tell("one")
    assert next(lines) == "ONE\n"
    child.tell("two")
    assert next(lines) == "TWO\n"
    child.close()


def test_a_helper_that_dies_says_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = helper(tmp_path, monkeypatch, "import sys; sys.exit('out of patience')")
    assert list(child.lines()) == []
    with pytest.raises(HelperError, match=r"status 1 [^\n]*\nout of pat"):
        raise child.failure()
    child.close()


def test_a_full_disk_in_a_helper_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "raise OSError(28, 'No space left on device')"
    child = helper(tmp_path, monkeypatch, code)
    assert list(child.lines()) == []
    assert "disk is full" in str(child.failure())
    child.close()


def test_closing_ends_a_helper_that_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.running.children.GRACE_SECONDS", 0.1)
    code = "import threading; print('up', flush=True); threading.Event().wait()"
    child = helper(tmp_path, monkeypatch, code)
    assert next(child.lines()) == "up\n"
    child.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_dbt_ends_when_the_run_that_started_it_is_killed(tmp_path: Path) -> None:
    parent = """
import sys
from orchestration.running.children import Helper
worker = "orchestration.transformation.dbt_worker"
child = Helper("dbt", worker, ["--home", sys.argv[1]])
print(child.pid, flush=True)
sys.stdin.readline()
"""
    with subprocess.Popen(
        [sys.executable, "-c", parent, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        helper_process = os.pidfd_open(int(process.stdout.readline()))
        process.kill()
    ended, _, _ = select.select([helper_process], [], [], 60)
    assert ended


def test_a_node_is_named_as_a_person_types_it() -> None:
    test = NodeResult("test.returns_warehouse.unique_fct_x_key.0a1b", "fail", 0.1)
    assert (test.kind, test.name, test.failed) == ("test", "unique_fct_x_key", True)
    assert not NodeResult("model.p.kpi", "skipped", 0.0).failed
