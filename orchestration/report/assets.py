"""The monthly report as a Dagster asset, its job and its schedule."""

from datetime import date

import dagster as dg

from orchestration.publication.assets import published_specs
from orchestration.report.reading import earlier
from orchestration.settings import home_from_environment

KEY = dg.AssetKey("monthly_report")


class ReportConfig(dg.Config):
    """Which month to report on; without one, the last whole month of the data."""

    month: str | None = None


@dg.asset(
    key=KEY,
    deps=[spec.key for spec in published_specs()],
    group_name="reading",
    kinds={"html", "pdf"},
    owners=["team:returns-operations"],
)
def monthly_report(
    context: dg.AssetExecutionContext, config: ReportConfig
) -> dg.MaterializeResult[None]:
    """The month of every seller account: how it went, why, and what to do.

    `reports/<seller>/<month>.<language>.html` and `.pdf`, in both languages, made from
    the published version. Not part of `returns_pipeline`: a month is told when it is
    over.
    """
    from orchestration.report.writing import month_of, write_reports
    from orchestration.transformation.dbt_process import ensure_manifest

    home = home_from_environment()
    month = month_of(config.month) if config.month else None
    written = []
    for report in write_reports(home, ensure_manifest(home), month):
        context.log.info(f"Written: {report.page}")
        written.append(report)
    return dg.MaterializeResult(
        metadata={
            "month": f"{written[0].month:%Y-%m}",
            "sellers": len({report.seller_id for report in written}),
            "list": dg.MetadataValue.path(str(home.reports / "index.html")),
        }
    )


monthly_report_job = dg.define_asset_job(
    "monthly_report_job",
    selection=dg.AssetSelection.assets(KEY),
    description="Write the reports of a month from the published version.",
)


@dg.schedule(
    job=monthly_report_job,
    cron_schedule="0 8 2 * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="On the 2nd of each month: the report of the month before.",
)
def every_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the report of the month that has just ended."""
    month = month_before(context.scheduled_execution_time.date())
    config = ReportConfig(month=f"{month:%Y-%m}")
    return dg.RunRequest(
        run_key=f"monthly_report {month:%Y-%m}",
        run_config=dg.RunConfig(ops={"monthly_report": config}),
    )


def month_before(day: date) -> date:
    """Return the first day of the month before a day's month."""
    return earlier(day.replace(day=1), 1)
