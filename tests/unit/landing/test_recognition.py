from __future__ import annotations

import json

import pytest

from tests.unit.landing.trial import Trial, document, header_cells, row


def reason(trial: Trial, content: bytes, name: str = "shop/file.txt") -> str:
    entry = trial.land_one(content, name)
    assert entry.status == "refused"
    return str(entry.reason)


@pytest.mark.parametrize(
    "table",
    ["mfn_returns", "fba_returns", "all_orders", "settlements_v1", "settlements_v2",
     "seller_feedback"],
)  # fmt: skip
def test_a_report_is_known_by_its_header_whatever_it_is_called(
    trial: Trial, table: str
) -> None:
    entry = trial.land_one(document(table, row(table)), "shop/US/photo of my cat.JPG")
    assert (entry.status, entry.lake_table) == ("landed", table), entry.reason
    assert entry.rows_landed == 1


def test_a_name_proves_nothing(trial: Trial) -> None:
    name = "shop/GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE.txt"
    assert "not the header of a report" in reason(trial, b"a\tb\n1\t2\n", name)


def test_columns_are_found_by_name_in_any_order_case_and_spelling(trial: Trial) -> None:
    cells = header_cells("fba_returns")
    values = row("fba_returns").split("\t")
    turned = [cell.upper().replace("-", " ") + " " for cell in reversed(cells)]
    content = "\t".join(turned) + "\n" + "\t".join(reversed(values)) + "\n"
    trial.land_one(content.encode())
    (landed,) = trial.rows("fba_returns")
    assert (landed["order_id"], landed["sku"]) == ("111-0000001-0000001", "SKU-1")
    assert landed["license_plate_number"] == "LPN1"


def test_the_older_form_without_plate_and_comments_lands(trial: Trial) -> None:
    cells = header_cells("fba_returns")[:11]
    values = row("fba_returns").split("\t")[:11]
    trial.land_one(f"{chr(9).join(cells)}\n{chr(9).join(values)}\n".encode())
    (landed,) = trial.rows("fba_returns")
    assert landed["license_plate_number"] is None
    assert landed["customer_comments"] is None


def test_missing_required_columns_are_listed(trial: Trial) -> None:
    cells = [c for c in header_cells("mfn_returns") if c not in {"Order ID", "ASIN"}]
    text = reason(trial, ("\t".join(cells) + "\n").encode())
    assert "seller-fulfilled returns report" in text
    assert "lacks the required columns order_id, asin" in text


def test_a_header_that_names_a_column_twice_is_refused(trial: Trial) -> None:
    content = document("all_orders", row("all_orders"))
    doubled = content.replace(b"\n", b"\tsku\n", 1)
    assert "names sku twice" in reason(trial, doubled)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_spreadsheet_s_copy_is_refused_with_the_reason(
    trial: Trial, delimiter: str
) -> None:
    content = document("all_orders", row("all_orders"))
    text = reason(trial, content.replace(b"\t", delimiter.encode()))
    assert "all orders report but is separated by" in text


def test_lines_above_the_header_are_not_guessed_away(trial: Trial) -> None:
    content = b"This export was cut off after 1000 lines\n\n" + document("fba_returns")
    assert "stands on line 3" in reason(trial, content)


def test_blank_lines_above_the_header_do_not_matter(trial: Trial) -> None:
    content = b"\n \n" + document("fba_returns", row("fba_returns"))
    assert trial.land_one(content).rows_landed == 1
    assert trial.rows("fba_returns")[0]["_line_number"] == 4


def test_a_report_that_cannot_land_yet_is_named(trial: Trial) -> None:
    cells = "Date FNSKU ASIN MSKU Title Disposition Starting_Warehouse_Balance"
    text = reason(trial, "\t".join(f'"{x}"' for x in cells.split()).encode() + b"\n")
    assert "GET_LEDGER_SUMMARY_VIEW_DATA" in text
    assert "not yet supported" in text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_seller_s_own_tools_choose_what_separates_fields(
    trial: Trial, delimiter: str
) -> None:
    content = document("stock", row("stock", sku="S 1")).decode()
    entry = trial.land_one(content.replace(",", delimiter).encode())
    assert (entry.status, entry.lake_table, entry.rows_landed) == ("landed", "stock", 1)


def test_what_separates_an_export_by_bars_is_refused(trial: Trial) -> None:
    text = reason(trial, document("stock", row("stock")).replace(b",", b"|"))
    assert "separated by bars" in text
    assert "The original document is separated by commas or semicolons or tabs" in text


