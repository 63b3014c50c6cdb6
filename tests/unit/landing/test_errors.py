from __future__ import annotations

import errno
import fcntl
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest

from orchestration.errors import ReturnsError
from orchestration.landing import documents, reading, storing
from orchestration.landing.errors import HomeError, InboxError
from orchestration.landing.lake import register_views
from orchestration.landing.landing import land_inbox
from orchestration.settings import Home
from tests.unit.landing.trial import Trial, document, row

ORDERS = document("all_orders", row("all_orders"))


def test_a_missing_inbox_is_one_sentence(trial: Trial, tmp_path: Path) -> None:
    with pytest.raises(InboxError, match="does not exist"):
        land_inbox(tmp_path / "nowhere", trial.home)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(InboxError, match="is a file"):
        land_inbox(file, trial.home)


def test_a_home_inside_the_inbox_is_refused(trial: Trial) -> None:
    with pytest.raises(InboxError, match="inside the inbox"):
        land_inbox(trial.home.root.parent, trial.home)
    (trial.home.root / "inbox").mkdir()
    assert land_inbox(trial.home.root / "inbox", trial.home).outcomes == ()


def test_an_unreadable_file_stops_the_run_with_its_name(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trial.put("shop/US/a.txt", ORDERS)

    def deny(self: Path, *_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(documents.Path, "open", deny)
    with pytest.raises(InboxError, match=r"shop/US/a.txt .* Permission denied"):
        documents.list_documents(path, "shop/US/a.txt")


def test_a_file_that_vanishes_is_refused_and_the_others_land(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trial.put("shop/US/a.txt", ORDERS)
    trial.put("shop/US/b.txt", ORDERS)
    scan_document = storing.scan_document

    def vanish(*arguments: Any) -> Any:
        path.unlink(missing_ok=True)
        return scan_document(*arguments)

    monkeypatch.setattr(storing, "scan_document", vanish)
    assert trial.land().counts == {"refused": 1, "landed": 1}


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        duckdb.IOException("IO Error: Could not write file: No space left on device"),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_the_old_state(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: object) -> NoReturn:
        raise error

    trial.put("shop/US/a.txt", ORDERS)
    monkeypatch.setattr(reading.Reader, "_copy", full)
    with pytest.raises(HomeError, match="is full"):
        trial.land()
    assert trial.rows("landing_files") == []
    assert not any(trial.home.scratch.iterdir())
    monkeypatch.undo()
    assert trial.land().counts == {"landed": 1}


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with pytest.raises(HomeError, match="cannot be written"):
        land_inbox(inbox, Home(tmp_path / "file" / "home"))


def test_two_runs_into_one_home_do_not_mix(trial: Trial) -> None:
    with (trial.home.root / "landing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(HomeError, match="Another run"):
            trial.land()
    trial.land()


def test_a_warehouse_that_someone_holds_is_one_sentence(trial: Trial) -> None:
    hold = (
        "import duckdb, sys\n"
        "connection = duckdb.connect(sys.argv[1])\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(trial.home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None and holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(HomeError, match="another program holds it"):
            register_views(trial.home)
        holder.stdin.close()


def test_every_error_is_one_the_command_line_prints() -> None:
    assert issubclass(InboxError, ReturnsError)
    assert issubclass(HomeError, ReturnsError)


def test_an_unexpected_error_is_not_swallowed(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise ZeroDivisionError

    trial.put("shop/US/a.txt", ORDERS)
    monkeypatch.setattr(storing, "recognise", broken)
    with pytest.raises(ZeroDivisionError):
        trial.land()
