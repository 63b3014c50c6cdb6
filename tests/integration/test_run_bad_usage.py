"""Bad usage: one clear sentence, a status that is not 0, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.settings import Home
from tests.small_home import make_home

RETURNS = Path(sys.executable).with_name("returns")


def returns(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RETURNS), *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        **options,  # type: ignore[call-overload]
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode not in (0, -9), done.stdout
    assert "Traceback" not in done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, done.stderr
    return errors[0].removeprefix("Error: ")


@pytest.fixture
def home(tmp_path: Path) -> str:
    return str(tmp_path / "my home")


def test_a_missing_inbox(home: str, tmp_path: Path) -> None:
    inbox = tmp_path / "no such folder"
    done = returns("run", "--home", home, "--inbox", str(inbox))
    assert one_sentence(done) == f"The inbox {inbox} does not exist."


def test_an_inbox_that_is_a_file(home: str, tmp_path: Path) -> None:
    inbox = tmp_path / "returns.txt"
    inbox.write_text("x")
    done = returns("run", "--home", home, "--inbox", str(inbox))
    assert "is a file" in one_sentence(done)


def test_an_empty_inbox(home: str, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "me").mkdir(parents=True)
    done = returns("run", "--home", home, "--inbox", str(inbox))
    assert "There are no files" in one_sentence(done)


def test_an_inbox_of_which_nothing_can_land(home: str, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "notes.txt").write_text("buy milk\n")
    done = returns("run", "--home", home, "--inbox", str(inbox), "--json")
    sentence = one_sentence(done)
    assert "None of the 1 files" in sentence
    assert "notes.txt" in sentence
    told = json.loads(done.stdout)
    assert (told["success"], told["published"]) == (False, None)
    assert told == json.loads((Path(home) / "run.json").read_text()) | {"summary": None}


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("x")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("x")
    done = returns("run", "--home", str(home), "--inbox", str(inbox))
    assert "is a file, not a directory" in one_sentence(done)


def test_a_home_in_a_place_that_cannot_be_written() -> None:
    done = returns("run", "--home", "/proc/home")
    assert "/proc/home" in one_sentence(done)


def test_the_wrong_version_for_a_rollback(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    done = returns("rollback", "v9", "--home", str(home.root))
    assert "Nothing has been published yet" in one_sentence(done)


def test_publishing_what_was_never_built(tmp_path: Path) -> None:
    make_home(tmp_path / "home")
    done = returns("publish", "--home", str(tmp_path / "home"))
    assert "No build is recorded" in one_sentence(done)


def test_the_status_of_a_home_where_nothing_happened(home: str) -> None:
    done = returns("status", "--home", home)
    assert done.returncode == 0, done.stderr
    assert "Nothing has been published" in done.stdout
    assert not Path(home).exists()


@pytest.mark.parametrize("command", ["publish", "rollback"])
def test_a_mistyped_home_is_not_created(command: str, home: str) -> None:
    assert f"There is no home {home}" in one_sentence(returns(command, "--home", home))
    assert not Path(home).exists()


@pytest.mark.parametrize("below", ["", "deeper/home"])
@pytest.mark.parametrize(
    "command", ["run", "status", "sources", "publish", "rollback", "ui"]
)
def test_no_command_takes_a_file_for_a_home(
    command: str, below: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    done = CliRunner().invoke(main, [command, "--home", str(file / below)])
    assert done.exit_code == 1
    assert done.stderr == f"Error: {file} is a file, not a directory.\n"


def test_an_unknown_command_says_what_there_is() -> None:
    done = returns("forecast")
    assert done.returncode == 2
    assert "No such command" in done.stderr


@pytest.mark.parametrize("command", ["", *main.commands])
def test_every_command_explains_itself(command: str) -> None:
    done = returns(*command.split(), "--help")
    assert done.returncode == 0
    assert "Usage: returns" in done.stdout
    assert len(done.stdout.splitlines()) > 5


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    words = ("publish", "--home", str(tmp_path / "nothing"))
    done = returns("--debug", *words)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_failed_run_leaves_the_lock_free(home: str, tmp_path: Path) -> None:
    from orchestration.running.locking import is_held

    returns("run", "--home", home, "--inbox", str(tmp_path / "nothing"))
    assert not is_held(Home(Path(home)))
