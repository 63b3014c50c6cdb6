"""SQL that breaks the expectations of the measures and of the sources."""

from __future__ import annotations

MEASURE_MUTATIONS = {
    "kpi_measures_by_marketplace_month": {
        "measures_kept": """
            update marts.kpi_measures_by_marketplace_month set measure_value = null
            where measure_code = 'refunds_on_time_share'""",
    },
    "kpi_source_trust_by_seller_month": {
        "sources_of_the_score_on_time": """
            update marts.kpi_source_trust_by_seller_month set source_status = 'late'
            where source_code = 'settlements' and month_start_date = '2026-10-01'""",
    },
}
