from __future__ import annotations

import pytest

from orchestration.landing.specs import ColumnSpec
from orchestration.landing.values import (
    Dialect,
    decimal_comma_seen,
    normalised_value,
    trimmed,
)
from tests.unit.landing.trial import shared_connection

INSTANTS = ("iso_instant", "iso_day", "%d.%m.%Y %H:%M:%S UTC", "%d.%m.%Y")
DIALECT = Dialect(("%d-%b-%Y",), INSTANTS)
COMMA = Dialect(("%d-%b-%Y",), INSTANTS, has_decimal_comma=True)


def normal(kind: str, value: str, dialect: Dialect = DIALECT) -> str | None:
    column = ColumnSpec("x", kind, "no")  # type: ignore[arg-type]
    query = f"select {normalised_value(column, 'x', dialect)} from (select ? as x)"
    found = shared_connection().execute(query, [value]).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-01-31T15:18:49+00:00", "2023-01-31 15:18:49"),
        ("2023-01-31T15:18:49Z", "2023-01-31 15:18:49"),
        ("2023-01-31 15:18:49 UTC", "2023-01-31 15:18:49"),
        ("2023-01-31T15:18:49.123Z", "2023-01-31 15:18:49"),
        # An offset moves the instant: ignoring it would shift a day's sales.
        ("2023-01-31T23:00:00-08:00", "2023-02-01 07:00:00"),
        ("2023-01-31T23:00:00+0900", "2023-01-31 14:00:00"),
        ("2023-01-31T23:00:00+09", "2023-01-31 14:00:00"),
        # A day stays a day: midnight would be an invented hour.
        ("2026-08-04", "2026-08-04"),
        ("2026-08-04 UTC", "2026-08-04"),
        ("01.09.2026 10:11:12 UTC", "2026-09-01 10:11:12"),
        ("05.09.2026", "2026-09-05"),
    ],
)
def test_an_instant_becomes_utc_text_of_its_own_precision(
    value: str, expected: str
) -> None:
    assert normal("instant", value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "2023-01-31 15:18:49",  # no zone: nobody knows which instant
        "2023-01-31T15:18:49 PDT",
        "2023-02-30T00:00:00Z",
        "2023-02-30",
        "2023-13-01",
        "01/02/2023",
        "02-03-2023",
        "0023-01-31T00:00:00Z",
        "epoch",
        "infinity",
        "-infinity",
        "now",
        "purchase-date",
        "45213",
    ],
)
def test_an_instant_that_could_be_another_is_none(value: str) -> None:
    assert normal("instant", value) is None


DAYS = Dialect((), ("iso_instant", "iso_day", "zoned_day", "naive_instant"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-08-12 PDT", "2026-08-12"),
        ("2026-08-12 CEST", "2026-08-12"),
        ("2026-08-12 UTC", "2026-08-12"),
        ("2026-08-18 10:00:00", "2026-08-18"),
        ("2026-08-18T23:59", "2026-08-18"),
        # With its zone it is an instant, whatever other forms the report has.
        ("2026-05-04T00:00:00-0700", "2026-05-04 07:00:00"),
        ("2026-08-12 pdt", None),
        ("2026-08-12 Berlin time", None),
        ("2026-02-30 PDT", None),
        ("2026-08-18 25:00:00", None),
        ("2026-08-18 10:00:00 PDT", None),
    ],
)
def test_where_no_instant_is_stated_the_day_as_written_is_kept(
    value: str, expected: str | None
) -> None:
    assert normal("instant", value, DAYS) == expected


def test_a_date_has_the_report_s_form_and_no_other() -> None:
    assert normal("date", "08-Feb-2023") == "2023-02-08"
    assert normal("date", "29-Feb-2023") is None
    assert normal("date", "08-02-2023") is None
    assert normal("date", "08-Feb-23") is None


@pytest.mark.parametrize("value", ["12", "-3.00", "0.5", "1234.567", "1.234", "00.10"])
def test_a_plain_number_stays_as_it_is(value: str) -> None:
    assert normal("decimal", value) == value


@pytest.mark.parametrize(
    "value",
    ["1,234", "1.234,56", "1,234.56", "1e5", ".5", "5.", "+1", "$1", "1 234", "NaN",
     "inf", "--1", "1-", "(3.00)", "−3", "0x10", "1_000", "٣"],
)  # fmt: skip
def test_a_number_that_is_none_or_could_be_two_is_none(value: str) -> None:
    assert normal("decimal", value) is None
    assert normal("decimal", value, COMMA) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1234,56", "1234.56"),
        ("-3,00", "-3.00"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        ("12", "12"),
        ("12.5", "12.5"),
        ("1.234", None),  # a thousand in a document with decimal commas?
        ("1,234", None),
    ],
)
def test_decimal_commas_are_read_where_the_document_has_them(
    value: str, expected: str | None
) -> None:
    assert normal("decimal", value, COMMA) == expected


def test_only_a_clear_decimal_comma_counts_as_one() -> None:
    query = f"select {decimal_comma_seen(['x'])} from (select ? as x)"
    seen = [
        shared_connection().execute(query, [value]).fetchone()
        for value in ("4,10", "1,234", "1.5", "1.234,56")
    ]
    assert seen == [(True,), (False,), (False,), (False,)]


@pytest.mark.parametrize("value", ["1.0", "", "1,0", "two", "9" * 19, "1 2"])
def test_a_whole_number_is_digits_only(value: str) -> None:
    assert normal("integer", value) is None
    assert normal("integer", "-12") == "-12"


def test_flags_stay_as_delivered() -> None:
    kept = [normal("flag", value) for value in ("Y", "N", "true", "False", "Is prime")]
    assert kept == ["Y", "N", "true", "False", None]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" ", None),
        (" N/A ", None),
        ("  a b ", "a b"),
        ("a", "a"),
        ("a ", "a"),
        (" a", "a"),
    ],
)
def test_a_blank_is_null_and_outer_blanks_go(value: str, expected: str | None) -> None:
    query = f"select {trimmed('x')} from (select ? as x)"
    assert shared_connection().execute(query, [value]).fetchone() == (expected,)
