"""How much a dashboard may hold, and what happens where there is more."""

from __future__ import annotations

import random
from typing import Any

import pytest

from orchestration.dashboard import building
from orchestration.dashboard.choices import keep_months
from orchestration.dashboard.form import Card, DashboardError, Page

TEXT = {"en": "A", "zh": "甲"}
MONTHS = [
    f"{year}-{month:02d}-01" for year in range(2022, 2026) for month in range(1, 13)
]
CARD = Card("one", TEXT, TEXT, ("kpi_x",), "", "months", {"kind": "table"})
PAGE = Page("p", TEXT, TEXT, {}, (CARD,))


def content(rows_a_month: int) -> dict[str, Any]:
    """Return rows that do not pack: random numbers in every month."""
    numbers = random.Random(1)
    count = rows_a_month * len(MONTHS)
    table = {
        "rows": count,
        "columns": {
            "month_start_date": {
                "texts": MONTHS,
                "at": [at % len(MONTHS) for at in range(count)],
            },
            "score": {"values": [numbers.random() for _ in range(count)]},
        },
    }
    return {"p": {"tables": {"one": table}, "marts": {}}}


def chosen() -> dict[str, Any]:
    told = {"sellers": {"a": {"months": MONTHS[::-1]}}, "months": []}
    keep_months(told, None)
    return told


def test_what_is_small_goes_back_three_years_and_a_month() -> None:
    told = chosen()
    building.within_limit((PAGE,), content(1), told)
    assert told["months"] == MONTHS[-37:]
    assert told["left_out"] == len(MONTHS) - 37


def test_what_is_large_goes_back_less_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(building, "MOST_BYTES", 4_000)
    told, rows = chosen(), content(20)
    packed = building.within_limit((PAGE,), rows, told)
    kept = len(told["months"])
    assert 3 <= kept < 25
    assert told["left_out"] == len(MONTHS) - kept
    assert len(packed["p"]) <= 4_000
    assert rows["p"]["tables"]["one"]["rows"] == 20 * kept


def test_what_is_too_large_even_then_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(building, "MOST_BYTES", 100)
    with pytest.raises(DashboardError, match="page p: let its cards carry fewer rows"):
        building.within_limit((PAGE,), content(20), chosen())
