from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.landing.cleaning import clean
from orchestration.landing.encoding import Decoder
from orchestration.landing.errors import BalanceError
from orchestration.landing.layout import Layout
from orchestration.landing.reading import Reader
from orchestration.landing.records import LONGEST_LINE
from orchestration.landing.scan import rescan
from orchestration.landing.specs import ReportSpec
from tests.unit.landing.trial import Trial, document, header_cells, row, spec_of


def only_reject(
    trial: Trial, table: str, bad: str | bytes, place: str = "shop/US"
) -> dict:
    """Land a bad line between two good ones and return its quarantine entry."""
    good = row(table).encode()
    line = bad if isinstance(bad, bytes) else bad.encode()
    header = "\t".join(header_cells(table)).encode()
    entry = trial.land_one(
        b"\n".join([header, good, line, good, b""]), f"{place}/f.txt"
    )
    assert (entry.rows_read, entry.rows_landed, entry.rows_quarantined) == (3, 2, 1)
    assert [item["_line_number"] for item in trial.rows(table)] == [2, 4]
    (reject,) = trial.rejects()
    assert reject["line_number"] == 3
    assert reject["file_name"] == f"{place}/f.txt"
    assert reject["report_type"] == spec_of(table).report_types[0]
    return reject


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"),
    [
        ("mfn_returns", "order_id", "", "must not be blank"),
        ("mfn_returns", "return_request_date", " ", "must not be blank"),
        ("mfn_returns", "return_request_date", "2023-02-28", "no valid date"),
        ("mfn_returns", "order_date", "31-Feb-2023", "no valid date"),
        ("mfn_returns", "order_date", "30.03.2025 02:30", "no valid date"),
        ("mfn_returns", "order_date", "03-30-2025", "no valid date"),
        ("mfn_returns", "label_cost", "1,234", "two different numbers"),
        ("mfn_returns", "return_quantity", "1.5", "not a whole number"),
        ("mfn_returns", "a_to_z_claim", "2", "not Y, N"),
        ("mfn_returns", "order_id", "123-45", "form [A-Z0-9]{3}-"),
        ("all_orders", "purchase_date", "2025-06-01 10:00:00", "no valid date"),
        ("all_orders", "purchase_date", "2025-13-01T10:00:00", "no valid date"),
        ("all_orders", "item_price", "1.234,56", "two different numbers"),
        ("settlements_v2", "amount", "1,234.56", "two different numbers"),
        ("seller_feedback", "rating", "6", "form [1-5]"),
        ("seller_feedback", "order_id", "12345", "form"),
        ("seller_feedback", "feedback_date", "20/10/23", "no valid date"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_set_aside_with_its_reason(
    trial: Trial, table: str, column: str, value: str, reason: str
) -> None:
    reject = only_reject(trial, table, row(table, **{column: value}))
    assert reject["column_name"] == column
    assert reject["value"] == (value.strip() or None)
    assert reason in reject["reason"]


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"),
    [
        ("inspections", "quantity_received", "-1", "whole number, or is below 0"),
        ("mfn_returns", "return_quantity", "-1", "whole number, or is below 0"),
        ("fba_returns", "quantity", "-1", "whole number, or is below 0"),
        ("all_orders", "quantity", "-1", "whole number, or is below 0"),
        ("products", "unit_cost", "-4.10", "or is below 0"),
        ("exchange_rates", "exchange_rate", "0.00", "or is not above 0"),
        ("exchange_rates", "exchange_rate", "-1.08", "or is not above 0"),
        ("exchange_rates", "exchange_rate", "n/a", "is not a number"),
    ],
)
def test_a_number_that_cannot_be_that_low_is_set_aside(
    trial: Trial, table: str, column: str, value: str, reason: str
) -> None:
    content = document(table, row(table), row(table, **{column: value}))
    entry = trial.land_one(content)
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)
    (reject,) = trial.rejects()
    assert reject["column_name"] == column
    assert reason in reject["reason"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row("fba_returns") + "\tx", "14 fields where the header has 13"),
        ("only\tthree\tfields", "3 fields where the header has 13"),
        ("Jane Doe", "1 fields where the header has 13"),
        ("\t".join(header_cells("fba_returns")), "repeats the header"),
        (row("fba_returns", sku="a\0b"), "NUL byte"),
        (row("fba_returns", sku="a").encode() + b"\x81", "neither UTF-8 nor cp1252"),
        ("x" * (LONGEST_LINE + 1), "longer than 1 MiB"),
        ("x" * (3 * LONGEST_LINE), "longer than 1 MiB"),
    ],
)
def test_a_broken_line_is_set_aside_without_its_text(
    trial: Trial, line: str | bytes, reason: str
) -> None:
    reject = only_reject(trial, "fba_returns", line)
    assert reason in reject["reason"]
    assert (reject["column_name"], reject["value"]) == (None, None)
    assert "Jane" not in trial.stored_text()


def test_blank_fields_too_many_at_the_end_are_no_fault(trial: Trial) -> None:
    content = document("fba_returns", row("fba_returns") + "\t\t ", row("fba_returns"))
    assert trial.land_one(content).rows_landed == 2


