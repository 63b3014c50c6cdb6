"""A seller's own mapping works without code, and so does one that changes ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.errors import MappingError
from orchestration.landing.landing import LandingSummary
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
    export(
        trial, HEADER, ROW.replace("1,5", "x"), skipped, ROW.replace("CAP", " "),
        ROW.replace("1,5", "0,7"),
    )  # fmt: skip
    found = [(r["line_number"], r["column_name"], r["reason"]) for r in trial.rejects()]
    assert found == [
        (2, "quantity_received", "is not a number, or could be read as two different "
         "numbers, or is below 0, or makes no whole number"),
        (3, "inspected_at", "is no valid date of the form 31.01.2025 10:00 as a clock "
         "in Europe/Berlin shows it"),
        (4, "sku", "must not be blank"),
        (5, "quantity_received", "is not a number, or could be read as two different "
         "numbers, or is below 0, or makes no whole number"),
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


def test_a_file_of_our_own_layout_may_state_where_its_clock_hangs(
    trial: Trial,
) -> None:
    header, row = "rma_number,order_id,sku,inspected_at", "R,O,S,2025-06-05 10:15:00"
    assert export(trial, header, row).outcomes[0].entry.rows_landed == 0
    (reject,) = trial.rejects()
    assert reject["reason"] == (
        "is no valid date of the form 2025-01-31T10:00:00+01:00 or 2025-01-31"
    )
    formats = "instant_formats: [iso_instant, iso_local]"
    own(trial, f"extends: inspections\nzone: Asia/Shanghai\n{formats}\n", "ours")
    assert trial.land().outcomes[0].entry.mapping_name == "ours"
    (row_landed,) = trial.rows("inspections")
    assert row_landed["inspected_at"] == "2025-06-05 02:15:00"
    assert (row_landed["rma_id"], trial.rejects()) == ("R", [])


def test_a_shipped_mapping_comes_after_a_contract_that_knows_every_column(
    trial: Trial,
) -> None:
    metrics = ["created_at", "reply_time_in_minutes_calendar", "reopens", "replies"]
    known = [f"ticket_id,{name}" for name in ("created_at", ",".join(metrics))]
    row = "1,2025-06-05T10:00:00Z"
    export(trial, known[0], row, name="a.csv")
    export(trial, known[1], f"{row},5,0,1", name="b.csv")
    assert [entry["mapping_name"] for entry in trial.ledger()] == [
        None, "zendesk_ticket_metrics"]  # fmt: skip


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


def test_a_header_in_the_middle_is_no_row_though_every_column_is_a_text(
    trial: Trial,
) -> None:
    own(
        trial,
        """
tool: Cards
export: list
contract: messages
known_by: [Id, Bot]
columns:
  message_id: Id
  ticket_id: Id
  sent_at: {constant: "2025-01-01T00:00:00Z"}
  sender_kind: {constant: agent}
  is_automatic: {from: Bot, words: {x: true}, otherwise: false}
""",
    )
    export(trial, "Id,Bot", "1,x", "Id,Bot", "2,")
    assert [row["message_id"] for row in trial.rows("messages")] == ["1", "2"]
    assert trial.rejects()[0]["reason"] == "the line repeats the header"


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


def test_a_wrong_mapping_ends_the_run_before_anything_lands(trial: Trial) -> None:
    path = own(trial, GOOD.replace("sku: Article", "skus: Article"))
    with pytest.raises(MappingError) as error:
        export(trial, HEADER, ROW)
    assert str(path) in str(error.value)
    assert "`columns.skus`: inspections has no such column; perhaps sku" in str(
        error.value
    )
    assert trial.ledger() == []


def test_seconds_become_whole_minutes(trial: Trial) -> None:
    own(trial, """
tool: Desk
export: tickets
contract: tickets
known_by: [No, Wait]
instant_formats: [iso_instant]
columns:
  ticket_id: No
  created_at: Made
  first_reply_minutes: {from: Wait, divided_by: 60}
""")  # fmt: skip
    export(trial, "No,Made,Wait", "T1,2026-01-05T10:00:00Z,100")
    assert [row["first_reply_minutes"] for row in trial.rows("tickets")] == ["2"]
