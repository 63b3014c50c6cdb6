"""dbt's page as a Dagster asset: quick, because it changes only with the project."""

import dagster as dg

from orchestration.publication.assets import published_specs
from orchestration.running import progress
from orchestration.running.locking import writing
from orchestration.settings import home_from_environment

PHASE = "dbt docs"


@dg.asset(
    deps=[spec.key for spec in published_specs()],
    group_name="reading",
    kinds={"html"},
    owners=["team:data-engineering"],
)
def dbt_docs() -> dg.MaterializeResult[None]:
    """Every model with its SQL, columns and lineage: dbt's own page, from disk.

    Written where the project has changed since the last time.
    """
    from orchestration.dbt_docs.page import write_dbt_docs
    from orchestration.transformation.dbt_process import ensure_manifest

    home = home_from_environment()
    with progress.phase(PHASE), writing(home, "dbt docs"):
        page = write_dbt_docs(home, ensure_manifest(home))
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(page)),
            "bytes": page.stat().st_size,
        }
    )
