"""What the published tables say in short: the score, its four parts, the gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from orchestration.publication.reading import opened_version
from orchestration.settings import Home

# In the words of the marts; the cases are what each share is a share of.
PARTS = {
    "handling_time": ("Handling time", "requests handled in time"),
    "reason_attribution": (
        "Reason attribution",
        "judged returns with the right reason",
    ),
    "refund_speed": ("Refund speed", "refunds on time"),
    "buyer_satisfaction": (
        "Buyer satisfaction",
        "returned orders without negative feedback",
    ),
}
# The newest months often lack a part: settlements come later, cases are still open.
RECENT_MONTHS = 3
GAP_MONTHS = 12
_SHOWN_GAPS = 4
_NO_DATA = "no data"


@dataclass(frozen=True)
class Part:
    """One of the four measures in the shown month."""

    part_code: str
    share: float | None
    good_count: int
    case_count: int
    score: float | None
    missing: str | None


@dataclass(frozen=True)
class Score:
    """A seller's score in the newest month that tells most: over, with all parts."""

    seller_id: str
    month: date
    data_as_of: date
    score: float | None
    score_low: float | None
    score_high: float | None
    band: str | None
    coverage_share: float
    is_partial: bool
    parts: tuple[Part, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the score as plain JSON values."""
        plain = asdict(self)
        return {
            **plain,
            "month": f"{self.month:%Y-%m}",
            "data_as_of": str(self.data_as_of),
        }


@dataclass(frozen=True)
class Gap:
    """Days of one report that no landed document of a seller covers."""

    seller_id: str
    report: str
    is_total: bool
    months: tuple[tuple[date, int, int], ...]

    def __str__(self) -> str:
        """Return the gap as a line for a person."""
        if self.is_total:
            return f"{self.seller_id}: no document of {self.report} has landed"
        shown = [
            f"{month:%Y-%m} ({days - covered} of {days})"
            for month, covered, days in self.months[-_SHOWN_GAPS:]
        ]
        earlier = len(self.months) - len(shown)
        more = f", and {earlier} earlier months" if earlier else ""
        return (
            f"{self.seller_id}: days without {self.report} in {', '.join(shown)}{more}"
        )


def latest_scores(home: Home) -> list[Score]:
    """Return the score of each seller in the version that readers see."""
    with _published(home) as connection:
        if connection is None:
            return []
        found = connection.execute(_LATEST, {"recent": RECENT_MONTHS})
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [_score(row) for row in rows]


def coverage_gaps(home: Home) -> list[Gap]:
    """Return the days that reports leave uncovered in each seller's last year."""
    with _published(home) as connection:
        if connection is None:
            return []
        rows = connection.execute(_GAPS, {"months": GAP_MONTHS}).fetchall()
    months: defaultdict[tuple[str, str, bool], list[tuple[date, int, int]]]
    months = defaultdict(list)
    for seller, report, is_total, *month in rows:
        months[seller, report, is_total].append((month[0], month[1], month[2]))
    return [Gap(*key, tuple(found)) for key, found in months.items()]


def sentence(score: dict[str, Any]) -> str:
    """Return a score (as JSON values) in one line."""
    if score["score"] is None:
        missing = [part["missing"] for part in score["parts"]]
        return f"{score['seller_id']}: no score, {_no_score(missing)}"
    partial = ", partial" if score["is_partial"] else ""
    band = score["band"] or _no_band(score["coverage_share"])
    return (
        f"{score['seller_id']}: {score['score']:.0f} of 100 in {score['month']}, "
        f"{band}{partial}"
    )


def in_detail(score: Score) -> list[str]:
    """Return a seller's score and its four parts as lines for a person."""
    lines = [
        f"{score.seller_id}, {score.month:%B %Y} (data until {score.data_as_of})",
    ]
    if score.score is None:
        missing = [part.missing for part in score.parts]
        lines.append(f"  {'Score':<20}     –  {_no_score(missing)}")
    else:
        partial = "; partial: a part has no data" if score.is_partial else ""
        lines.append(
            f"  {'Score':<20} {score.score:5.1f}  "
            f"{score.band or _no_band(score.coverage_share)} "
            f"(between {score.score_low:.0f} and {score.score_high:.0f}{partial})"
        )
    for part in score.parts:
        name, cases = PARTS[part.part_code]
        if part.share is None:
            lines.append(f"  {name:<20}     –  {part.missing}")
            continue
        lines.append(
            f"  {name:<20} {part.share:5.0%}  {part.good_count:,} of "
            f"{part.case_count:,} {cases}"
        )
    return lines


def _no_score(missing: list[str | None]) -> str:
    reasons = [reason for reason in missing if reason and reason != _NO_DATA]
    return f"{reasons[0]}, the rest has no data" if reasons else "no part has data"


def _no_band(coverage_share: float) -> str:
    return f"no band: parts with data have {coverage_share:.0%} of the weight"


_LATEST = """
    with unscored as (
        -- evidence of so few returns that the score leaves it out
        select
            seller_id,
            month_start_date,
            sum(judged_count)::bigint as unscored_judged_count,
            sum(return_count)::bigint as unscored_return_count
        from kpi_reason_attribution_by_marketplace_month
        where not is_scored and judged_count > 0
        group by all
    ),
    months as (
        select
            scorecard.*,
            sellers.data_as_of_date,
            bands.band_name,
            unscored.unscored_judged_count,
            unscored.unscored_return_count
        from kpi_scorecard_by_seller_month as scorecard
        inner join dim_sellers as sellers
            on scorecard.seller_id = sellers.seller_id
        left join dim_score_bands as bands
            on
                scorecard.band_code = bands.band_code
                and scorecard.month_start_date
                    between bands.valid_from and bands.valid_to
        left join unscored
            on
                scorecard.seller_id = unscored.seller_id
                and scorecard.month_start_date = unscored.month_start_date
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by seller_id
                order by
                    score is null,
                    last_day(month_start_date) > data_as_of_date,
                    band_name is null,
                    date_diff('month', month_start_date, data_as_of_date)
                        >= $recent,
                    part_count desc,
                    month_start_date desc
            ) as place
        from months
    )
    select * from ranked
    where place = 1
    order by seller_id
"""

_GAPS = """
    select
        coverage.seller_id,
        replace(coverage.coverage_measure, 'days_of_', ''),
        sum(coverage.covered_count) over (
            partition by coverage.seller_id, coverage.coverage_measure
        ) = 0,
        coverage.month_start_date,
        coverage.covered_count,
        coverage.total_count
    from kpi_data_coverage_by_seller_month as coverage
    inner join dim_sellers as sellers on coverage.seller_id = sellers.seller_id
    where starts_with(coverage.coverage_measure, 'days_of_')
    qualify
        coverage.covered_count < coverage.total_count
        and date_diff('month', coverage.month_start_date, sellers.data_as_of_date)
            < $months
    order by coverage.seller_id, coverage.coverage_measure, coverage.month_start_date
"""


@contextmanager
def _published(home: Home) -> Iterator[duckdb.DuckDBPyConnection | None]:
    shown = home.published / "current"
    if not shown.exists():
        yield None
        return
    with opened_version(shown.resolve()) as connection:
        yield connection


def _score(row: dict[str, Any]) -> Score:
    return Score(
        seller_id=row["seller_id"],
        month=row["month_start_date"],
        data_as_of=row["data_as_of_date"],
        score=_float(row["score"]),
        score_low=_float(row["score_low"]),
        score_high=_float(row["score_high"]),
        band=row["band_name"],
        coverage_share=float(row["coverage_share"]),
        is_partial=row["is_partial"],
        parts=tuple(_part(code, row) for code in PARTS),
    )


def _part(code: str, row: dict[str, Any]) -> Part:
    share = _float(row[f"{code}_share"])
    return Part(
        part_code=code,
        share=share,
        good_count=row[f"{code}_good_count"] or 0,
        case_count=row[f"{code}_case_count"] or 0,
        score=_float(row[f"{code}_score"]),
        missing=_missing(code, row) if share is None else None,
    )


def _missing(code: str, row: dict[str, Any]) -> str:
    judged, returned = row["unscored_judged_count"], row["unscored_return_count"]
    if code != "reason_attribution" or not judged:
        return _NO_DATA
    return f"only {judged:,} of {returned:,} returns can be judged"


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
