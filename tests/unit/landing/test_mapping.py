"""Mappings: what is wrong with one is said, and a seller's own works without code."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.errors import MappingError
from orchestration.landing.landing import LandingSummary
from orchestration.landing.mapping import load_mappings, read_mapping
from tests.unit.landing.trial import Trial

GOOD = """
tool: ShelfWorks
export: checks
contract: inspections
known_by: [Check No, Found]
zone: Europe/Berlin
instant_formats: ["%d.%m.%Y %H:%M"]
columns:
  inspection_id: Check No
  rma_id: RMA
  order_id: [Amazon Order, Shop Order]
  sku: Article
  inspected_at: Checked
  quantity_received: {from: Dozens, times: 12}
  disposition: {from: Found, words: {ok: restock, Kaputt: dispose}}
  warehouse_id: {constant: HAM}
  inspector: Checker
personal: [Customer Name]
ignored: [Shelf]
"""
HEADER = "Check No;RMA;Amazon Order;Shop Order;Article;Checked;Dozens;Found;Checker"
ROW = "C1;R1;;111-0000001-0000001;CAP;05.06.2025 10:15;1,5;KAPUTT;Ana Example"


def own(trial: Trial, text: str = GOOD, name: str = "shelfworks") -> Path:
    trial.home.mappings.mkdir(exist_ok=True)
    path = trial.home.mappings / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return path


def export(trial: Trial, *lines: str, name: str = "shop/checks.csv") -> LandingSummary:
    trial.put(name, "".join(f"{line}\n" for line in lines).encode())
    return trial.land()


def test_a_seller_s_own_mapping_lands_an_export_without_code(trial: Trial) -> None:
    own(trial)
    more = f"{HEADER};Shelf;Customer Name;Lane"
    entry = export(trial, more, f"{ROW};9;Jane Doe;A_7").outcomes[0].entry
    assert (entry.status, entry.mapping_name) == ("landed", "shelfworks")
    assert (entry.personal_columns, entry.unknown_columns) == ("customer_name", "lane")
    (row,) = trial.rows("inspections")
    assert row["order_id"] == "111-0000001-0000001"
    assert row["inspected_at"] == "2025-06-05 08:15:00"
    assert (row["quantity_received"], row["disposition"]) == ("18", "dispose")
    assert (row["warehouse_id"], row["_unknown_columns"]) == ("HAM", '{"lane":"A_7"}')
    assert row["inspector"].startswith("p-")
    assert row["grade"] is None
    assert "Jane" not in trial.stored_text() and "Ana" not in trial.stored_text()


def test_a_value_that_cannot_be_read_says_how_the_export_should_write_it(
    trial: Trial,
) -> None:
    own(trial)
    skipped = ROW.replace("05.06.2025 10:15", "30.03.2025 02:30")
    export(trial, HEADER, ROW.replace("1,5", "x"), skipped, ROW.replace("CAP", " "))
    found = [(r["line_number"], r["column_name"], r["reason"]) for r in trial.rejects()]
    assert found == [
        (2, "quantity_received", "is not a number, or could be read as two different "
         "numbers"),
        (3, "inspected_at", "is no valid date of the form %d.%m.%Y %H:%M in "
         "Europe/Berlin"),
        (4, "sku", "must not be blank"),
    ]  # fmt: skip


def test_an_unlisted_word_stays_or_becomes_what_otherwise_says(trial: Trial) -> None:
    own(trial)
    export(trial, HEADER, ROW.replace("KAPUTT", "Unsure"))
    assert trial.rows("inspections")[0]["disposition"] == "Unsure"
    words = "words: {ok: restock, Kaputt: dispose}"
    own(trial, GOOD.replace(words, f"{words}, otherwise: pending"))
    trial.land()
    assert trial.rows("inspections")[0]["disposition"] == "pending"


def test_a_changed_mapping_reads_its_files_again_and_only_then(trial: Trial) -> None:
    own(trial)
    export(trial, HEADER, ROW.replace("1,5", "x"))
    assert len(trial.rejects()) == 1
    assert trial.land().counts == {"unchanged": 1}
    own(trial, f"# a comment changes nothing\n{GOOD}")
    assert trial.land().counts == {"unchanged": 1}
    own(trial, GOOD.replace("{from: Dozens, times: 12}", "Pieces"))
    assert trial.land().counts == {"landed": 1}
    assert trial.rejects() == []
    assert trial.rows("inspections")[0]["quantity_received"] is None


def test_a_mapping_to_another_contract_moves_what_has_landed(trial: Trial) -> None:
    own(trial)
    export(trial, HEADER, ROW)
    events = GOOD[: GOOD.index("columns:")].replace("inspections", "return_events")
    own(
        trial,
        events
        + """columns:
  event_at: Checked
  event_type: {constant: inspected}
  order_id: Shop Order
  sku: Article
