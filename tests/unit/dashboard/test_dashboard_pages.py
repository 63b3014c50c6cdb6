"""The page files and what the loader makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.dashboard.choices import keep_months
from orchestration.dashboard.form import DashboardError
from orchestration.dashboard.pages import (
    load_labels,
    load_page,
    load_pages,
    load_states,
)

WANTED = {
    "overview", "handling", "refunds", "reasons", "satisfaction", "return_rate",
    "recovery", "queue", "account", "pitfalls", "actions", "trust",
}  # fmt: skip


def written(folder: Path, **changed: Any) -> Path:
    """Write a page of one good card, some of it changed; None takes a word away."""
    text = {"en": "A", "zh": "甲"}
    card = {
        "card": "one",
        "title": text,
        "question": text,
        "mart": "kpi_x",
        "sql": "select 1",
        "period": "month",
        "chart": {"kind": "table"},
    } | changed
    said = {word: value for word, value in card.items() if value is not None}
    page = {"page": "p", "title": text, "intro": text, "cards": [said]}
    path = folder / "10_p.yml"
    path.write_text(yaml.safe_dump(page, allow_unicode=True), encoding="utf-8")
    return path


def test_every_page_that_people_asked_for_is_there() -> None:
    names = [page.name for page in load_pages()]
    assert set(names) >= WANTED
    assert names[0] == "overview"


def test_every_label_has_both_languages() -> None:
    for name, text in load_labels(load_pages()).items():
        assert text["en"].strip() and text["zh"].strip(), name


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"titel": "x"}, "does not know"),
        ({"title": {"en": "A"}}, "title"),
        ({"period": "week"}, "period is 'week'"),
        ({"cut_by": {"channel": "mean"}}, "cut_by channel"),
        ({"cut_by": {"sku": "all"}}, "cut_by is 'sku'"),
        ({"formats": {"x": "percent"}}, "format of x"),
        ({"chart": {"kind": "pie"}}, "chart.kind"),
        ({"chart": {"kind": "bar", "x": "a"}}, "needs ['y']"),
        ({"chart": {"kind": "list", "text": {"en": "A"}}}, "text"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(DashboardError) as raised:
        load_page(written(tmp_path, **changed))
    assert "10_p.yml" in str(raised.value)
    assert told in str(raised.value)


def test_a_card_names_its_columns_but_not_those_the_page_works_out(
    tmp_path: Path,
) -> None:
    page = load_page(
        written(
            tmp_path,
            sums=["part", "whole"],
            ratios={"share": ["part", "whole"]},
            denominator="whole",
            formats={"value": "@unit"},
            chart={"kind": "bar", "x": "stage", "y": "share", "low": "share_low"},
        )
    )
    (card,) = page.cards
    assert card.fields() - card.worked_out() == {
        "part", "whole", "stage", "value", "unit",
    }  # fmt: skip


def test_months_left_out_cannot_be_chosen() -> None:
    chosen: dict[str, Any] = {
        "sellers": {
            "a": {"months": ["2026-03-01", "2026-02-01", "2026-01-01"]},
            "b": {"months": ["2026-01-01"]},
        },
        "months": [],
    }
    keep_months(chosen, 2)
    assert chosen["months"] == ["2026-02-01", "2026-03-01"]
    assert chosen["sellers"]["a"]["months"] == ["2026-03-01", "2026-02-01"]
    assert chosen["sellers"]["b"]["months"] == []


def test_every_judged_code_is_judged_once_and_told_in_words() -> None:
    pages = load_pages()
    labels = load_labels(pages)
    own = {name for page in pages for name in page.labels}
    for column, states in load_states().items():
        codes = [code for said in states.values() for code in said]
        assert len(codes) == len(set(codes)), column
        told = {*labels, *own}
        assert [c for c in codes if not {f"{column}={c}", c} & told] == [], column
