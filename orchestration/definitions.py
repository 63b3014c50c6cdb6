"""Everything Dagster knows of this project. Assembles; defines nothing itself."""

import dagster as dg

from orchestration.alerts.automation import alerts, something_to_tell
from orchestration.dashboard.assets import dashboard
from orchestration.dbt_docs.assets import dbt_docs
from orchestration.gate.assets import gate
from orchestration.landing.assets import landing
from orchestration.postgres.assets import postgres
from orchestration.publication.assets import publication
from orchestration.report.assets import (
    every_month,
    monthly_report,
    monthly_report_job,
)
from orchestration.running.automation import every_morning, new_files, returns_pipeline
from orchestration.running.beforehand import EARLY
from orchestration.transformation.assets import warehouse

defs = dg.Definitions(
    assets=[
        *(landing, warehouse, publication),
        *(dashboard, dbt_docs, postgres, monthly_report),
    ],
    asset_checks=[gate],
    jobs=[returns_pipeline, alerts, monthly_report_job],
    schedules=[every_morning, every_month],
    sensors=[new_files, something_to_tell],
    resources=EARLY,
    # Steps share one DuckDB file and cost more to start in processes than to run.
    executor=dg.in_process_executor,
)
