"""How numbers and sentences are said in each language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orchestration.report.assets import every_month, month_before
from orchestration.report.document import Figure, Identifier, Source
from orchestration.report.reading import earlier
from orchestration.report.telling import Teller
from orchestration.report.writing import ReportError, month_of

NOWHERE = Source("kpi_x", "x", {})


@pytest.mark.parametrize(
    ("value", "kind", "currency", "en", "zh"),
    [
        (0.8214, "share", None, "82.1%", "82.1%"),
        (0.01834, "rate", None, "1.83%", "1.83%"),
        (-0.0135, "change", None, "-1.4 pp", "-1.4 个百分点"),
        (1234567, "count", None, "1,234,567", "1,234,567"),
        (Decimal("1273.34"), "amount", "USD", "$1,273.34", "US$1,273.34"),
        (Decimal(500), "amount", "JPY", "¥500", "JP¥500"),
        (7.31, "points", None, "+7.3", "+7.3"),
        (3.86, "days", None, "3.9 days", "3.9 天"),
        (date(2026, 10, 31), "date", None, "31 Oct 2026", "2026年10月31日"),
        (date(2026, 10, 1), "month", None, "October 2026", "2026年10月"),
        (None, "share", None, "no data", "暂无数据"),
    ],
)
def test_figures_are_written_as_the_language_does(
    value: object, kind: str, currency: str | None, en: str, zh: str
) -> None:
    figure = Figure(value, kind, NOWHERE, currency)  # type: ignore[arg-type]
    assert Teller("en").figure(figure) == en
    assert Teller("zh").figure(figure) == zh


def test_a_sentence_keeps_its_pieces() -> None:
    count = Figure(3, "count", NOWHERE)
    said = Teller("en").say(
        "do_missing_refunds",
        count=count,
        oldest=Figure(date(2026, 9, 24), "date", NOWHERE),
        where=None,
    )
    assert said[1] is count
    assert Teller("en").plain(said) == (
        "Pay 3 refunds whose deadline has passed, the oldest on 24 Sep 2026."
    )


def test_a_sentence_leaves_out_what_is_unknown() -> None:
    unknown = Figure(None, "points", NOWHERE)
    month = Figure(date(2026, 9, 1), "month", NOWHERE)
    said = Teller("en").say(
        "score_change",
        change=unknown,
        last_month=month,
        status="",
        year_change=unknown,
        last_year=month,
        year_status="",
        low=unknown,
        high=unknown,
    )
    plain = Teller("en").plain(said)
    assert "no score of September 2026" in plain
    assert "no data" not in plain


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert Teller("zh").code("claim_type", "new_kind") == "new_kind"
    assert Identifier("A").text == "A"


def test_months() -> None:
    assert earlier(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert earlier(date(2026, 10, 1), 12) == date(2025, 10, 1)
    assert month_before(date(2027, 1, 2)) == date(2026, 12, 1)
    assert month_of("2026-09") == date(2026, 9, 1)
    for wrong in ("2026-13", "2026-9", "last"):
        with pytest.raises(ReportError, match="is not a month"):
            month_of(wrong)


def test_the_second_of_a_month_asks_for_the_month_before() -> None:
    from datetime import UTC, datetime

    import dagster as dg

    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 11, 2, 8, tzinfo=UTC)
    )
    asked = every_month(context)
    assert isinstance(asked, dg.RunRequest)
    config = asked.run_config["ops"]["monthly_report"]["config"]
    assert config["month"] == "2026-10"
