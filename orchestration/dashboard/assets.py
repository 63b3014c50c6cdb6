"""The dashboard as a Dagster asset: made anew after each publication."""

import dagster as dg

from orchestration.dbt_docs.assets import dbt_docs
from orchestration.publication.assets import published_specs
from orchestration.running import progress
from orchestration.settings import home_from_environment

PHASE = "dashboard"


@dg.asset(
    # It links to dbt's page, so that comes first.
    deps=[*(spec.key for spec in published_specs()), dbt_docs],
    group_name="reading",
    kinds={"html"},
    owners=["team:data-engineering"],
)
def dashboard() -> dg.MaterializeResult[None]:
    """Pages for the people who act on returns: one file that opens from disk.

    Made of the version that readers see, after each publication. When a publication
    fails, or building this does, the last dashboard stays.
    """
    home = home_from_environment()
    with progress.phase(PHASE):
        from orchestration.dashboard.building import build_dashboard
        from orchestration.publication.versions import current

        page = build_dashboard(home)
    shown = current(home)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(page)),
            "bytes": page.stat().st_size,
            "version": shown.version if shown else "",
        }
    )