absent: [rma_id]
""",
    )
    assert trial.land().counts == {"landed": 1}
    assert trial.rows("inspections") == []
    assert [row["event_type"] for row in trial.rows("return_events")] == ["inspected"]
    assert len(trial.ledger()) == 1
    assert trial.land().counts == {"unchanged": 1}


def test_a_shipped_mapping_is_changed_by_a_few_lines(trial: Trial) -> None:
    header = "Return_code,Return_date,Quantity,Sales_order_number,Return_condition,EAN"
    own(trial, "extends: peoplevox_returns\nzone: Europe/London\ncolumns: {sku: EAN}\n",
        "our_warehouse")  # fmt: skip
    entry = export(trial, header, "R1,14/06/2018 16:55:07,1,1234,NEW,506").outcomes[0]
    assert entry.entry.mapping_name == "our_warehouse"
    (row,) = trial.rows("inspections")
    assert (row["inspected_at"], row["sku"]) == ("2018-06-14 15:55:07", "506")


def test_an_own_mapping_of_the_same_name_takes_the_shipped_one_s_place(
    trial: Trial,
) -> None:
    own(trial, "extends: loop_grading\nzone: America/New_York\n", "loop_grading")
    header = "line_item_id,sku,condition_category,disposition_outcome,inspected_at"
    export(trial, header, "1,CAP,grade_a,donate,2024-03-31 23:59:59")
    (row,) = trial.rows("inspections")
    assert (row["inspected_at"], row["disposition"]) == (
        "2024-04-01 03:59:59",
        "donate",
    )


def test_two_mappings_that_fit_are_refused_by_name(trial: Trial) -> None:
    own(trial)
    own(trial, GOOD.replace("Found]", "Checked]"), "other")
    outcome = export(trial, HEADER, ROW).outcomes[0]
    assert outcome.status == "refused"
    assert "mappings other and shelfworks both fit" in str(outcome.reason)
    # One that asks for all the other asks for, and more, knows better.
    own(trial, GOOD.replace("Found]", "Found, Checked]"), "other")
    assert trial.land().outcomes[0].entry.mapping_name == "other"


def test_a_contract_that_knows_every_column_comes_before_a_mapping(
    trial: Trial,
) -> None:
    loose = "known_by: [sku, order_id]\ncolumns: {sku: order_id}\nabsent: [rma_id]\n"
    text = f"tool: X\nexport: y\ncontract: inspections\n{loose}"
    own(trial, text.replace("absent: [rma_id]", "absent: [rma_id, order_id]"))
    header = "rma_number,order_id,sku,condition"
    assert export(trial, header, "R,O,S,good").outcomes[0].entry.mapping_name is None
    outcome = export(trial, f"{header},zeta", "R,O,S,good,1", name="shop/b.csv")
    assert outcome.outcomes[0].entry.mapping_name == "shelfworks"


def test_a_delimiter_of_its_own_separates(trial: Trial) -> None:
    own(trial, f"delimiter: '|'\n{GOOD}")
    lines = [line.replace(";", "|") for line in (HEADER, ROW)]
    assert export(trial, *lines).outcomes[0].status == "landed"
    assert export(trial, HEADER, ROW, name="b.csv").outcomes[0].status == "refused"


def test_a_mark_of_utf_8_and_quoted_text_over_lines_are_read(trial: Trial) -> None:
    own(trial)
    text = f"\ufeff{HEADER}\r\n{ROW.replace('CAP', chr(34) + 'CA;P' + chr(34))}\r\n"
    trial.put("shop/a.csv", text.encode())
    assert trial.land().counts == {"landed": 1}
    assert trial.rows("inspections")[0]["sku"] == "CA;P"


def test_an_export_that_lacks_a_column_is_told_whose_it_looks_like(
    trial: Trial,
) -> None:
    header = "line_item_id,sku,condition_category,inspected_at"
    reason = str(export(trial, header, "1,CAP,a,b").outcomes[0].reason)
    assert "Loop's grading and disposition (mapping loop_grading)" in reason
    assert "lacks the column disposition_outcome" in reason


def test_own_mappings_may_lie_in_a_folder_of_their_own(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "shelfworks.yml").write_text(GOOD)
    monkeypatch.setenv("RETURNS_MAPPINGS", str(folder))
    assert export(trial, HEADER, ROW).outcomes[0].status == "landed"
    monkeypatch.setenv("RETURNS_MAPPINGS", str(folder / "gone"))
    with pytest.raises(MappingError, match="which is no folder"):
        trial.land()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for ending in ("yml", "yaml"):
        (tmp_path / f"a.{ending}").write_text("extends: loop_grading\n")
    with pytest.raises(MappingError, match="have one name"):
        load_mappings(tmp_path)


def test_a_wrong_mapping_ends_the_run_before_anything_lands(trial: Trial) -> None:
    path = own(trial, GOOD.replace("sku: Article", "skus: Article"))
    with pytest.raises(MappingError) as error:
        export(trial, HEADER, ROW)
    assert str(path) in str(error.value)
    assert "`columns.skus`: inspections has no such column; perhaps sku" in str(
        error.value
    )
    assert trial.ledger() == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("tool: ShelfWorks\n", "", "`tool` is missing"),
        ("tool:", "tools:", "`tools` is no setting; perhaps tool is meant"),
        ("tool: ShelfWorks", "tool: [a]", "`tool` must be a text"),
        ("[Check No, Found]", "Found", "`known_by` must be a list"),
        ("[Check No, Found]", "[]", "`known_by` is missing"),
        ("contract: inspections", "contract: inspection", "perhaps inspections"),
        ("  rma_id: RMA\n", "", "`columns.rma_id` is missing. Name the column"),
        ("  sku: Article\n", "", "`columns.sku` is missing: every row"),
        ("sku: Article", "sku: {form: Article}", "`form` is no setting; perhaps from"),
        ("sku: Article", "sku: {times: 2}", "needs either `from`"),
        ("sku: Article", "sku: {from: A, times: 2}", "sku is none"),
        ("sku: Article", "sku: []", "`from` must be a column"),
        ("times: 12", "times: 0", "a number above 0"),
        ("times: 12", "times: twelve", "a number above 0"),
        ("constant: HAM", "constant: Hall M 1", "does not have the form"),
        ("constant: HAM", "constant: ''", "is blank"),
        ("ok: restock", "ok: restok", "restok is no word of it; perhaps restock"),
        ("{constant: HAM}", "W\n  is_x: 1", "inspections has no such column"),
        ("quantity_received: {from: Dozens, times: 12}",
         "quantity_received: {constant: some}", "some does not have the form"),
        ("ok: restock", "OK: restock, ok: donate", "`words` has ok twice"),
        ("words: {ok", "otherwise: pending, word: {ok", "`word` is no setting"),
        ("Found, words: {ok: restock, Kaputt: dispose}", "Found, otherwise: pending",
         "`otherwise` is for words"),
        ("from: Found", "when: {Found: []}, from: Found", "`when` must be pairs"),
        ("zone: Europe/Berlin\n", "", "`zone` is missing: %d.%m.%Y %H:%M has no zone"),
        ("Europe/Berlin", "Berlin", "Berlin is no IANA time zone"),
        ('["%d.%m.%Y %H:%M"]', '["%d.%m.%Y %Q"]', "has a sign that is not known"),
        ('["%d.%m.%Y %H:%M"]', '["%d.%m."]', "must state year, month and day"),
        ('["%d.%m.%Y %H:%M"]', '["%d.%m.%Y %I:%M"]', "without AM or PM"),
        ('["%d.%m.%Y %H:%M"]', '["%d/%m/%Y", "%m/%d/%Y"]', "nobody can tell 03/04"),
        ("ignored: [Shelf]", "ignored: [Article]", "article of the export is under"),
        ("ignored: [Shelf]", "absent: [sku]", "`absent` names sku, which"),
        ("ignored: [Shelf]", "absent: [sky]", "`absent` names sky; perhaps sku"),
        ("ignored: [Shelf]", "ignored: [a]\nignored: [b]", "ignored a second time"),
        ("tool: ShelfWorks", "extends: loop", "`extends` names loop"),
        ("tool: ShelfWorks", "tool: [", "is no valid YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_said_with_the_fix(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = tmp_path / "shelfworks.yml"
    path.write_text(GOOD)
    assert read_mapping(path).tool == "ShelfWorks"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(MappingError) as error:
        read_mapping(path)
    assert complaint in str(error.value)
    assert str(path) in str(error.value)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(GOOD.replace("sku:", "skew:").replace("Europe/Berlin", "Berlin"))
    with pytest.raises(MappingError, match=r"columns\.skew.*columns\.sku.*zone"):
        read_mapping(path)


def test_mappings_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("extends: b\n")
    (tmp_path / "b.yml").write_text("extends: a\n")
    with pytest.raises(MappingError, match="is no other mapping"):
        load_mappings(tmp_path)
