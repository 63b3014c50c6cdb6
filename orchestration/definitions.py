"""Everything Dagster knows of this project. Assembles; defines nothing itself."""

import dagster as dg

from orchestration.gate.assets import gate
from orchestration.landing.assets import landing
from orchestration.postgres.assets import postgres
from orchestration.publication.assets import publication
from orchestration.running.automation import every_morning, new_files, returns_pipeline
from orchestration.running.beforehand import EARLY
from orchestration.transformation.assets import warehouse

defs = dg.Definitions(
    assets=[landing, warehouse, publication, postgres],
    asset_checks=[gate],
    jobs=[returns_pipeline],
    schedules=[every_morning],
    sensors=[new_files],
    resources=EARLY,
    # Steps share one DuckDB file and cost more to start in processes than to run.
    executor=dg.in_process_executor,
)
