"""The mutations of ``gate_mutations`` for the marts."""

from __future__ import annotations

LATEST = "month_start_date = date '2026-10-01'"
OLD = "month_start_date < date '2026-03-01'"


def restated(table: str, measure: str, count: str, now: str, then: str) -> str:
    """Make old months large enough to matter, with another value than published."""
    month = "order_month" if "return_rate" in table else "month"
    old = f"{month}_start_date < date '2026-03-01'"
    return f"""
        update marts.{table} set {count} = 200, {measure} = {now} where {old};
        update published.marts.{table} set {measure} = {then} where {old}"""


_SATISFACTION = "kpi_buyer_satisfaction_by_marketplace_month"
_COVERAGE = "kpi_data_coverage_by_seller_month"
_HANDLING = "kpi_handling_time_by_marketplace_month"
_ATTRIBUTION = "kpi_reason_attribution_by_marketplace_month"
_CAUSES = "kpi_cause_signals_by_segment_month"
_CONFUSION = "kpi_reason_confusion_by_marketplace_month"
_SPEED = "kpi_refund_speed_by_marketplace_month"
_RATES = "kpi_return_rate_by_marketplace_month"
_SKUS = "kpi_return_rate_by_sku_month"
_REASONS = "kpi_return_reasons_by_marketplace_month"
_ACCOUNT = "kpi_account_risk_by_marketplace_month"
_BALANCE = "kpi_return_balance_by_marketplace_month"
_RECOVERY = "kpi_recovery_by_marketplace_month"
_PROJECTIONS = "kpi_return_projections_by_marketplace_month"


def _scorecard(table: str) -> dict[str, str]:
    return {
        "score_in_range": f"""
            update marts.{table} set refund_speed_score = 101 where {LATEST}""",
        "score_inside_interval": f"""
            update marts.{table} set score_low = score + 5 where {LATEST}""",
        "months_kept": f"update marts.{table} set score = null where {LATEST}",
        "settled_months_stand": f"""
            update marts.{table} set score = 50, score_low = 40, score_high = 60
            where {OLD};
            update published.marts.{table} set score = 80 where {OLD}""",
    }


