"""What holds for every report and export whose documents are rows of fields."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.layout import normalised
from orchestration.landing.specs import ColumnSpec
from orchestration.landing.values import BOUNDS, is_checked
from orchestration.settings import Home
from tests.unit.landing.samples import (
    delimited,
    document,
    header_cells,
    line,
    row,
    spec_of,
)
from tests.unit.landing.trial import Trial

WRONG = {
    "date": "31.31.2025",
    "instant": "31.31.2025",
    "decimal": "1,234",
    "integer": "1.5",
    "flag": "3",
}
NAME = "Maria Lopez, Alcobendas"
EMAIL = "jo@example.com"
every = pytest.mark.parametrize("name", delimited())
# A report that is read by position has no further columns.
BY_NAME = [name for name in delimited() if spec_of(name).header == "by_name"]


def present(name: str) -> list[ColumnSpec]:
    """The columns that the usual header has."""
    spec = spec_of(name)
    if spec.header == "by_position":
        return list(spec.columns)
    cells = {spec.names.get(normalised(cell)) for cell in header_cells(name)}
    return [column for column in spec.columns if column.name in cells]


def good(name: str) -> bytes:
    return document(name, row(name), row(name), row(name))


def bad_cells(name: str) -> list[tuple[str, str, str]]:
    """Column, value and reason of every fault that one value can have."""
    found = []
    for column in present(name):
        if column.needed == "value":
            found.append((column.name, " ", "must not be blank"))
        if column.pattern and column.pattern not in BOUNDS:
            found.append((column.name, NAME, "does not have the form"))
        elif is_checked(column) and column.kind in WRONG:
            found.append((column.name, WRONG[column.kind], "is no"))
    return found


def bad(name: str) -> bytes:
    """Two good rows around all faults, a short line, a long one, another header."""
    lines = [row(name, **{column: value}) for column, value, _ in bad_cells(name)]
    cells = header_cells(name)
    lines += [line(name, ["Jane", "Doe"]), line(name, ["x"] * (len(cells) + 1))]
    return document(name, row(name), *lines, line(name, cells), row(name))


def private(name: str) -> bytes:
    """A row with more columns than known, and an address in every text."""
    kinds = {"text", "free_text"}
    texts = [c.name for c in present(name) if c.kind in kinds and not c.pattern]
    values = dict.fromkeys(texts, f"write to {EMAIL} please")
    more = ["Buyer-Name", "Note", "Zeta", ""]
    cells = [*header_cells(name), *more]
    start = row(name, **values)
    delimiter = spec_of(name).delimiters[0]
    extra = line(name, ["Jane Doe", "call Maria Lopez", "A_1", "Janes Street"])
    return f"{line(name, cells)}\n{start}{delimiter}{extra}\n".encode()


DOCUMENTS: dict[str, Callable[[str], bytes]] = {
    "good": good,
    "windows": lambda name: good(name).replace(b"\n", b"\r\n"),
    "mixed": lambda name: good(name) + b"broken\n",
    "bad": bad,
    "private": private,
    "empty": lambda name: document(name),
}


@pytest.fixture(scope="module")
def landed(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Every document of every report, landed in one run."""
    folder = tmp_path_factory.mktemp("every")
    shutil.copytree(empty_home, folder / "home")
    trial = Trial(folder / "inbox", Home(folder / "home"))
    for name in delimited():
        for kind, write in DOCUMENTS.items():
            if kind != "private" or name in BY_NAME:
                trial.put(f"{name}-{kind}/US/a.txt", write(name))
    trial.land()
    return trial


@pytest.fixture(scope="module")
def ledger(landed: Trial) -> dict[str, dict[str, Any]]:
    return {entry["file_name"].split("/")[0]: entry for entry in landed.ledger()}


def rows(trial: Trial, name: str, kind: str) -> list[dict[str, Any]]:
    found = trial.rows(spec_of(name).table)
    return [item for item in found if item["_seller_id"] == f"{name}-{kind}"]


@every
@pytest.mark.parametrize("kind", ["good", "windows"])
def test_good_rows_land_in_their_table(
    landed: Trial, ledger: dict[str, dict[str, Any]], name: str, kind: str
) -> None:
    entry, spec = ledger[f"{name}-{kind}"], spec_of(name)
    assert (entry["status"], entry["lake_table"]) == ("landed", spec.table)
    assert (entry["rows_read"], entry["rows_quarantined"]) == (3, 0)
    assert entry["report_type"] == spec.report_types[0]
    found = rows(landed, name, kind)
    assert [item["_line_number"] for item in found] == [2, 3, 4]
    needed = [column.name for column in spec.columns if column.needed == "value"]
    assert all(item[column] for item in found for column in needed)


@every
@pytest.mark.parametrize("kind", ["windows", "mixed"])
def test_line_ends_and_bad_rows_change_nothing_about_the_good_ones(
    landed: Trial, name: str, kind: str
) -> None:
    """The fast and the careful reading give the same rows."""
    ours = {"_file_key": "", "_seller_id": ""}
    one, other = ([r | ours for r in rows(landed, name, k)] for k in ("good", kind))
    assert len(one) == 3
    assert one == other


@every
def test_every_fault_is_set_aside_with_its_column_and_reason(
    landed: Trial, ledger: dict[str, dict[str, Any]], name: str
) -> None:
    entry, faults = ledger[f"{name}-bad"], bad_cells(name)
    assert entry["rows_landed"] == 2
    assert entry["rows_quarantined"] == len(faults) + 3
    rejects = [r for r in landed.rejects() if r["file_key"] == entry["file_key"]]
    assert [r["line_number"] for r in rejects] == list(range(3, len(faults) + 6))
    for reject, (column, value, why) in zip(rejects, faults, strict=False):
        assert reject["column_name"] == column
        assert why in reject["reason"]
        assert (reject["value"] is None) == (value == " ")
    short, long, header = (item["reason"] for item in rejects[-3:])
    width = len(header_cells(name))
    assert short == f"the line has 2 fields where the header has {width}"
    assert long == f"the line has {width + 1} fields where the header has {width}"
    assert header == "the line repeats the header"


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_of_a_person_is_stored(
    landed: Trial, ledger: dict[str, dict[str, Any]], name: str
) -> None:
    entry = ledger[f"{name}-private"]
    assert entry["rows_landed"] == 1, landed.rejects()
    dropped = entry["personal_columns"].split(", ")
    assert {"buyer_name", *spec_of(name).personal_columns} <= set(dropped)
    assert dropped[-1].endswith("(no name)")
    (item,) = rows(landed, name, "private")
    assert json.loads(item["_unknown_columns"]) == {"note": "(text)", "zeta": "A_1"}
    assert not [value for value in item.values() if EMAIL in str(value)]


def test_no_name_or_address_is_anywhere_on_the_disk(landed: Trial) -> None:
    stored = landed.stored_text() + str(landed.stored_bytes())
    for secret in ("Jane", "Lopez", "Alcobendas", EMAIL, "Ann Example"):
        assert secret not in stored


@every
def test_a_header_alone_says_that_there_is_no_data(
    ledger: dict[str, dict[str, Any]], name: str
) -> None:
    entry = ledger[f"{name}-empty"]
    assert (entry["status"], entry["rows_read"]) == ("no_data", 0)
    assert entry["lake_table"] == spec_of(name).table
