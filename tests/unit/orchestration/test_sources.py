"""What a run reads, and that generated and real files never meet."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.landing.landing import land_inbox
from orchestration.landing.stopping import Stop
from orchestration.running import sources
from orchestration.running.inboxes import chosen_inbox, demo_inbox
from orchestration.running.sources import (
    InboxUnusableError,
    MixedHomeError,
    Source,
    chosen_source,
    clear_demo,
    demand_unmixed,
    finish_clearing,
    landed_anything,
    make_room,
    provide,
)
from orchestration.settings import Home

FEEDBACK = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"


def put(inbox: Path, name: str, text: str = "") -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or f"{FEEDBACK}10/20/23\t5\t{name}\t\t111-0000001-0000001\t\n")
    return inbox


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("RETURNS_INBOX", raising=False)
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def landed_demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    put(demo_inbox(home), "seller/feedback.txt")
    (home.demo / "truth").mkdir()
    land_inbox(demo_inbox(home), home)
    assert landed_anything(home)
    return home


@pytest.fixture
def demo_home(home: Home, landed_demo: Home) -> Home:
    shutil.copytree(landed_demo.root, home.root)
    return home


def test_a_new_home_takes_demo_data(home: Home) -> None:
    assert chosen_source(home, None) == Source(demo_inbox(home), is_demo=True)


def test_demo_data_are_generated_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def generate(out: Path, lines: int, seed: int, progress: Callable) -> None:  # type: ignore[type-arg]
        made.append(out)
        put(out / "inbox", "a.txt")

    monkeypatch.setattr("orchestration.demo.generator.generate", generate)
    source = chosen_source(home, None)
    provide(home, source, Stop())
    provide(home, source, Stop())
    assert made == [home.demo]


def test_the_homes_own_inbox_comes_first(home: Home) -> None:
    put(home.inbox, "a.txt")
    put(demo_inbox(home), "b.txt")
    assert chosen_source(home, None) == Source(home.inbox, is_demo=False)


def test_a_run_without_an_inbox_uses_that_of_the_last_run(
    home: Home, tmp_path: Path
) -> None:
    inbox = put(tmp_path / "files", "a.txt")
    home.root.mkdir()
    home.run_record.write_text(f'{{"inbox": "{inbox}"}}')
    assert chosen_inbox(home) == inbox
    (inbox / "a.txt").unlink()
    assert chosen_inbox(home) is None


def test_real_files_without_their_inbox_are_not_joined_by_demo_data(
    home: Home, tmp_path: Path
) -> None:
    land_inbox(put(tmp_path / "files", "a.txt"), home)
    with pytest.raises(InboxUnusableError, match="name the inbox"):
        chosen_source(home, None)


def test_only_refused_files_are_nothing_landed(home: Home, tmp_path: Path) -> None:
    land_inbox(put(tmp_path / "files", "a.txt", "buy milk\n"), home)
    assert not landed_anything(home)


def test_real_files_replace_demo_data(demo_home: Home, tmp_path: Path) -> None:
    home = demo_home
    home.published.mkdir()
    home.warehouse.write_text("")
    inbox = put(tmp_path / "files", "me/feedback.txt")
    source = chosen_source(home, inbox)
    make_room(home, source)
    assert not landed_anything(home)
    gone = (home.demo, home.published, home.warehouse, home.quarantine)
    assert not [path for path in gone if path.exists()]
    assert (inbox / "me/feedback.txt").exists()


def test_real_files_are_never_taken_for_demo_data(home: Home, tmp_path: Path) -> None:
    """Somebody generated demo data into a home that holds real files."""
    inbox = put(tmp_path / "files", "me/feedback.txt")
    land_inbox(inbox, home)
    put(demo_inbox(home), "seller/other.txt")
    make_room(home, Source(inbox, is_demo=False))
    assert landed_anything(home)
    with pytest.raises(MixedHomeError, match="name the seller's inbox"):
        make_room(home, chosen_source(home, None))
    with pytest.raises(MixedHomeError):
        demand_unmixed(home, demo_inbox(home))


def test_a_run_of_the_ui_refuses_to_mix(demo_home: Home, tmp_path: Path) -> None:
    inbox = put(tmp_path / "files", "me/feedback.txt")
    with pytest.raises(MixedHomeError):
        demand_unmixed(demo_home, inbox)
    demand_unmixed(demo_home, demo_inbox(demo_home))


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


def die_after(monkeypatch: pytest.MonkeyPatch, removals: int) -> None:
    """Let a process die after so many deletions of files, links or folders."""
    left = [removals]

    def counted(real: Callable[..., None]) -> Callable[..., None]:
        def remove(*words: object, **options: object) -> None:
            if left[0] == 0:
                raise KilledError
            left[0] -= 1
            real(*words, **options)

        return remove

    monkeypatch.setattr(shutil, "rmtree", counted(shutil.rmtree))
    monkeypatch.setattr(Path, "unlink", counted(Path.unlink))


STEPS = 15


@pytest.mark.parametrize("named", [True, False], ids=["inbox", "no inbox"])
@pytest.mark.parametrize("removals", range(STEPS + 1))
def test_clearing_that_was_killed_is_finished_first(
    demo_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    removals: int,
    named: bool,
) -> None:
    home = demo_home
    for folder in (home.published / "v1-a", home.gate, *shown(home)):
        folder.mkdir(parents=True)
    (home.published / "current").symlink_to("v1-a")
    home.warehouse.write_text("")
    home.run_record.write_text("{}")
    inbox = put(tmp_path / "files", "me/feedback.txt")
    with monkeypatch.context() as patch:
        die_after(patch, removals)
        try:
            clear_demo(home)
        except KilledError:
            assert removals < STEPS
        else:
            assert removals == STEPS

    finish_clearing(home)
    source = chosen_source(home, inbox if named else None)
    make_room(home, source)
    assert not [path for path in made_of_demo(home) if path.exists()]
    assert source.is_demo is not named
    demand_unmixed(home, source.inbox)


def made_of_demo(home: Home) -> list[Path]:
    folders = (home.published, home.gate, home.quarantine, home.lake, *shown(home))
    return [*folders, home.demo, home.warehouse, home.run_record]


def shown(home: Home) -> tuple[Path, ...]:
    return home.dashboard, home.reports, home.alerts, home.data_docs


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_named_inbox_must_be_one(home: Home, tmp_path: Path, kind: str) -> None:
    inbox = tmp_path / kind
    if kind == "file":
        inbox.write_text("x")
    elif kind == "empty":
        (inbox / "folder").mkdir(parents=True)
    with pytest.raises(InboxUnusableError, match=str(inbox)):
        sources.named_inbox(inbox)
