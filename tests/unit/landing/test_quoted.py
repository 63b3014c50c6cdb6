"""Documents whose fields may be quoted: fields over several lines, stray marks."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.encoding import Decoder
from orchestration.landing.records import (
    LONGEST_LINE,
    MOST_LINES,
    BrokenLineError,
    QuotedRows,
)
from orchestration.settings import Home
from tests.unit.landing.trial import Trial, document, row

STRAY = "the line's quotation marks do not close"


def stock(trial: Trial, *lines: str, end: str = "\n") -> list[tuple[int, str | None]]:
    """Land an export of stock; give every row's line number and SKU."""
    entry = trial.land_one(document("stock", *lines, end=end))
    landed = trial.rows("stock")
    assert entry.rows_read == entry.rows_landed + entry.rows_quarantined
    assert entry.rows_landed == len(landed)
    assert entry.rows_quarantined == len(trial.rejects())
    return [(item["_line_number"], item["sku"]) for item in landed]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_fields_land_without_their_marks(trial: Trial, end: str) -> None:
    skus = ["a,b", 'the "best"', '"', "it's", '5" pipe', ";", " a "]
    found = stock(trial, *[row("stock", sku=sku) for sku in skus], end=end)
    assert found == list(enumerate((sku.strip() for sku in skus), start=2))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("inner", ["\n", "\r\n", "\n\n", "\n2025-01-01,x,y,z\n"])
def test_a_row_over_several_lines_is_one_row(
    trial: Trial, end: str, inner: str
) -> None:
    found = stock(trial, row("stock", sku=f"a{inner}b"), row("stock", sku="c"), end=end)
    lines = inner.count("\n")
    blank = inner.replace("\r\n", " ").replace("\n", " ")
    assert found == [(2, f"a{blank}b"), (3 + lines, "c")]


def test_a_stray_mark_costs_its_own_line_only(trial: Trial) -> None:
    open_line = row("stock", sku="a").replace("a", '"a', 1)
    assert stock(trial, open_line, row("stock", sku="b"), open_line) == [(3, "b")]
    assert [(r["line_number"], r["reason"]) for r in trial.rejects()] == [
        (2, STRAY),
        (4, STRAY),
    ]


@pytest.mark.parametrize("bad", ['"a"b', '"a" b'])
def test_text_after_a_closing_mark_is_no_field(trial: Trial, bad: str) -> None:
    line = row("stock", sku="MARK").replace("MARK", bad)
    assert stock(trial, line, row("stock", sku="c")) == [(3, "c")]
    assert trial.rejects()[0]["reason"] == STRAY


def test_a_mark_that_never_closes_does_not_swallow_the_document(trial: Trial) -> None:
    bad = row("stock", sku="MARK").replace("MARK", '"open')
    good = [row("stock", sku=f"s{number}") for number in range(2 * MOST_LINES)]
    assert len(stock(trial, bad, *good)) == 2 * MOST_LINES
    (reject,) = trial.rejects()
    assert (reject["line_number"], reject["reason"]) == (2, STRAY)


def test_a_row_of_many_long_lines_is_no_row() -> None:
    line = b"x" * (LONGEST_LINE // 2)
    lines = [(1, b'"' + line), (2, line), (3, line), (4, b"a,b")]
    found = list(QuotedRows(iter(lines), ",", Decoder("cp1252")))
    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert isinstance(found[0][1], BrokenLineError)
    assert found[-1] == (4, ["a", "b"])


@pytest.mark.parametrize("broken", [b"\0", b"\x81", None])
def test_a_line_that_is_no_text_ends_an_open_row(broken: bytes | None) -> None:
    lines = [(1, b'a,"b'), (2, broken and b"x" + broken), (3, b'c"'), (4, b"d,e")]
    found = list(QuotedRows(iter(lines), ",", Decoder("cp1252")))
    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert str(found[0][1]) == STRAY
    assert isinstance(found[1][1], BrokenLineError)
    assert [fields for _, fields in found[2:]] == [['c"'], ["d", "e"]]


def test_a_header_that_comes_again_is_set_aside(trial: Trial) -> None:
    header = document("stock").decode().strip()
    quoted = ",".join(f'"{cell}"' for cell in header.split(","))
    found = stock(trial, row("stock", sku="a"), quoted, f"\ufeff{header}")
    assert found == [(2, "a")]
    assert {r["reason"] for r in trial.rejects()} == {"the line repeats the header"}


def test_a_header_comes_again_in_an_export_of_words_alone(trial: Trial) -> None:
    header = "rma_id,order_id,sku,condition"
    entry = trial.land_one(f"{header}\nR1,O1,S1,new\n{header}\n".encode())
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)


