from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.errors import SpecError
from orchestration.landing.lake import METADATA, lake_columns
from orchestration.landing.marketplaces import find_marketplace, load_marketplaces
from orchestration.landing.specs import load_specs, read_spec

GOOD = """
table: things
title: things report
report_types: [GET_THINGS]
format: tsv
quotes: data
header: by_name
date_column: day
natural_key: [thing_id]
date_formats: ["%Y-%m-%d"]
columns:
  - {name: thing_id, kind: text, needed: value}
  - {name: day, kind: date, needed: column}
  - {name: note, kind: free_text, needed: no}
"""


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "things.yml"
    path.write_text(text)
    return read_spec(path)


def test_the_reports_of_the_first_run_are_there() -> None:
    assert [spec.table for spec in load_specs()] == [
        "all_orders",
        "fba_returns",
        "mfn_returns",
        "seller_feedback",
        "seller_performance",
        "settlements_v1",
        "settlements_v2",
    ]


def test_every_lake_table_ends_with_the_same_columns() -> None:
    for spec in load_specs():
        assert list(lake_columns(spec))[-len(METADATA) :] == list(METADATA)
        assert set(lake_columns(spec).values()) == {"varchar", "bigint"}


def test_no_personal_column_is_in_the_lake() -> None:
    for spec in load_specs():
        assert not set(spec.personal_columns) & set(lake_columns(spec))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("date_column: day", "date_column: month", "month is no column"),
        ("[thing_id]", "[thing_id, size]", "size is no column"),
        ("kind: text", "kind: words", "unknown kind"),
        ("needed: value", "needed: perhaps", "unknown kind or need"),
        ("quotes: data", "quotes: data\ncolour: red", "unknown setting"),
        ("title: things report\n", "", "title"),
        ("name: note", "name: day", "named twice"),
        ("kind: text,", "kind: text, form: odd,", "unknown or second form"),
        ('date_formats: ["%Y-%m-%d"]\n', "", "no date format"),
        ("quotes: data", "quotes: data\npersonal_columns: [note]", "are personal"),
    ],
)
def test_a_spec_that_contradicts_itself_says_so(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert read(tmp_path, GOOD)
    assert old in GOOD
    with pytest.raises(SpecError, match=complaint):
        read(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    "name",
    ["UK", "GB", "amazon.co.uk", "Amazon.co.uk", "www.amazon.co.uk", "A1F83G8C2ARO7P"],
)
def test_a_marketplace_is_found_by_every_name_it_has(name: str) -> None:
    found = find_marketplace(name)
    assert found is not None
    assert found.code == "UK"


def test_no_name_means_two_marketplaces() -> None:
    for marketplace in load_marketplaces():
        for name in (marketplace.code, marketplace.domain, marketplace.amazon_id):
            assert find_marketplace(name) == marketplace
    assert find_marketplace("returns") is None
