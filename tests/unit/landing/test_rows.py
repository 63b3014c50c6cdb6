from __future__ import annotations

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
