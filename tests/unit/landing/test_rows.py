from __future__ import annotations

import json
from datetime import date

import pytest

from tests.unit.landing.trial import Trial, document, header_cells, row


def test_good_rows_land_normalised_with_their_line_numbers(trial: Trial) -> None:
    content = document(
        "all_orders",
        row("all_orders", product_name='A 15" shirt, "best" ', merchant_order_id=" "),
        row("all_orders", sku="SKU-2", purchase_date="2025-06-03T23:30:00-08:00"),
    )
    entry = trial.land_one(content)
    first, second = trial.rows("all_orders")
    assert first["product_name"] == 'A 15" shirt, "best"'
    assert first["merchant_order_id"] is None
    assert first["purchase_date"] == "2025-06-01 10:00:00"
    assert second["purchase_date"] == "2025-06-04 07:30:00"
    assert [first["_line_number"], second["_line_number"]] == [2, 3]
    assert (first["_seller_id"], first["_marketplace_code"]) == ("shop", "US")
    assert first["_file_key"] == entry.file_key
    assert first["_as_of"] == "2025-06-04 07:30:00"
    assert (entry.data_start_date, entry.data_end_date) == (
        date(2025, 6, 1),
        date(2025, 6, 4),
    )
    assert (entry.rows_read, entry.rows_landed, entry.rows_quarantined) == (2, 2, 0)
    assert entry.bytes_read == len(content)


