"""The published tables as Dagster assets: one op switches readers to all of them."""

from collections.abc import Iterator

import dagster as dg

from orchestration.publication.publish import publish
from orchestration.publication.versions import Publication
from orchestration.publication.warehouse import LANDING_TABLES, SCHEMAS
from orchestration.running import progress
from orchestration.running.locking import writing
from orchestration.settings import home_from_environment
from orchestration.transformation.assets import warehouse

PHASE = "publish"


def published_specs() -> list[dg.AssetSpec]:
    """Return one asset for each table that a publication holds."""
    sources = [spec.key for spec in warehouse.specs if spec.key.path[0] in SCHEMAS]
    sources += [dg.AssetKey(["landing", name]) for name in LANDING_TABLES]
    return [
        dg.AssetSpec(
            key=["published", source.path[-1]],
            deps=[source],
            group_name="published",
            kinds={"duckdb", "parquet"},
            owners=["team:data-engineering"],
            description=(
                f"`{source.path[-1]}` as readers see it: a table of schema `marts` in "
                "`published/current/marts.duckdb` and a Parquet file beside it. One "
                "row is what it is in "
                f"`{source.to_user_string()}`; it changes only when the gate passes."
            ),
        )
        for source in sorted(sources)
    ]


@dg.multi_asset(name="publication", specs=published_specs())
def publication(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[None]]:
    """Publish all tables as one version, if the gate passed exactly this build.

    The stored verdict is demanded here too: started alone, nothing else asks.
    """
    home = home_from_environment()
    with progress.phase(PHASE), writing(home, "the publication"):
        published = publish(home)
        progress.learn(PHASE, published)
        yield from materializations(context.selected_asset_keys, published)


def materializations(
    keys: set[dg.AssetKey], published: Publication
) -> Iterator[dg.MaterializeResult[None]]:
    """Yield what Dagster records of each table of a version."""
    for key in sorted(keys):
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "dagster/row_count": published.row_counts[key.path[-1]],
                "version": published.version,
                "path": dg.MetadataValue.path(str(published.path)),
            },
        )
