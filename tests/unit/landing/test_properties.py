from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.specs import load_specs
from orchestration.settings import Home
from tests.unit.landing.trial import Trial, document, header_cells, row

PIECES = st.sampled_from(
    [b"\t", b"\n", b"\r\n", b"\r", b" ", b"\0", b'"', b"'", b"\\", b"#", b"a", b"1,5",
     b"\xff", b"\x81", b"\xe9", "é".encode(), "日".encode(), "\u2028".encode(),
     row("fba_returns").encode(), "\t".join(header_cells("fba_returns")).encode(),
     b"\t" * 12, b"2025-06-05T15:31:40+00:00", b"\xef\xbb\xbf", b"\x0b", b"\x85"]
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=60).map(b"".join) | st.binary(max_size=200)


@contextmanager
def throwaway(empty_home: Path) -> Iterator[Trial]:
    """A trial for one example: hypothesis runs many inside one test."""
    with TemporaryDirectory() as folder:
        shutil.copytree(empty_home, Path(folder) / "home")
        (Path(folder) / "inbox").mkdir()
        yield Trial(Path(folder) / "inbox", Home(Path(folder) / "home"))


def lines_by_hand(soup: bytes) -> int:
    """Rows of a document: lines under the header that are not blank."""
    separator = b"\n" if b"\n" in soup or b"\r" not in soup else b"\r"
    return sum(bool(line.strip(b"\r ")) for line in soup.split(separator)[1:])


@settings(max_examples=50, deadline=None)
@given(soup=SOUP)
def test_whatever_follows_a_header_every_row_is_landed_or_set_aside(
    empty_home: Path, soup: bytes
) -> None:
    content = document("fba_returns") + soup
    with throwaway(empty_home) as trial:
        entry = trial.land_one(content)
        assert entry.status in {"landed", "no_data"}, entry.reason
        assert entry.rows_read == lines_by_hand(content)
        assert entry.rows_read == entry.rows_landed + entry.rows_quarantined
        rows, rejects = trial.rows("fba_returns"), trial.rejects()
    assert (len(rows), len(rejects)) == (entry.rows_landed, entry.rows_quarantined)
    numbers = [r["_line_number"] for r in rows] + [r["line_number"] for r in rejects]
    lines = content.split(b"\n")
    assert len(set(numbers)) == len(numbers)
    assert all(lines[number - 1].strip(b"\r ") for number in numbers)
    assert all(item["order_id"] and item["return_date"] for item in rows)
    assert all(item["reason"] for item in rejects)


@settings(max_examples=30, deadline=None)
@given(soup=SOUP)
def test_whatever_lies_in_the_inbox_the_run_ends_with_a_verdict(
    empty_home: Path, soup: bytes
) -> None:
    with throwaway(empty_home) as trial:
        entry = trial.land_one(soup)
    assert entry.status in {"refused", "no_data", "landed"}
    assert entry.status == "landed" or entry.reason.endswith(".")


VALUES = st.text(
    st.characters(exclude_characters="\t\r\n\0@＠", exclude_categories=["Cs"]),
    max_size=20,
)


@settings(max_examples=30, deadline=None)
@given(names=st.lists(VALUES, min_size=1, max_size=6))
def test_any_text_lands_as_it_is_but_for_outer_blanks(
    empty_home: Path, names: list[str]
) -> None:
    rows = [row("fba_returns", product_name=name) for name in names]
    with throwaway(empty_home) as trial:
        entry = trial.land_one(document("fba_returns", *rows))
        landed = [item["product_name"] for item in trial.rows("fba_returns")]
    trimmed = [name.strip(" ") for name in names]
    assert landed == [None if name in {"", "N/A"} else name for name in trimmed]
    assert entry.rows_quarantined == 0


def lake(trial: Trial) -> dict[str, Any]:
    tables = [spec.table for spec in load_specs()]
    found: dict[str, Any] = {
        table: trial.rows(table) for table in (*tables, "landing_rejects")
    }
    found["landing_files"] = [
        {key: value for key, value in entry.items() if key != "landed_at"}
        for entry in trial.ledger()
    ]
    return found


DOCUMENTS = {
    "a/US/1.txt": document("all_orders", row("all_orders"), row("all_orders", sku="2")),
    "a/US/2.txt": document("all_orders", row("all_orders", order_status="Cancelled")),
    "a/US/3.txt": document("fba_returns", row("fba_returns"), "broken"),
    "a/DE/4.txt": document("settlements_v2", row("settlements_v2", amount="4,10")),
    "b/5.txt": document("all_orders", row("all_orders")),
    "b/6.txt": document("mfn_returns"),
    "b/7.txt": b"no report",
    "b/US/8.csv": document("mfn_prime_returns", row("mfn_prime_returns")),
    "b/US/9.csv": document("stock", row("stock", sku="a\nb"), row("stock", sku="c")),
}


@settings(max_examples=6, deadline=None)
@given(
    order=st.permutations(list(DOCUMENTS)), cuts=st.sets(st.integers(1, 8), max_size=2)
)
def test_the_order_in_which_files_come_does_not_change_the_lake(
    empty_home: Path, order: list[str], cuts: set[int]
) -> None:
    with throwaway(empty_home) as expected, throwaway(empty_home) as trial:
        for name, content in DOCUMENTS.items():
            expected.put(name, content)
        expected.land()
        for index, name in enumerate(order):
            if index in cuts:
                trial.land()
            trial.put(name, DOCUMENTS[name])
        trial.land()
        assert lake(trial) == lake(expected)


@pytest.mark.parametrize("table", ["all_orders", "mfn_returns"])
def test_a_bad_row_changes_nothing_about_the_good_ones(
    empty_home: Path, table: str
) -> None:
    """The fast and the careful reading give the same rows."""
    rows = [row(table, item_name=f'{n}" é', label_cost=f"{n}.50") for n in range(1, 40)]
    with throwaway(empty_home) as fast, throwaway(empty_home) as careful:
        fast.land_one(document(table, *rows))
        careful.land_one(document(table, *rows, "broken"))
        ignored = {"_file_key"}
        one, other = (
            [
                {k: v for k, v in r.items() if k not in ignored}
                for r in trial.rows(table)
            ]
            for trial in (fast, careful)
        )
    assert len(one) == 39
    assert one == other