def test_a_line_of_tabs_is_a_row_without_key(trial: Trial) -> None:
    reject = only_reject(trial, "fba_returns", "\t" * 12)
    assert reject["reason"] == "must not be blank"


def test_only_the_first_fault_of_a_row_is_listed(trial: Trial) -> None:
    bad = row("mfn_returns", return_quantity="x", label_cost="y")
    assert only_reject(trial, "mfn_returns", bad)["column_name"] == "label_cost"


@pytest.mark.parametrize(
    ("table", "column", "value", "shown"),
    [
        ("all_orders", "purchase_date", "Alcobendas", "Aaaaaaaaaa"),
        ("mfn_returns", "return_request_date", "31-Foo-2023", "99-Aaa-9999"),
        ("mfn_returns", "return_request_date", "May", "Aaa"),
        ("mfn_returns", "a_to_z_claim", "perhaps", "aaaaaaa"),
        ("mfn_returns", "return_quantity", "3 Rue Zola", "9 Aaa Aaaa"),
        ("settlements_v2", "amount", "12.5 EUR", "99.9 AAA"),
    ],
)
def test_of_a_wrong_value_with_letters_only_its_shape_is_kept(
    trial: Trial, table: str, column: str, value: str, shown: str
) -> None:
    reject = only_reject(trial, table, row(table, **{column: value}))
    assert (reject["column_name"], reject["value"]) == (column, shown)


def test_a_value_in_the_wrong_column_is_masked_and_cut(trial: Trial) -> None:
    value = "jane@example.com " + "y" * 500
    reject = only_reject(trial, "mfn_returns", row("mfn_returns", label_cost=value))
    assert reject["value"].startswith("[email] a")
    assert len(reject["value"]) == 200


def test_a_document_of_bad_rows_lands_with_none(trial: Trial) -> None:
    header = "\t".join(header_cells("mfn_returns"))
    entry = trial.land_one(document("mfn_returns", header, header))
    assert (entry.status, entry.rows_landed, entry.rows_quarantined) == ("landed", 0, 2)
    assert trial.rows("mfn_returns") == []
    assert [item["line_number"] for item in trial.rejects()] == [2, 3]


def test_in_a_document_with_decimal_commas_a_grouped_thousand_is_not_guessed(
    trial: Trial,
) -> None:
    rows = [row("settlements_v2", amount=amount) for amount in ("4,10", "1.234", "2.5")]
    entry = trial.land_one(document("settlements_v2", *rows))
    assert [item["amount"] for item in trial.rows("settlements_v2")] == ["4.10", "2.5"]
    assert entry.rows_quarantined == 1
    assert trial.rejects()[0]["value"] == "1.234"


def test_a_row_lost_on_the_way_stops_the_run(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A parser that drops a line without saying so must never go unnoticed.
    copy = Reader._copy
    monkeypatch.setattr(
        Reader,
        "_copy",
        lambda self, query, path: copy(self, f"select * from ({query}) limit 1", path),
    )
    trial.put(
        "shop/f.txt", document("fba_returns", row("fba_returns"), row("fba_returns"))
    )
    with pytest.raises(BalanceError, match="nothing was kept"):
        trial.land()
    monkeypatch.undo()
    assert trial.rows("landing_files") == []
    assert trial.land().outcomes[0].entry.rows_landed == 2


def quoted_layout() -> Layout:
    spec = spec_of("fba_returns")
    values = {name: getattr(spec, name) for name in spec.__dataclass_fields__}
    quoting = ReportSpec(**{**values, "quotes": "csv"})
    fields = {column.name: index for index, column in enumerate(spec.columns)}
    return Layout(quoting, len(fields), fields, header="x")


def test_where_quotes_quote_the_careful_reading_takes_them_off(tmp_path: Path) -> None:
    lines = ['"a ""b"""' + "\tc" * 12, '"open' + "\tc" * 12, '"a\tb"' + "\tc" * 12]
    path = tmp_path / "doc"
    path.write_text("x\n" + "\n".join(lines) + "\n")
    cleaned = clean(rescan(path), quoted_layout(), Decoder("cp1252"), tmp_path)
    assert (cleaned.rows, cleaned.kept) == (3, 2)
    first, second = cleaned.lines.read_text().splitlines()
    assert first.split("\t")[:2] == ["2", 'a "b"']
    assert second.split("\t")[:2] == ["4", "a b"]
    assert cleaned.rejects.read_text().startswith("3\tthe line's quotation marks")


def test_where_quotes_quote_the_fast_reading_does_so_too(tmp_path: Path) -> None:
    from orchestration.landing.parsing import Source, Target, rows_query
    from orchestration.landing.values import first_dialect

    path = tmp_path / "doc"
    path.write_text("x\n" + row("fba_returns", product_name='"a ""b"""') + "\n")
    layout = quoted_layout()
    query = rows_query(
        Source(path, layout), first_dialect(layout.spec, ()), Target("k", "s", None)
    )
    with duckdb.connect() as connection:
        found = connection.execute(f"select product_name from ({query})").fetchall()
    assert found == [('a "b"',)]