def test_identical_rows_are_all_kept(trial: Trial) -> None:
    trial.land_one(document("fba_returns", *[row("fba_returns")] * 3))
    assert [item["_line_number"] for item in trial.rows("fba_returns")] == [2, 3, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_read(trial: Trial, end: str, last: bool) -> None:
    rows = [row("all_orders", sku=f"SKU-{number}") for number in range(3)]
    content = document("all_orders", *rows, end=end)
    entry = trial.land_one(content if last else content.removesuffix(end.encode()))
    assert (entry.rows_read, entry.rows_landed) == (3, 3)
    landed = trial.rows("all_orders")
    assert [item["sku"] for item in landed] == ["SKU-0", "SKU-1", "SKU-2"]
    assert [item["_line_number"] for item in landed] == [2, 3, 4]


@pytest.mark.parametrize(
    "tail", [b"\n", b"\n\n\n", b"\r\n", b"\r", b"   ", b"\n \n", b" \r\n\r\n"]
)
def test_blank_lines_at_the_end_are_no_rows(trial: Trial, tail: bytes) -> None:
    entry = trial.land_one(document("fba_returns", row("fba_returns")) + tail)
    assert (entry.rows_read, entry.rows_landed) == (1, 1), entry.reason


def test_blank_lines_between_rows_keep_the_line_numbers_true(trial: Trial) -> None:
    content = document("fba_returns", row("fba_returns"), "", " ", row("fba_returns"))
    entry = trial.land_one(content)
    assert entry.rows_read == 2
    assert [item["_line_number"] for item in trial.rows("fba_returns")] == [2, 5]


@pytest.mark.parametrize("more", [[], ["broken"]])
def test_a_carriage_return_inside_a_line_is_a_blank(
    trial: Trial, more: list[str]
) -> None:
    good = row("fba_returns", customer_comments="too\rsmall")
    trial.land_one(document("fba_returns", good, *more))
    assert trial.rows("fba_returns")[0]["customer_comments"] == "too small"


@pytest.mark.parametrize("more", [[], ["broken"]])
def test_n_a_is_nothing_and_other_words_are_words(
    trial: Trial, more: list[str]
) -> None:
    words = ["N/A", " N/A", "NA", "NULL", "null", "\\N", "nan", "#", "None"]
    rows = [row("fba_returns", status=word) for word in words]
    trial.land_one(document("fba_returns", *rows, *more))
    landed = [item["status"] for item in trial.rows("fba_returns")]
    assert landed == [None, None, *words[2:]]


def test_lines_of_mixed_ends_are_read(trial: Trial) -> None:
    lines = document("fba_returns", row("fba_returns"), row("fba_returns"))
    entry = trial.land_one(lines.replace(b"\n", b"\r\n", 2))
    assert (entry.rows_read, entry.rows_landed) == (2, 2)


def test_a_header_alone_is_an_explicit_no_data(trial: Trial) -> None:
    for number, tail in enumerate([b"", b"\n", b"\r\n\r\n"]):
        header = "\t".join(header_cells("mfn_returns")).encode()
        trial.put(f"shop{number}/US/june.txt", header + tail)
    statuses = [outcome.status for outcome in trial.land().outcomes]
    assert statuses == ["no_data"] * 3
    entry = trial.ledger()[0]
    assert (entry["lake_table"], entry["rows_read"]) == ("mfn_returns", 0)
    assert "no data" in entry["reason"]


def test_the_last_header_may_carry_a_blank(trial: Trial) -> None:
    content = document("fba_returns", row("fba_returns", customer_comments="ok"))
    trial.land_one(content.replace(b"customer-comments", b"customer-comments "))
    assert trial.rows("fba_returns")[0]["customer_comments"] == "ok"


def test_absent_optional_columns_are_null(trial: Trial) -> None:
    trial.land_one(document("mfn_returns", row("mfn_returns")))
    (landed,) = trial.rows("mfn_returns")
    assert landed["vat"] is None and landed["order_item_id"] is None


def test_another_name_of_a_column_is_understood(trial: Trial) -> None:
    content = document("mfn_returns", row("mfn_returns", merchant_rma_id="M-1"))
    trial.land_one(content.replace(b"Merchant RMA ID", b"Seller RMA ID"))
    assert trial.rows("mfn_returns")[0]["merchant_rma_id"] == "M-1"


def widened(table: str, names: list[str], *rows: tuple[str, list[str]]) -> bytes:
    header = "\t".join([*header_cells(table), *names])
    lines = ["\t".join([base, *more]) for base, more in rows]
    return ("\n".join([header, *lines]) + "\n").encode()


def test_of_unknown_columns_codes_are_kept_and_texts_named_only(trial: Trial) -> None:
    base = row("fba_returns")
    content = widened(
        "fba_returns",
        ["Grade", "Note"],
        (base, ["A_1", "Call Maria Lopez tomorrow"]),
        (base, [" ", ""]),
    )
    entry = trial.land_one(content)
    first, second = trial.rows("fba_returns")
    assert json.loads(first["_unknown_columns"]) == {
        "grade": "A_1",
        "note": "(text)",
    }
    assert "Maria" not in trial.stored_text()
    assert second["_unknown_columns"] is None
    assert entry.unknown_columns == "grade, note"
    assert entry.personal_columns is None


def test_unknown_columns_that_smell_of_a_person_are_dropped_and_named(
    trial: Trial,
) -> None:
    content = widened(
        "fba_returns",
        ["buyer-name", "Shade", ""],
        (row("fba_returns"), ["Jane Doe", "red", "Janes Street"]),
    )
    entry = trial.land_one(content)
    assert entry.personal_columns == "buyer_name, column 16 (no name)"
    assert entry.unknown_columns == "shade"
    assert "Jane" not in trial.stored_text()
    assert b"Jane" not in trial.stored_bytes()


def test_personal_columns_never_reach_the_disk(trial: Trial) -> None:
    secret = {"ship_city": "Xanadu", "ship_postal_code": "98765", "cpf": "123-secret"}
    broken = row("all_orders", **secret) + "\textra"
    wrong = row("all_orders", quantity="many", **secret)
    good = row("all_orders", **secret)
    entry = trial.land_one(document("all_orders", good, wrong, broken))
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 2)
    assert "ship_city" in entry.personal_columns
    text = trial.stored_text() + str(trial.stored_bytes())
    for value in secret.values():
        assert value not in text


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("all_orders", "amazon_order_id"),
        ("all_orders", "currency"),
        ("fba_returns", "license_plate_number"),
        ("mfn_returns", "tracking_id"),
        ("settlements_v2", "order_id"),
    ],
)
def test_a_name_where_an_id_belongs_is_stored_nowhere(
    trial: Trial, table: str, column: str
) -> None:
    bad = row(table, **{column: "Maria Lopez, Alcobendas 28108"})
    entry = trial.land_one(document(table, row(table), bad))
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)
    (reject,) = trial.rejects()
    assert (reject["column_name"], reject["value"]) == (
        column,
        "Aaaaa Aaaaa, Aaaaaaaaaa 99999",
    )
    stored = trial.stored_text() + str(trial.stored_bytes())
    assert "Lopez" not in stored and "Alcobendas" not in stored


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("all_orders", "amazon_order_id", "S01-5026600-7901244"),
        ("all_orders", "merchant_order_id", "qUCNfzxjSq"),
        ("mfn_returns", "tracking_id", "RR 123 456 785 DE"),
        ("settlements_v1", "adjustment_id", "amzn1:crow:aB+9=/x"),
        ("settlements_v1", "shipment_id", "BRFQMBOKP"),
    ],
)
def test_every_form_an_id_is_seen_in_lands(
    trial: Trial, table: str, column: str, value: str
) -> None:
    trial.land_one(document(table, row(table, **{column: value})))
    assert [item[column] for item in trial.rows(table)] == [value]


