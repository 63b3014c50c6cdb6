"""Whatever order files land in, and in however many runs: the same facts and marts.

A few documents of every report land in random order and random portions; what is built
on them is compared row by row with what one run over all of them gives.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.landing import land_inbox
from orchestration.running.run import RunOutcome, run
from orchestration.settings import Home
from tests.integration.compiled_models import (
    Model,
    build_models,
    compile_models,
    digests,
)

DOCUMENTS_OF_A_REPORT = 3
META = ".meta.json"
# A few shuffles a test, so that several workers share them.
SHUFFLES, SHUFFLES_A_TEST = 50, 5

Digests = dict[str, tuple[int, str]]


@pytest.fixture(scope="module", autouse=True)
def one_key() -> Iterator[None]:
    """Each home has a key of its own for pseudonyms; here they are compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETURNS_PSEUDONYM_KEY", "0f" * 32)
        yield


@pytest.fixture(scope="module")
def models(
    demo_run: RunOutcome, tmp_path_factory: pytest.TempPathFactory
) -> list[Model]:
    return compile_models(demo_run.home, tmp_path_factory.mktemp("compiled"))


@pytest.fixture(scope="module")
def chosen(demo_run: RunOutcome) -> list[str]:
    """Overlapping documents of one account a report, and one of another seller."""
    with duckdb.connect(str(demo_run.home.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select file_name from raw.landing_files"
            " where status != 'refused' and not contains(file_name, '!')"
            " qualify row_number() over (partition by report_type"
            f" order by seller_id desc, rows_landed desc, file_name)"
            f" <= {DOCUMENTS_OF_A_REPORT}"
            " or row_number() over (partition by report_type"
            " order by seller_id, rows_landed desc, file_name) <= 1"
            " order by file_name"
        ).fetchall()
    return [name for (name,) in rows]


@pytest.fixture(scope="module")
def expected(
    demo_run: RunOutcome,
    models: list[Model],
    chosen: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Digests:
    root = tmp_path_factory.mktemp("at once")
    return landed_and_built(demo_run, models, [chosen], root)


def landed_and_built(
    demo_run: RunOutcome, models: list[Model], portions: list[list[str]], root: Path
) -> Digests:
    """Land the portions one after the other, build once, and return the digests."""
    inbox, home = root / "inbox", Home(root / "home")
    for portion in portions:
        for name in portion:
            put(demo_run.inbox / name, inbox / name)
        land_inbox(inbox, home)
    with build_models(models, home, demo_run.home.warehouse) as connection:
        return digests(connection)


def put(source: Path, target: Path) -> None:
    """Copy a document and its meta file; a cancelled request has only the latter."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", META):
        file = source.with_name(source.name + suffix)
        if file.exists():
            shutil.copyfile(file, target.with_name(target.name + suffix))


def portioned(names: list[str], chance: random.Random) -> list[list[str]]:
    """Return the names in random order, cut into one to six random portions."""
    shuffled = chance.sample(names, len(names))
    cuts = sorted(chance.sample(range(1, len(names)), chance.randint(0, 5)))
    return [
        shuffled[start:end]
        for start, end in zip([0, *cuts], [*cuts, len(names)], strict=True)
    ]


def test_the_inbox_is_worth_shuffling(
    demo_run: RunOutcome,
    models: list[Model],
    chosen: list[str],
    expected: Digests,
    tmp_path: Path,
) -> None:
    assert len(chosen) >= 20
    filled = [name for name, (rows, _) in expected.items() if rows]
    assert len(filled) > 0.8 * len(expected), set(expected) - set(filled)
    # what is compared does tell a missing document
    found = landed_and_built(demo_run, models, [chosen[:-1]], tmp_path)
    assert found != expected


@pytest.mark.parametrize("first", range(0, SHUFFLES, SHUFFLES_A_TEST))
def test_order_and_portions_change_nothing(
    first: int,
    demo_run: RunOutcome,
    models: list[Model],
    chosen: list[str],
    expected: Digests,
    tmp_path: Path,
) -> None:
    for seed in range(first, first + SHUFFLES_A_TEST):
        portions = portioned(chosen, random.Random(seed))
        root = tmp_path / str(seed)
        found = landed_and_built(demo_run, models, portions, root)
        different = {name for name in expected if found[name] != expected[name]}
        assert not different, f"seed {seed}: {portions}"
        shutil.rmtree(root)


def test_one_document_a_run_changes_nothing(
    demo_run: RunOutcome,
    models: list[Model],
    chosen: list[str],
    expected: Digests,
    tmp_path: Path,
) -> None:
    portions = [[name] for name in reversed(chosen)]
    assert landed_and_built(demo_run, models, portions, tmp_path) == expected


def test_runs_on_a_growing_inbox_give_what_one_run_gives(
    demo_run: RunOutcome, chosen: list[str], tmp_path: Path
) -> None:
    """The whole job each time, with restated and overlapping documents coming late."""
    inbox = tmp_path / "inbox"
    grown, fresh = Home(tmp_path / "grown"), Home(tmp_path / "fresh")
    for portion in (chosen[::2], chosen[1::2]):
        for name in portion:
            put(demo_run.inbox / name, inbox / name)
        outcome = run(grown, inbox)
        assert outcome.record.publication is not None, outcome.problems
    outcome = run(fresh, inbox)
    assert outcome.record.publication is not None, outcome.problems
    assert built(grown) == built(fresh)


def built(home: Home) -> Digests:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return digests(connection)