MART_MUTATIONS = {
    _CAUSES: {
        "signals_are_few": f"update marts.{_CAUSES} set is_signal = true where {LATEST}"
    },
    _ACCOUNT: {
        "own_near_amazon": f"""
            update marts.{_ACCOUNT} set own_base_count = 400, amazon_base_count = 400,
                own_covered_share = 1, own_less_amazon = 0.03
            where metric_code = 'order_defect_rate' and {LATEST}""",
        "same_orders_as_amazon": f"""
            update marts.{_ACCOUNT} set own_base_count = 300, amazon_base_count = 400,
                own_covered_share = 1, own_less_amazon = 0
            where metric_code = 'order_defect_rate' and {LATEST}""",
    },
    _BALANCE: {
        "old_units_have_ended": "".join(
            f"""
            update {schema}.{_BALANCE} set unit_count = 40, open_count = 25
            where {OLD};"""
            for schema in ("marts", "published.marts")
        ),
        "few_units_lost": f"""
            update marts.{_BALANCE} set unit_count = 40, lost_count = 15
            where {LATEST}""",
        "settled_months_stand": f"""
            update marts.{_BALANCE} set unit_count = 40, open_count = 0, lost_count = 0
            where {OLD};
            update published.marts.{_BALANCE} set unit_count = 60 where {OLD}""",
    },
    _PROJECTIONS: {
        "intervals_hold": f"""
            update marts.{_PROJECTIONS} set checked_count = 1, held_count = 0""",
    },
    _RECOVERY: {
        "recovery_is_plausible": f"""
            update marts.{_RECOVERY} set recovery_known_count = 40, recovery_rate = 2
            where {LATEST}""",
        "recovery_is_known": f"""
            update marts.{_RECOVERY} set ended_count = 40, recovery_known_share = 0.2
            where {LATEST}""",
    },
    _SATISFACTION: {
        "rates_plausible": f"""
            update marts.{_SATISFACTION}
            set covered_order_count = 40, negative_return_feedback_rate = 0.7
            where {LATEST}""",
        "settled_months_stand": restated(
            _SATISFACTION, "satisfaction_rate", "covered_order_count", "0.7", "0.9"
        ),
    },
    _COVERAGE: {
        "no_hole_in_reports": "".join(
            f"""
            update {schema}.{_COVERAGE} set coverage_share = 0
            where coverage_measure = 'days_of_settlements'
                and month_start_date = date '2026-03-01';"""
            for schema in ("marts", "published.marts")
        ),
        "orders_beside_returns": f"""
            update marts.{_COVERAGE} set total_count = 50
            where coverage_measure = 'returns_with_order_line' and {LATEST};"""
        + "".join(
            f"""
            update {schema}.{_COVERAGE} set coverage_share = 0
            where coverage_measure = 'days_of_all_orders' and {LATEST};"""
            for schema in ("marts", "published.marts")
        ),
        "coverage_kept": f"""
            update marts.{_COVERAGE} set coverage_share = 0
            where coverage_measure = 'days_of_seller_feedback' and {OLD}""",
    },
    _HANDLING: {
        "days_plausible": f"update marts.{_HANDLING} set p95_days = 500 where {LATEST}",
        "receipts_known": f"""
            update marts.{_HANDLING} set unknown_count = 100
            where stage_code = 'request_to_receipt'""",
        "old_cases_closed": f"""
            update marts.{_HANDLING} set case_count = 100, open_count = 80
            where {OLD}""",
        "settled_months_stand": restated(
            _HANDLING, "p50_days", "case_count", "30", "1"
        ),
    },
    _ATTRIBUTION: {
        "reasons_mostly_agree": f"""
            update marts.{_ATTRIBUTION}
            set judged_count = 60, attribution_share = 0.1 where {LATEST}""",
        "settled_months_stand": restated(
            _ATTRIBUTION, "attribution_share", "judged_count", "0.7", "0.9"
        ),
    },
    _CONFUSION: {
        "findings_kept": f"""
            delete from marts.{_CONFUSION} where seller_id = 'lakeside-home'""",
        "faults_assigned": f"""
            update marts.{_CONFUSION}
            set stated_fault_party = 'unassigned', return_count = 100
            where seller_id = 'lakeside-home'""",
    },
    _SPEED: {
        "refunds_known": f"""
            update marts.{_SPEED} set return_count = 50, unknown_count = 40
            where {OLD}""",
        "few_double_refunds": f"""
            update marts.{_SPEED} set refunded_count = 40, double_count = 20
            where {LATEST}""",
        "days_plausible": f"""
            update marts.{_SPEED} set receipt_to_refund_p50_days = 200
            where {LATEST}""",
        "settled_months_stand": restated(
            _SPEED, "on_time_share", "due_count", "0.7", "0.9"
        ),
    },
    _RATES: {
        "fewer_returned_than_ordered": f"""
            update marts.{_RATES} set has_order_coverage = true,
                ordered_quantity = 100, returned_quantity = 101
            where order_{LATEST}""",
        "rates_plausible": f"""
            update marts.{_RATES}
            set ordered_quantity = 100, returned_quantity = 70, return_rate = 0.7
            where order_{LATEST}""",
        "no_outlier_month": f"""
            update marts.{_RATES} set is_mature = true, ordered_quantity = 100,
                returned_quantity = 55, return_rate = 0.55
            where order_month_start_date = date '2026-07-01'
                and seller_id = 'northwind-outdoor' and marketplace_code = 'US'
                and channel = 'mfn'""",
        "settled_months_stand": restated(
            _RATES, "return_rate", "ordered_quantity", "0.05", "0.2"
        ),
    },
    _SKUS: {
        "rates_plausible": f"""
            update marts.{_SKUS} set ordered_quantity = 60, return_rate = 0.9
            where order_{LATEST}""",
        "returned_products_were_sold": f"""
            update marts.{_SKUS} set excess_returned_quantity = 5
            where order_{LATEST}""",
        "settled_months_stand": restated(
            _SKUS, "return_rate", "ordered_quantity", "0.05", "0.3"
        ),
    },
    _REASONS: {
        "reasons_vary": f"""
            update marts.{_REASONS} set month_return_count = 60, return_share = 0.95
            where {LATEST}""",
        "settled_months_stand": restated(
            _REASONS, "return_share", "month_return_count", "0.1", "0.4"
        ),
    },
    "kpi_scorecard_by_marketplace_month": _scorecard(
        "kpi_scorecard_by_marketplace_month"
    ),
    "kpi_scorecard_by_seller_month": {
        **_scorecard("kpi_scorecard_by_seller_month"),
        "latest_score_is_broad": f"""
            update marts.kpi_scorecard_by_seller_month set coverage_share = 0.1
            where {LATEST}""",
    },
}
