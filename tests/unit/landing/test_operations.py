"""Every contract and every mapping lands its example as a person would read it."""

from __future__ import annotations

import csv
import hmac
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.lake import METADATA
from orchestration.landing.layout import normalised
from orchestration.landing.mapping import SHIPPED, Mapping, load_mappings
from orchestration.landing.mapping_checks import contracts
from orchestration.settings import PROJECT_ROOT, Home
from tests.unit.landing.trial import Trial

EXAMPLES = PROJECT_ROOT / "tests" / "fixtures" / "operations"
KEY = bytes(range(32))
MAPPINGS = {mapping.name: mapping for mapping in load_mappings()}
NAMES = [*sorted(contracts()), *sorted(MAPPINGS)]
PEOPLE = (
    "Erika", "Jane", "Mia Example", "mia example", "Ben Example", "ben.example", "Pat@",
    "pat@", "Ana@", "Ana Example", "ana@", "0191 496", "1234567", "Springfield",
    "62704", "Long Road", "mail.example",
)  # fmt: skip


def example(name: str) -> Path:
    kind = "mappings" if name in MAPPINGS else "contracts"
    return EXAMPLES / kind / f"{name}.csv"


def table_of(name: str) -> str:
    return MAPPINGS[name].contract.table if name in MAPPINGS else name


def expected(name: str) -> list[dict[str, str]]:
    """What should have landed, people under their pseudonyms, blanks left out."""
    people = {c.name for c in contracts()[table_of(name)].columns if c.kind == "person"}
    with example(name).with_suffix(".landed.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        {key: pseudonym(value) if key in people else value
         for key, value in row.items() if value}
        for row in rows
    ]  # fmt: skip


def pseudonym(person: str) -> str:
    return f"p-{hmac.new(KEY, person.encode(), sha256).hexdigest()[:12]}"


def values(row: dict[str, Any]) -> dict[str, str]:
    hidden = {*METADATA, "_as_of"}
    return {k: v for k, v in row.items() if v is not None and k not in hidden}


@pytest.fixture(scope="module")
def landed(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Every example under its own seller, landed in one run."""
    folder = tmp_path_factory.mktemp("operations")
    shutil.copytree(empty_home, folder / "home")
    trial = Trial(folder / "inbox", Home(folder / "home"))
    for name in NAMES:
        trial.put(f"{name}/data.csv", example(name).read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETURNS_PSEUDONYM_KEY", KEY.hex())
        trial.land()
    return trial


@pytest.mark.parametrize("name", NAMES)
def test_an_example_lands_with_the_values_it_means(landed: Trial, name: str) -> None:
    rows = [r for r in landed.rows(table_of(name)) if r["_seller_id"] == name]
    assert [values(row) for row in rows] == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_ledger_says_by_which_mapping(landed: Trial, name: str) -> None:
    (entry,) = [e for e in landed.ledger() if e["seller_id"] == name]
    table = table_of(name)
    assert (entry["status"], entry["lake_table"]) == ("landed", table)
    assert entry["report_type"] == f"OPERATIONS_{table.upper()}"
    assert entry["mapping_name"] == (name if name in MAPPINGS else None)
    assert entry["rows_read"] == entry["rows_landed"] == len(expected(name))
    assert entry["unknown_columns"] is None


def test_nobody_is_named_anywhere_on_the_disk(landed: Trial) -> None:
    sources = "".join(example(name).read_text() for name in NAMES)
    text, raw = landed.stored_text(), landed.stored_bytes()
    for person in PEOPLE:
        assert person in sources
        assert person not in text
        assert person.encode() not in raw
    assert KEY.hex() not in text and KEY not in raw and KEY.hex().encode() not in raw


def test_one_person_is_one_pseudonym_across_tools(landed: Trial) -> None:
    rows = {t: landed.rows(t) for t in ("tickets", "messages")}
    people = {r["assignee"] for r in rows["tickets"]} - {None}
    people |= {r["agent"] for r in rows["messages"]} - {None}
    assert people == {pseudonym("ana@shop.example")}


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_every_column_of_a_mapping_s_example_is_understood(name: str) -> None:
    mapping = MAPPINGS[name]
    with example(name).open(encoding="utf-8") as file:
        header = {normalised(cell) for cell in next(csv.reader(file))}
    assert mapping.known_by <= header
    others = [m.name for m in MAPPINGS.values() if m.known_by <= header]
    assert others == [name]


def sources_of(mapping: Mapping, target: str) -> tuple[str, ...]:
    return mapping.columns[target].sources


def faults(mapping: Mapping) -> list[tuple[str, str, str]]:
    """Column of the contract, value and reason of faults that values can have."""
    wrong = {
        "instant": ("31/31/2025 10:00:00", "no valid date"),
        "date": ("31/31/2025", "no valid date"),
        "integer": ("1.5x", "whole number"),
        "decimal": ("1,234", "two different numbers"),
    }
    found = []
    for column in mapping.contract.columns:
        mapped = mapping.columns.get(column.name)
        if mapped and mapped.sources and not mapped.words:
            if column.kind in wrong:
                found.append((column.name, *wrong[column.kind]))
            if column.needed == "value":
                found.append((column.name, "", "must not be blank"))
    return found


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_of_a_mapped_export_a_faulty_row_is_set_aside_with_its_reason(
    trial: Trial, name: str
) -> None:
    mapping = MAPPINGS[name]
    with example(name).open(encoding="utf-8") as file:
        header, first, *_ = list(csv.reader(file))
    cells = [normalised(cell) for cell in header]
    present = [
        item for item in faults(mapping)
        if set(sources_of(mapping, item[0])) & set(cells)
    ]  # fmt: skip
    lines = []
    for target, value, _ in present:
        bad = sources_of(mapping, target)
        lines.append(
            [value if c in bad else v for c, v in zip(cells, first, strict=True)]
        )
    path = trial.put("shop/a.csv", b"")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *lines])
    entry = trial.land().outcomes[0].entry
    assert (entry.rows_landed, entry.rows_quarantined) == (0, len(present))
    rejects = trial.rejects()
    for reject, (target, _, why) in zip(rejects, present, strict=True):
        # A source that fills two columns may show its fault in the first of them.
        shared = [
            t for t in mapping.columns
            if set(sources_of(mapping, t)) & set(sources_of(mapping, target))
        ]  # fmt: skip
        assert reject["column_name"] in shared
        assert why in reject["reason"]
        assert reject["report_type"] == mapping.contract.report_types[0]


def test_the_words_of_the_contracts_are_those_the_warehouse_knows() -> None:
    kinds = {"disposition": "disposition", "inspection_outcome": "outcome",
             "grade": "grade", "fault_party": "fault_party",
             "sender_kind": "sender_kind"}  # fmt: skip
    with (PROJECT_ROOT / "seeds" / "operation_words.csv").open() as file:
        seed = list(csv.DictReader(file))
    for spec in contracts().values():
        for column in spec.columns:
            if column.name in kinds:
                kind = kinds[column.name]
                known = {r["word_code"] for r in seed if r["word_type"] == kind}
                assert set(column.words) == known, column.name


def test_every_column_of_a_contract_says_what_it_means() -> None:
    for spec in contracts().values():
        for column in spec.columns:
            assert column.means.endswith("."), f"{spec.table}.{column.name}"


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_a_mapping_says_where_it_is_from_and_what_was_never_seen(name: str) -> None:
    text = (SHIPPED / f"{name}.yml").read_text(encoding="utf-8")
    comment = "".join(line for line in text.splitlines() if line.startswith("#"))
    assert "# Source" in comment
    assert "ever seen" in comment
