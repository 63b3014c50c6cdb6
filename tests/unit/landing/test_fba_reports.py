"""Reimbursements, removals, replacements and the ledger, with what is odd in them."""

from __future__ import annotations

import pytest

from tests.unit.landing.trial import Trial, document, header_cells, row


def without(table: str, *columns: str) -> bytes:
    """A document of one row that lacks columns."""
    cells, values = header_cells(table), row(table).split("\t")
    kept = [i for i, cell in enumerate(cells) if cell.replace("-", "_") not in columns]
    assert len(kept) == len(cells) - len(columns)
    lines = ["\t".join(line[i] for i in kept) for line in (cells, values)]
    return ("\n".join(lines) + "\n").encode()


def test_european_amounts_of_reimbursements_become_points(trial: Trial) -> None:
    rows = [
        row("fba_reimbursements", amount_per_unit="4,10", amount_total="8,20"),
        row("fba_reimbursements", amount_per_unit="1234,5", amount_total="-1234,50"),
        row("fba_reimbursements", amount_per_unit="1.234", amount_total="12,00"),
    ]
    entry = trial.land_one(document("fba_reimbursements", *rows), "shop/DE/x.txt")
    names = ("amount_per_unit", "amount_total")
    found = [tuple(r[n] for n in names) for r in trial.rows("fba_reimbursements")]
    assert found == [("4.10", "8.20"), ("1234.5", "-1234.50")]
    assert entry.rows_quarantined == 1
    (reject,) = trial.rejects()
    assert (reject["column_name"], reject["value"]) == ("amount_per_unit", "1.234")


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ("2025-06-05T15:31:40+00:00", "2025-06-05 15:31:40"),
        ("2025-06-05T23:31:40-07:00", "2025-06-06 06:31:40"),
        ("2025-06-05 PDT", "2025-06-05"),
        ("2025-06-05 UTC", "2025-06-05"),
        ("05.06.2025", "2025-06-05"),
    ],
)
def test_approvals_keep_the_precision_they_have(
    trial: Trial, written: str, landed: str
) -> None:
    line = row("fba_reimbursements", approval_date=written)
    entry = trial.land_one(document("fba_reimbursements", line))
    assert [r["approval_date"] for r in trial.rows("fba_reimbursements")] == [landed]
    assert entry.data_start_date.isoformat() == landed[:10]


@pytest.mark.parametrize("columns", [(), ("service_speed",), ("order_source",)])
def test_removal_orders_land_in_their_older_and_newer_form(
    trial: Trial, columns: tuple[str, ...]
) -> None:
    entry = trial.land_one(without("removal_orders", *columns))
    assert (entry.lake_table, entry.rows_landed) == ("removal_orders", 1)
    (landed,) = trial.rows("removal_orders")
    expected = {"service_speed": "Standard", "order_source": "Seller Initiated"}
    for name, value in expected.items():
        assert landed[name] == (None if name in columns else value)
    assert (landed["order_type"], landed["order_status"]) == ("Return", "Completed")


def test_removal_fees_with_commas_and_without_a_currency(trial: Trial) -> None:
    rows = [
        row("removal_orders", removal_fee="1,50", currency="EUR"),
        row("removal_orders", removal_fee="N/A", currency=" "),
    ]
    trial.land_one(document("removal_orders", *rows), "shop/DE/x.txt")
    found = [(r["removal_fee"], r["currency"]) for r in trial.rows("removal_orders")]
    assert found == [("1.50", "EUR"), (None, None)]


def test_the_ledger_lands_without_its_quotation_marks(trial: Trial) -> None:
    titles = ['A 12" pipe', 'the "best"', "tab\there", "plain", "é"]
    rows = [row("inventory_ledger", title=title) for title in titles]
    entry = trial.land_one(document("inventory_ledger", *rows))
    landed = [item["title"] for item in trial.rows("inventory_ledger")]
    assert landed == [title.replace("\t", " ") for title in titles]
    assert (entry.rows_read, entry.rows_quarantined) == (5, 0)


def test_marks_inside_an_unquoted_field_of_the_ledger_stay(trial: Trial) -> None:
    cells = row("inventory_ledger", title="TITLE").replace('"', "")
    content = document("inventory_ledger", cells.replace("TITLE", '12" pipe'))
    trial.land_one(content)
    assert trial.rows("inventory_ledger")[0]["title"] == '12" pipe'


def test_equal_movements_of_the_ledger_are_all_kept(trial: Trial) -> None:
    trial.land_one(document("inventory_ledger", *[row("inventory_ledger")] * 2))
    assert [r["_line_number"] for r in trial.rows("inventory_ledger")] == [2, 3]


@pytest.mark.parametrize(
    ("day", "time", "landed"),
    [
        ("06/05/2025", "2025-06-05T00:00:00-0700", "2025-06-05 07:00:00"),
        ("2025-06-05", "2025-06-05 10:00:00", "2025-06-05"),
        ("06/05/2025", "", None),
    ],
)
def test_days_and_times_of_the_ledger(
    trial: Trial, day: str, time: str, landed: str | None
) -> None:
    line = row("inventory_ledger", date=day, date_and_time=time)
    trial.land_one(document("inventory_ledger", line))
    (found,) = trial.rows("inventory_ledger")
    assert (found["date"], found["date_and_time"]) == ("2025-06-05", landed)


def test_a_month_of_the_ledger_s_summary_is_no_day(trial: Trial) -> None:
    line = row("inventory_ledger", date="06/2025")
    assert trial.land_one(document("inventory_ledger", line)).rows_quarantined == 1
    assert trial.rejects()[0]["column_name"] == "date"


def test_the_ledger_is_known_by_its_names_without_blanks(trial: Trial) -> None:
    content = document("inventory_ledger", row("inventory_ledger")).decode()
    for name in ("Event Type", "Reference ID", "Fulfillment Center"):
        content = content.replace(name, name.replace(" ", ""))
    trial.land_one(content.replace("Date and Time", "eventTimestamp").encode())
    assert trial.rows("inventory_ledger")[0]["event_type"] == "CustomerReturns"


def test_replacements_name_both_orders(trial: Trial) -> None:
    line = row("fba_replacements", replacement_amazon_order_id="111-0000009-0000009")
    trial.land_one(document("fba_replacements", line, line.replace("111-0000009", "x")))
    (landed,) = trial.rows("fba_replacements")
    assert landed["replacement_amazon_order_id"] == "111-0000009-0000009"
    (reject,) = trial.rejects()
    assert reject["column_name"] == "replacement_amazon_order_id"
