from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.errors import SpecError
from orchestration.landing.lake import METADATA, lake_columns
from orchestration.landing.marketplaces import find_marketplace, load_marketplaces
from orchestration.landing.specs import lake_specs, load_specs, read_spec

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


def test_every_table_of_the_lake_is_there() -> None:
    assert list(lake_specs()) == [
        "actions",
        "all_orders",
        "carrier_checkpoints",
        "exchange_rates",
        "external_returns",
        "fba_reimbursements",
        "fba_replacements",
        "fba_returns",
        "finances_events",
        "finances_transactions",
        "inspections",
        "inventory_ledger",
        "messages",
        "mfn_returns",
        "performance_checklists",
        "products",
        "removal_orders",
        "removal_shipments",
        "return_events",
        "return_progress",
        "return_topics",
        "sales_and_traffic",
        "seller_feedback",
        "seller_performance",
        "settlements_v1",
        "settlements_v2",
        "stock",
        "tickets",
        "xml_returns",
    ]


def test_one_report_shares_the_table_of_another() -> None:
    shared = [spec for spec in load_specs() if spec.shares_table_of]
    assert [spec.title for spec in shared] == ["Seller Fulfilled Prime returns report"]
    owner, prime = lake_specs()["mfn_returns"]
    assert (owner.format, prime.format) == ("tsv", "csv")
    assert (prime.columns, prime.natural_key) == (owner.columns, owner.natural_key)


SHARING = """
shares_table_of: things
title: other things report
report_types: [GET_OTHER_THINGS]
format: csv
quotes: csv
"""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("_of: things", "_of: nothing", "there is no nothing.yml"),
        ("_of: things", "_of: others", "others.yml itself shares a table"),
        ("format: csv", "format: tsv", "has the same format"),
        ("GET_OTHER_THINGS", "GET_THINGS", "has the same report type"),
        ("quotes: csv", "quotes: csv\ntable: mine", "has to state"),
        ("title: other things report\n", "", "has to state"),
    ],
)
def test_a_table_is_shared_only_by_another_form_of_the_same_rows(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    (tmp_path / "things.yml").write_text(GOOD)
    path = tmp_path / "others.yml"
    path.write_text(SHARING)
    spec = read_spec(path)
    assert (spec.table, spec.report_types) == ("things", ("GET_OTHER_THINGS",))
    path.write_text(SHARING.replace(old, new))
    with pytest.raises(SpecError, match=complaint):
        read_spec(path)


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