def test_decimal_commas_in_quotes_are_read(trial: Trial) -> None:
    rows = [row("products", unit_cost="4,10"), row("products", unit_cost="3.5")]
    trial.land_one(document("products", *rows))
    assert [item["unit_cost"] for item in trial.rows("products")] == ["4.10", "3.5"]


def test_windows_text_in_quotes_is_read_as_such(trial: Trial) -> None:
    content = document("stock", row("stock", sku="é,\nü"), row("stock", sku="b"))
    entry = trial.land_one(content.decode().encode("cp1252"))
    assert entry.encoding == "cp1252"
    assert [item["sku"] for item in trial.rows("stock")] == ["é, ü", "b"]


TEXTS = st.text(
    st.characters(exclude_characters="\r\0@＠", exclude_categories=["Cs"]), max_size=12
)


@settings(max_examples=40, deadline=None)
@given(skus=st.lists(TEXTS, min_size=1, max_size=5), more=st.booleans())
def test_any_text_in_quotes_lands_but_for_breaks_and_outer_blanks(
    empty_home: Path, skus: list[str], more: bool
) -> None:
    """The fast and the careful reading give the same; a bad row changes nothing."""
    rows = [row("stock", sku=f"x{sku}") for sku in skus] + ["bad"] * more
    with TemporaryDirectory() as folder:
        shutil.copytree(empty_home, Path(folder) / "home")
        trial = Trial(Path(folder) / "inbox", Home(Path(folder) / "home"))
        entry = trial.land_one(document("stock", *rows))
        landed = [item["sku"] for item in trial.rows("stock")]
    assert landed == [
        f"x{sku}".replace("\n", " ").replace("\t", " ").strip(" ") for sku in skus
    ]
    assert (entry.rows_read, entry.rows_quarantined) == (len(rows), int(more))


PIECES = st.sampled_from(
    [b",", b"\n", b"\r\n", b'"', b'""', b" ", b"\t", b"\0", b"\xe9", b"a",
     b"2025-06-05", row("stock").encode(), b"\n2025-06-05,s,w",
     row("stock", sku="a\nb").encode()]
)  # fmt: skip


def rows_by_hand(content: bytes) -> int:
    """Rows under the header, where every quotation mark closes."""
    text = content.decode("cp1252").replace("\r\n", "\n").replace("\r", " ")
    lines = text.split("\n")
    reader = csv.reader(io.StringIO(text), strict=True, skipinitialspace=True)
    count, first = -1, 0
    for _ in reader:
        count += bool(lines[first].strip(" "))
        first = reader.line_num
    return count


@settings(max_examples=60, deadline=None)
@given(soup=st.lists(PIECES, max_size=40).map(b"".join))
def test_whatever_follows_a_header_no_line_is_counted_twice_or_lost(
    empty_home: Path, soup: bytes
) -> None:
    content = document("stock") + soup
    with TemporaryDirectory() as folder:
        shutil.copytree(empty_home, Path(folder) / "home")
        trial = Trial(Path(folder) / "inbox", Home(Path(folder) / "home"))
        entry = trial.land_one(content)
        rows, rejects = trial.rows("stock"), trial.rejects()
    assert entry.status in {"landed", "no_data"}, entry.reason
    assert entry.rows_read == entry.rows_landed + entry.rows_quarantined
    assert (len(rows), len(rejects)) == (entry.rows_landed, entry.rows_quarantined)
    numbers = [r["_line_number"] for r in rows] + [r["line_number"] for r in rejects]
    assert len(set(numbers)) == len(numbers)
    lines = content.split(b"\n")
    assert all(lines[number - 1].strip(b"\r ") for number in numbers)
    plain = [n for n, text in enumerate(lines, 1) if n > 1 and text.strip(b"\r ")]
    if b'"' not in soup:
        assert sorted(numbers) == plain
    elif all(r["reason"] != STRAY for r in rejects) and b"\0" not in soup:
        assert entry.rows_read == rows_by_hand(content)
