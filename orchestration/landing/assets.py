"""The lake as Dagster assets: one pass over the inbox lands every report."""

# No `from __future__ import annotations` here: Dagster reads the config's class.
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb

from orchestration.landing.errors import InboxError
from orchestration.landing.lake import register_views
from orchestration.landing.landing import FileOutcome, LandingSummary
from orchestration.landing.specs import lake_specs
from orchestration.running import early_landing, progress
from orchestration.running.inboxes import chosen_inbox
from orchestration.running.locking import writing
from orchestration.running.sources import finish_clearing
from orchestration.settings import Home, home_from_environment

FILES = dg.AssetKey(["landing", "landing_files"])
REJECTS = dg.AssetKey(["landing", "landing_rejects"])
HOLIDAYS = dg.AssetKey(["calendar", "holidays"])
_SHOWN_FILES = 50

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


class LandingConfig(dg.Config):
    """What to land."""

    inbox: str | None = None


@dataclass(frozen=True)
class TableTotals:
    """What the ledger says of one lake table, all runs together."""

    files: int
    rows_read: int
    rows_landed: int
    rows_quarantined: int


def landing_specs() -> list[dg.AssetSpec]:
    """Return one asset for each report, the ledger, the quarantine, the holidays."""
    reports = {
        dg.AssetKey([specs[0].source, table]): (
            f"{' and '.join(spec.title for spec in specs)}, as landed: one row is one "
            "row of a document. Report type: "
            f"{', '.join(name for spec in specs for name in spec.report_types)}."
        )
        for table, specs in lake_specs().items()
    }
    others = {
        FILES: "The landing ledger: one row is one document that was seen.",
        REJECTS: "The quarantine: one row is one line that could not land, and why.",
        HOLIDAYS: "Public holidays: one row is one day of one marketplace.",
    }
    return [
        dg.AssetSpec(
            key=key,
            group_name="raw",
            kinds={"parquet", "duckdb"},
            owners=["team:data-engineering"],
            description=description,
        )
        for key, description in (reports | others).items()
    ]


LANDING_CHECKS = [
    dg.AssetCheckSpec(
        "no_row_lost",
        asset=FILES,
        blocking=True,
        description="Of every document, rows read = rows landed + rows quarantined.",
    ),
    dg.AssetCheckSpec(
        "every_file_landed",
        asset=FILES,
        description="No file of the inbox is refused.",
    ),
    dg.AssetCheckSpec(
        "no_row_quarantined",
        asset=REJECTS,
        description="No line of a landed document is set aside.",
    ),
]


@dg.multi_asset(name="landing", specs=landing_specs(), check_specs=LANDING_CHECKS)
def landing(config: LandingConfig) -> Iterator[Event]:
    """Land what is new in the inbox into the lake, and show the lake to dbt."""
    home = home_from_environment()
    with progress.phase("lake"), writing(home, "landing"):
        finish_clearing(home)
        inbox = Path(config.inbox) if config.inbox else chosen_inbox(home)
        if inbox is None:
            raise InboxError(f"There are no files to land: put some into {home.inbox}.")
        summary = early_landing.landed(home, inbox.resolve())
        demand_something(inbox, summary)
        register_views(home)
        totals = ledger_totals(home)
        yield from materializations(summary, totals)
        yield from checks(summary, totals)


def demand_something(inbox: Path, summary: LandingSummary) -> None:
    """Raise if nothing in the inbox could be landed, now or before."""
    if len(summary.refused) < len(summary.outcomes):
        return
    if not summary.outcomes:
        raise InboxError(f"There are no files in the inbox {inbox}.")
    first = summary.refused[0]
    raise InboxError(
        f"None of the {len(summary.refused)} files in {inbox} could be landed; the "
        f"first, {first.file_name}: {first.reason}"
    )


def ledger_totals(home: Home) -> dict[str, TableTotals]:
    """Return what the ledger says of each lake table that has documents."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select lake_table, count(*), sum(rows_read), sum(rows_landed),"
            " sum(rows_quarantined) from raw.landing_files where status = 'landed'"
            " group by lake_table"
        ).fetchall()
    return {table: TableTotals(*map(int, numbers)) for table, *numbers in rows}


def materializations(
    summary: LandingSummary, totals: dict[str, TableTotals]
) -> Iterator[dg.MaterializeResult[None]]:
    """Yield what Dagster records of each table of the lake."""
    new: defaultdict[str | None, list[FileOutcome]] = defaultdict(list)
    for outcome in summary.outcomes:
        if outcome.status == "landed":
            new[outcome.entry.lake_table].append(outcome)
    for table, (spec, *_) in lake_specs().items():
        landed = new[table]
        total = totals.get(table, TableTotals(0, 0, 0, 0))
        yield dg.MaterializeResult(
            asset_key=[spec.source, table],
            metadata={
                "dagster/row_count": total.rows_landed,
                "files": total.files,
                "rows quarantined": total.rows_quarantined,
                "new files": len(landed),
                "new rows": sum(item.entry.rows_landed or 0 for item in landed),
            },
        )
    quarantined = sum(total.rows_quarantined for total in totals.values())
    yield dg.MaterializeResult(asset_key=FILES, metadata={**summary.counts})
    yield dg.MaterializeResult(
        asset_key=REJECTS, metadata={"dagster/row_count": quarantined}
    )
    yield dg.MaterializeResult(asset_key=HOLIDAYS)


def checks(
    summary: LandingSummary, totals: dict[str, TableTotals]
) -> Iterator[dg.AssetCheckResult]:
    """Yield whether rows balance, and what a person should look at."""
    lost = {
        table: total.rows_read - total.rows_landed - total.rows_quarantined
        for table, total in totals.items()
    }
    yield dg.AssetCheckResult(
        asset_key=FILES,
        check_name="no_row_lost",
        passed=not any(lost.values()),
        metadata={f"lost from {table}": rows for table, rows in lost.items() if rows},
    )
    yield dg.AssetCheckResult(
        asset_key=FILES,
        check_name="every_file_landed",
        passed=not summary.refused,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"refused": dg.MetadataValue.md(_listed(summary.refused))},
    )
    quarantined = {
        table: total.rows_quarantined
        for table, total in totals.items()
        if total.rows_quarantined
    }
    yield dg.AssetCheckResult(
        asset_key=REJECTS,
        check_name="no_row_quarantined",
        passed=not quarantined,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={**quarantined},
    )


def _listed(refused: Sequence[FileOutcome]) -> str:
    lines = [f"- `{item.file_name}`: {item.reason}" for item in refused[:_SHOWN_FILES]]
    if len(refused) > _SHOWN_FILES:
        lines.append(f"- and {len(refused) - _SHOWN_FILES} more")
    return "\n".join(lines) or "none"