def test_a_sku_is_free_but_for_an_e_mail(trial: Trial) -> None:
    skus = ["Red shirt, size 12 (new)", "for jo@example.com", "a@b"]
    rows = [row("all_orders", sku=sku) for sku in skus]
    trial.land_one(document("all_orders", *rows))
    landed = [item["sku"] for item in trial.rows("all_orders")]
    assert landed == [skus[0], "for [email]", "a@b"]


def test_free_text_is_masked(trial: Trial) -> None:
    comment = "call 555-123-4567 or mail a@b.example about 111-0000001-0000001"
    trial.land_one(
        document("fba_returns", row("fba_returns", customer_comments=comment))
    )
    landed = trial.rows("fba_returns")[0]["customer_comments"]
    assert landed == "call [phone] or mail [email] about 111-0000001-0000001"


def test_the_rater_s_mail_is_dropped_and_comments_are_masked(trial: Trial) -> None:
    feedback = row("seller_feedback", comments="I am joe@example.com")
    entry = trial.land_one(document("seller_feedback", feedback))
    assert entry.personal_columns == "rater_email"
    assert trial.rows("seller_feedback")[0]["comments"] == "I am [email]"
    assert "someone@example.com" not in trial.stored_text()
    assert trial.rows("seller_feedback")[0]["_as_of"] == "2023-10-20"


def test_decimal_commas_of_a_settlement_become_points(trial: Trial) -> None:
    rows = [
        row("settlements_v2", amount="-3,00", posted_date="05.09.2026"),
        row("settlements_v2", amount="1234,56", posted_date="06.09.2026",
            posted_date_time="06.09.2026 10:11:12 UTC"),
    ]  # fmt: skip
    entry = trial.land_one(document("settlements_v2", *rows))
    first, second = trial.rows("settlements_v2")
    assert (first["amount"], second["amount"]) == ("-3.00", "1234.56")
    assert first["posted_date"] == "2026-09-05"
    assert second["posted_date_time"] == "2026-09-06 10:11:12"
    assert entry.rows_quarantined == 0


@pytest.mark.parametrize(
    ("marketplace", "written"),
    [
        ("US", "10/20/23"),
        ("DE", "20.10.23"),
        ("SE", "2023-10-20"),
        ("JP", "23/10/20"),
        ("UK", "20/10/23"),
    ],
)
def test_feedback_dates_are_read_as_the_marketplace_writes_them(
    trial: Trial, marketplace: str, written: str
) -> None:
    content = document("seller_feedback", row("seller_feedback", feedback_date=written))
    trial.land_one(content, f"shop/{marketplace}/x.txt")
    assert trial.rows("seller_feedback")[0]["feedback_date"] == "2023-10-20"


def test_without_a_marketplace_the_one_format_that_fits_is_used(trial: Trial) -> None:
    days = [
        row("seller_feedback", feedback_date=day) for day in ("01/02/23", "10/20/23")
    ]
    trial.land_one(document("seller_feedback", *days), "shop/x.txt")
    assert [item["feedback_date"] for item in trial.rows("seller_feedback")] == [
        "2023-01-02",
        "2023-10-20",
    ]


@pytest.mark.parametrize("days", [["01/02/03"], ["20/10/23", "10/20/23"]])
def test_without_a_marketplace_dates_are_never_guessed(
    trial: Trial, days: list[str]
) -> None:
    rows = [row("seller_feedback", feedback_date=day) for day in days]
    entry = trial.land_one(document("seller_feedback", *rows), "shop/x.txt")
    assert entry.status == "refused"
    assert "folder named after the marketplace" in entry.reason


@pytest.mark.parametrize(
    "text", ["a@example.com", "a＠example.com", "ä: a@example.com", "plain", "plän"]
)
def test_an_email_in_a_text_is_masked_whatever_the_document_is_like(
    trial: Trial, text: str
) -> None:
    """Documents that can hold no at sign are not searched; all others are."""
    trial.land_one(document("all_orders", row("all_orders", promotion_ids=text)))
    [landed] = trial.rows("all_orders")
    assert "example" not in landed["promotion_ids"]
    assert ("[email]" in landed["promotion_ids"]) is ("example" in text)
