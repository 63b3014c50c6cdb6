"""The tables in PostgreSQL as one Dagster asset, where a PostgreSQL is named."""

from collections.abc import Iterator

import dagster as dg

from orchestration.publication.assets import published_specs
from orchestration.running import progress
from orchestration.settings import (
    home_from_environment,
    postgres_url_from_environment,
)

PHASE = "postgres"


@dg.multi_asset(
    name="postgres",
    specs=[
        dg.AssetSpec(
            key=["postgres", "marts"],
            deps=[spec.key for spec in published_specs()],
            group_name="postgres",
            kinds={"postgres"},
            owners=["team:data-engineering"],
            skippable=True,
            description=(
                "The published version as schema `marts` of the database that "
                "`RETURNS_POSTGRES_URL` names, for BI tools: types, keys, comments. "
                "Swapped as a whole; skipped where no database is named."
            ),
        )
    ],
)
def postgres(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[None]]:
    """Publish the current version to PostgreSQL, if one is named."""
    if postgres_url_from_environment() is None:
        context.log.info(
            "Skipped: RETURNS_POSTGRES_URL names no PostgreSQL to publish to."
        )
        return
    # Only now: without a database, a run need not load its driver.
    from orchestration.postgres.publish import publish_to_postgres, told
    from orchestration.postgres.target import demanded_target

    with progress.phase(PHASE):
        target = demanded_target()
        outcome = publish_to_postgres(home_from_environment(), target)
        progress.learn(PHASE, outcome)
    context.log.info(told(outcome))
    yield dg.MaterializeResult(
        metadata={
            "version": outcome.version,
            "database": outcome.place,
            "was_shown_already": not outcome.is_new,
            "dagster/row_count": outcome.rows,
            "attempts_to_swap": outcome.attempts,
            "seconds": dg.MetadataValue.json(outcome.seconds),
            "notes": dg.MetadataValue.json(outcome.notes),
        }
    )