def test_the_returns_report_in_comma_form_is_that_of_prime(trial: Trial) -> None:
    content = document("mfn_prime_returns", row("mfn_prime_returns", item_name='5", a'))
    entry = trial.land_one(content)
    assert entry.report_type == "GET_CSV_MFN_PRIME_RETURNS_REPORT"
    assert trial.rows("mfn_returns")[0]["item_name"] == '5", a'
    trial.put("shop/US/flat.txt", document("mfn_returns", row("mfn_returns")))
    trial.land()
    assert {(e["lake_table"], e["report_type"]) for e in trial.ledger()} == {
        ("mfn_returns", "GET_CSV_MFN_PRIME_RETURNS_REPORT"),
        ("mfn_returns", "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"),
    }
    assert len(trial.rows("mfn_returns")) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b",", b";", "returns report but is separated by semicolons"),
        (b"Order ID", b"Order", "lacks the required column order_id"),
    ],
)
def test_any_other_form_of_it_is_refused(
    trial: Trial, old: bytes, new: bytes, words: str
) -> None:
    content = document("mfn_prime_returns", row("mfn_prime_returns"))
    assert words in reason(trial, content.replace(old, new))


def test_the_meta_file_says_which_form_was_asked_for(trial: Trial) -> None:
    entry = trial.land_one(
        document("mfn_prime_returns", row("mfn_prime_returns")),
        report_type="GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
    )
    assert entry.status == "refused"
    assert "this is the Seller Fulfilled Prime returns report" in entry.reason


@pytest.mark.parametrize("quote", ['"', ""])
def test_the_ledger_is_known_with_and_without_quotation_marks(
    trial: Trial, quote: str
) -> None:
    content = document("inventory_ledger", row("inventory_ledger")).decode()
    entry = trial.land_one(content.replace('"', quote).encode())
    assert (entry.lake_table, entry.rows_landed) == ("inventory_ledger", 1)


def test_where_one_column_of_several_is_needed_they_are_listed(trial: Trial) -> None:
    text = reason(trial, b"rma_id,order_id,sku\n")
    assert "inspections of the warehouse but lacks the required column" in text
    assert "inspected_at or received_at or" in text


@pytest.mark.parametrize("header", ["order_id,sku,colour", "created_at,id", "sku,name"])
def test_a_few_columns_in_common_make_no_export(trial: Trial, header: str) -> None:
    assert "not the header of a report or export" in reason(
        trial, f"{header}\n".encode()
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"%PDF-1.7 ...", "not a text file"),
        (b"\x00\x01\x02" * 100, "not a text file"),
        (b"<AmazonEnvelope><MessageType>Returns-Report</MessageType>", "ends early"),
        (b"<Report><MessageType>X</MessageType>", "types Returns-Report"),
        (b"<Error><Code>AccessDenied</Code></Error>", "error message"),
        (b"<html><body>Sign in</body></html>", "error page"),
        (b'{"a": 1}', "no report or answer that can land"),
        (b'[{"accountStatuses": 1}]', "no report that can land"),
        (b'{"accountStatuses": [', "ends early"),
        (b"just a note to myself", "not the header of a report"),
        (b"x" * 200_000, "longer than any report"),
        ("columna_a\tcolumna_b\n".encode("utf-16-le"), "not a text file"),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(
    trial: Trial, content: bytes, words: str
) -> None:
    text = reason(trial, content)
    assert words in text
    assert text.endswith((".", ".")) and "\n" not in text


def test_a_refused_file_shows_nothing_of_its_content(trial: Trial) -> None:
    text = reason(trial, b"Jane Doe\tjane@example.com\t12 Long Street\n")
    assert "Jane" not in text and "jane@" not in text


def test_feedback_with_a_localised_header_is_known_by_its_first_row(
    trial: Trial,
) -> None:
    header = "Datum\tBewertung\tKommentare\tIhre Antwort\tBestellnummer\tE-Mail"
    feedback = row("seller_feedback", feedback_date="20.10.23", comments="Gut")
    entry = trial.land_one(f"{header}\n{feedback}\n".encode(), "shop/DE/x.txt")
    assert entry.lake_table == "seller_feedback"
    (landed,) = trial.rows("seller_feedback")
    assert (landed["feedback_date"], landed["rating"]) == ("2023-10-20", "5")
    assert landed["comments"] == "Gut"


def test_an_empty_localised_feedback_needs_its_meta_file(trial: Trial) -> None:
    header = "日付\t評価\tコメント\t返信\t注文番号\tメール\n".encode("cp932")
    assert trial.land_one(header, "shop/JP/a.txt").status == "refused"
    trial.put("shop/JP/a.txt", header, report_type="GET_SELLER_FEEDBACK_DATA")
    assert trial.land().outcomes[0].status == "no_data"


def test_six_columns_alone_make_no_feedback(trial: Trial) -> None:
    content = b"a\tb\tc\td\te\tf\n1\t2\t3\t4\t5\t6\n"
    assert "not the header" in reason(trial, content, "shop/US/x.txt")


def test_a_performance_report_is_known_by_its_keys(trial: Trial) -> None:
    content = json.dumps({"accountStatuses": [], "performanceMetrics": []})
    assert trial.land_one(content.encode()).status == "no_data"
