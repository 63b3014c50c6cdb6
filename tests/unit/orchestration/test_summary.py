"""Which month a seller is told about, and what is missing from the last year."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import Home
from orchestration.terminal.summary import (
    PARTS,
    RECENT_MONTHS,
    coverage_gaps,
    in_detail,
    latest_scores,
    sentence,
)

Month = tuple[str, float | None, int]


def publish(
    root: Path,
    months: Iterable[Month],
    *,
    coverage: Iterable[tuple[str, str, int, int]] = (),
    as_of: str = "2026-05-31",
    judged: int = 0,
) -> Home:
    """Publish a scorecard of one seller: (month, score, parts with data)."""
    home = Home(root)
    version = home.published / "v1-a"
    version.mkdir(parents=True)
    (home.published / "current").symlink_to("v1-a")
    columns = ", ".join(
        f"if({number} < parts, 0.9, null) as {part}_share,"
        f" if({number} < parts, 9, 0) as {part}_good_count,"
        f" if({number} < parts, 10, 0) as {part}_case_count,"
        f" if({number} < parts, 70.0, null) as {part}_score"
        for number, part in enumerate(PARTS)
    )
    with duckdb.connect(version / "returns.duckdb") as connection:
        connection.execute("create schema marts; use marts")
        connection.execute(
            "create table given (month date, score double, parts integer)"
        )
        for month in months:
            connection.execute("insert into given values (?, ?, ?)", month)
        connection.execute(
            "create table kpi_scorecard_by_seller_month as select 'me' as seller_id,"
            " month as month_start_date, score, score - 9 as score_low,"
            " score + 9 as score_high, if(parts > 1, 'watch', null) as band_code,"
            " parts as part_count, parts / 4 as coverage_share,"
            f" parts < 4 as is_partial, {columns} from given"
        )
        connection.execute(
            "create table kpi_reason_attribution_by_marketplace_month as select 'me' as"
            f" seller_id, month as month_start_date, {judged} as judged_count,"
            " 1170 as return_count, false as is_scored from given"
        )
        connection.execute(
            "create table dim_sellers as select 'me' as seller_id,"
            f" date '{as_of}' as data_as_of_date"
        )
        connection.execute(
            "create table dim_score_bands as select 'watch' as band_code, 'Watch' as"
            " band_name, date '1900-01-01' as valid_from, date '2025-12-31' as valid_to"
            " union all select 'watch', 'Watch it', date '2026-01-01',"
            " date '9999-12-31'"
        )
        connection.execute(
            "create table kpi_data_coverage_by_seller_month (seller_id varchar,"
            " coverage_measure varchar, month_start_date date, covered_count bigint,"
            " total_count bigint)"
        )
        for row in coverage:
            connection.execute(
                "insert into kpi_data_coverage_by_seller_month"
                " values ('me', ?, ?, ?, ?)",
                row,
            )
    return home


@pytest.mark.parametrize(
    ("months", "told"),
    [
        # The newest month that has all parts.
        ([("2026-03-01", 50, 4), ("2026-04-01", 60, 4)], "2026-04"),
        # One month less new, but with all parts.
        ([("2026-04-01", 60, 4), ("2026-05-01", 70, 3)], "2026-04"),
        # All parts, but long ago: better a part of what is now.
        ([("2026-01-01", 60, 4), ("2026-05-01", 70, 3)], "2026-05"),
        # Never all parts.
        ([("2026-04-01", 60, 2), ("2026-05-01", 70, 2)], "2026-05"),
        # A score without a band says little.
        ([("2026-04-01", 60, 2), ("2026-05-01", 70, 1)], "2026-04"),
        # No score at all in the newest month.
        ([("2026-01-01", 60, 1), ("2026-05-01", None, 0)], "2026-01"),
        # A month that is not over yet only if there is no other.
        ([("2026-06-01", 70, 1)], "2026-06"),
        ([("2026-05-01", 60, 4), ("2026-06-01", 70, 4)], "2026-05"),
    ],
)
def test_the_month_that_tells_most(
    tmp_path: Path, months: list[Month], told: str
) -> None:
    [score] = latest_scores(publish(tmp_path, months))
    assert f"{score.month:%Y-%m}" == told
    assert RECENT_MONTHS == 3


def test_a_month_that_is_half_over_is_not_told(tmp_path: Path) -> None:
    months = [("2026-04-01", 50.0, 4), ("2026-05-01", 60.0, 4)]
    [score] = latest_scores(publish(tmp_path, months, as_of="2026-05-30"))
    assert f"{score.month:%Y-%m}" == "2026-04"


def test_the_band_is_that_of_its_time(tmp_path: Path) -> None:
    [score] = latest_scores(publish(tmp_path, [("2026-05-01", 60, 4)]))
    assert score.band == "Watch it"


def test_a_part_without_data_says_so(tmp_path: Path) -> None:
    [score] = latest_scores(publish(tmp_path, [("2026-05-01", 61.2, 3)]))
    lines = [" ".join(line.split()) for line in in_detail(score)]
    assert (
        lines[1]
        == "Score 61.2 Watch it (between 52 and 70; partial: a part has no data)"
    )
    assert lines[2] == "Handling time 90% 9 of 10 requests handled in time"
    assert lines[5] == "Buyer satisfaction – no data"
    assert sentence(score.to_json()) == "me: 61 of 100 in 2026-05, Watch it, partial"


def test_a_seller_without_any_score_is_still_named(tmp_path: Path) -> None:
    [score] = latest_scores(publish(tmp_path, [("2026-05-01", None, 0)]))
    assert " ".join(in_detail(score)[1].split()) == "Score – no part has data"
    assert sentence(score.to_json()) == "me: no score, no part has data"


def test_too_few_judged_returns_are_no_score(tmp_path: Path) -> None:
    [score] = latest_scores(publish(tmp_path, [("2026-05-01", None, 0)], judged=63))
    lines = [" ".join(line.split()) for line in in_detail(score)]
    few = "only 63 of 1,170 returns can be judged"
    assert lines[1] == f"Score – {few}, the rest has no data"
    assert lines[3] == f"Reason attribution – {few}"
    assert sentence(score.to_json()) == f"me: no score, {few}, the rest has no data"


def test_a_score_of_too_few_parts_has_no_band(tmp_path: Path) -> None:
    [score] = latest_scores(publish(tmp_path, [("2026-05-01", 61.2, 1)]))
    told = "61 of 100 in 2026-05, no band: parts with data have 25% of the weight"
    assert sentence(score.to_json()) == f"me: {told}, partial"
    assert "no band: parts with data have 25% of the weight" in in_detail(score)[1]


def test_gaps_of_the_last_year_are_told_by_report(tmp_path: Path) -> None:
    home = publish(
        tmp_path,
        [],
        coverage=[
            ("days_of_all_orders", "2025-05-01", 0, 31),  # more than a year ago
            ("days_of_all_orders", "2026-04-01", 30, 30),
            ("days_of_settlements", "2026-03-01", 31, 31),
            ("days_of_settlements", "2026-04-01", 22, 30),
            ("days_of_settlements", "2026-05-01", 0, 31),
            ("days_of_fba_returns", "2026-04-01", 0, 30),
            ("days_of_fba_returns", "2026-05-01", 0, 31),
            ("rows_of_all_orders", "2026-04-01", 9, 10),
        ],
    )
    assert [str(gap) for gap in coverage_gaps(home)] == [
        "me: no document of fba_returns has landed",
        "me: days without settlements in 2026-04 (8 of 30), 2026-05 (31 of 31)",
    ]


def test_nothing_published_is_nothing_told(tmp_path: Path) -> None:
    assert latest_scores(Home(tmp_path)) == []
    assert coverage_gaps(Home(tmp_path)) == []
