"""The suites are understood, complete, and say why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from expectations.suites import (
    SUITES,
    Expectation,
    Suite,
    SuiteError,
    load_suites,
    suites_sha256,
)
from orchestration.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"

# Steps on the way to another mart: what they hold is asked about there.
STEPS = {
    "fct_refund_checks": "kpi_refund_speed_by_marketplace_month",
    "fct_refund_deadlines": "kpi_refund_speed_by_marketplace_month",
    "fct_refunded_returns": "kpi_refund_speed_by_marketplace_month",
    "fct_misjudgements": "kpi_reason_attribution_by_marketplace_month",
    "fct_reason_findings": "kpi_reason_attribution_by_marketplace_month",
    "fct_restocking_fees": "kpi_reason_attribution_by_marketplace_month",
    "fct_return_judgements": "kpi_reason_attribution_by_marketplace_month",
    "fct_return_payments": "kpi_refund_speed_by_marketplace_month",
    "fct_refund_audits": "kpi_refund_speed_by_marketplace_month",
    "fct_refund_decisions": "kpi_refund_speed_by_marketplace_month",
    "kpi_automatic_refunds_by_marketplace_month": (
        "kpi_refund_speed_by_marketplace_month"
    ),
    "kpi_misjudged_money_by_marketplace_month": (
        "kpi_reason_attribution_by_marketplace_month"
    ),
    "kpi_misjudged_money_by_sku_month": "kpi_reason_attribution_by_marketplace_month",
    "kpi_reason_attribution_by_sku_month": (
        "kpi_reason_attribution_by_marketplace_month"
    ),
    "kpi_reason_evidence_by_marketplace_month": (
        "kpi_reason_attribution_by_marketplace_month"
    ),
    "kpi_refund_faults_by_marketplace_month": "kpi_refund_speed_by_marketplace_month",
    "kpi_refund_speed_by_sku_month": "kpi_refund_speed_by_marketplace_month",
    "fct_report_windows": "kpi_data_coverage_by_seller_month",
    "fct_return_progress": "kpi_handling_time_by_marketplace_month",
    "fct_return_stages": "kpi_handling_time_by_marketplace_month",
    "fct_process_checks": "fct_return_events",
    "fct_return_deviations": "fct_return_events",
    "fct_return_steps": "fct_return_events",
    "fct_return_variants": "fct_return_events",
    "kpi_automation_by_marketplace_month": "fct_return_events",
    "kpi_process_conformance_by_marketplace_month": "fct_return_events",
    "kpi_process_deviations_by_marketplace_month": "fct_return_events",
    "kpi_process_variants_by_marketplace_month": "fct_return_events",
    "fct_return_milestones": "kpi_handling_time_by_marketplace_month",
    "fct_return_segments": "kpi_handling_time_by_marketplace_month",
    "kpi_handling_backlog_by_marketplace_month": (
        "kpi_handling_time_by_marketplace_month"
    ),
    "kpi_handling_bottleneck_by_marketplace_month": (
        "kpi_handling_time_by_marketplace_month"
    ),
    "kpi_handling_curve_by_marketplace_month": "kpi_handling_time_by_marketplace_month",
    "kpi_handling_time_by_sku_month": "kpi_handling_time_by_marketplace_month",
    "fct_feedback_windows": "kpi_buyer_satisfaction_by_marketplace_month",
    "fct_returned_orders": "kpi_buyer_satisfaction_by_marketplace_month",
    "kpi_feedback_by_marketplace_month": "kpi_buyer_satisfaction_by_marketplace_month",
    "fct_cohort_units": "kpi_return_projections_by_marketplace_month",
    "kpi_return_badge_risk_by_sku_month": "kpi_return_projections_by_marketplace_month",
    "kpi_return_delays_by_seller_month": "kpi_return_projections_by_marketplace_month",
    "kpi_return_development_by_marketplace_month": (
        "kpi_return_projections_by_marketplace_month"
    ),
    "kpi_return_fees_by_sku_month": "kpi_return_projections_by_marketplace_month",
    "kpi_ship_cohorts_by_sku_month": "kpi_return_projections_by_marketplace_month",
    "kpi_ship_projections_by_sku_month": "kpi_return_projections_by_marketplace_month",
    "kpi_usual_return_rate_by_marketplace_month": (
        "kpi_return_projections_by_marketplace_month"
    ),
    "fct_policy_units": "kpi_recovery_by_marketplace_month",
    "kpi_return_insurance_by_category_month": "kpi_recovery_by_marketplace_month",
    "kpi_returnless_policy_by_category_month": "kpi_recovery_by_marketplace_month",
    "kpi_trusted_returns_by_segment_month": "kpi_recovery_by_marketplace_month",
    "kpi_order_cohorts_by_marketplace_month": "kpi_return_rate_by_marketplace_month",
    "kpi_refund_days_by_marketplace_month": "kpi_refund_speed_by_marketplace_month",
    "kpi_report_coverage_by_seller_month": "kpi_data_coverage_by_seller_month",
    "kpi_return_coverage_by_seller_month": "kpi_data_coverage_by_seller_month",
    "fct_pitfall_cases": "fct_returns",
    "fct_unanswered_causes": "fct_returns",
    "fct_cause_counts": "kpi_cause_signals_by_segment_month",
    "fct_action_measures": "kpi_cause_signals_by_segment_month",
    "fct_action_scopes": "kpi_cause_signals_by_segment_month",
    "kpi_return_causes_by_sku_month": "kpi_cause_signals_by_segment_month",
    "kpi_cause_cases_by_segment_month": "kpi_cause_signals_by_segment_month",
    "kpi_cause_windows_by_segment_month": "kpi_cause_signals_by_segment_month",
    "kpi_repeated_causes_by_sku_month": "kpi_cause_signals_by_segment_month",
    "kpi_topic_benchmark_by_category_month": "kpi_cause_signals_by_segment_month",
    "kpi_action_groups_by_action_month": "kpi_cause_signals_by_segment_month",
    "kpi_action_differences_by_action_month": "kpi_cause_signals_by_segment_month",
    "kpi_action_effects_by_action_month": "kpi_cause_signals_by_segment_month",
    "kpi_pitfalls_by_marketplace_month": "kpi_measures_by_marketplace_month",
    "kpi_goods_measures_by_marketplace_month": "kpi_measures_by_marketplace_month",
    "kpi_service_measures_by_marketplace_month": "kpi_measures_by_marketplace_month",
    "kpi_returns_by_sku_month": "kpi_recovery_by_marketplace_month",
    "kpi_source_rows_by_seller_month": "kpi_source_trust_by_seller_month",
    "kpi_number_trust_by_marketplace_month": "kpi_source_trust_by_seller_month",
    "kpi_score_bands_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "kpi_score_changes_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "kpi_score_peers_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "kpi_score_counts_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "kpi_score_parts_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "kpi_score_shares_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "kpi_score_totals_by_marketplace_month": "kpi_scorecard_by_marketplace_month",
    "fct_return_links": "kpi_return_balance_by_marketplace_month",
    "fct_return_outcomes": "kpi_return_balance_by_marketplace_month",
    "fct_return_unit_amounts": "kpi_return_balance_by_marketplace_month",
    "fct_return_unit_findings": "kpi_return_balance_by_marketplace_month",
    "fct_return_unit_links": "kpi_return_balance_by_marketplace_month",
    "fct_return_unit_sums": "kpi_return_balance_by_marketplace_month",
    "fct_unseen_units": "kpi_return_balance_by_marketplace_month",
    "fct_claim_chances": "kpi_return_balance_by_marketplace_month",
    "fct_claim_losses": "kpi_return_balance_by_marketplace_month",
    "fct_claims": "kpi_return_balance_by_marketplace_month",
    "fct_filed_claims": "kpi_return_balance_by_marketplace_month",
    "fct_warehouse_losses": "kpi_return_balance_by_marketplace_month",
    "kpi_claims_by_marketplace_month": "kpi_return_balance_by_marketplace_month",
    "fct_return_recoveries": "kpi_recovery_by_marketplace_month",
    "fct_return_unit_values": "kpi_recovery_by_marketplace_month",
    "fct_stock_counts": "kpi_recovery_by_marketplace_month",
    "kpi_recovery_by_sku_month": "kpi_recovery_by_marketplace_month",
    "kpi_return_costs_by_marketplace_month": "kpi_recovery_by_marketplace_month",
    "kpi_unprocessed_stock_by_sku_month": "kpi_recovery_by_marketplace_month",
    "fct_waiting_returns": "fct_inspections",
    "fct_waiting_risks": "fct_inspections",
    "kpi_inspection_queue_by_return_day": "fct_inspections",
    "fct_conversation_segments": "fct_messages",
    "fct_contact_waits": "fct_messages",
    "kpi_contact_response_by_cut_month": "fct_messages",
    "kpi_contact_response_by_marketplace_month": "fct_messages",
    "fct_feedback_exposures": "kpi_buyer_satisfaction_by_marketplace_month",
    "kpi_feedback_effect_by_marketplace_month": (
        "kpi_buyer_satisfaction_by_marketplace_month"
    ),
    "fct_order_defects": "kpi_account_risk_by_marketplace_month",
    "fct_return_requests": "kpi_account_risk_by_marketplace_month",
    "fct_account_figures": "kpi_account_risk_by_marketplace_month",
    "fct_account_metric_days": "kpi_account_risk_by_marketplace_month",
    "kpi_account_windows_by_marketplace_month": "kpi_account_risk_by_marketplace_month",
    "kpi_account_rates_by_marketplace_month": "kpi_account_risk_by_marketplace_month",
    "kpi_account_trends_by_marketplace_month": "kpi_account_risk_by_marketplace_month",
    "kpi_return_dissatisfaction_by_marketplace_month": (
        "kpi_account_risk_by_marketplace_month"
    ),
    "fct_reimbursements": "fct_return_events",
    "fct_removals": "fct_return_events",
    "fct_replacements": "fct_return_events",
    "fct_refund_bookings": "fct_refunds",
    "fct_refund_reconciliation": "fct_refunds",
    "fct_return_versions": "fct_returns",
}
# Facts that no figure rests on yet: that their documents are kept, understood and
# whole is asked of the ledger.
DOCUMENTS = {
    "fct_actions",
    "fct_exchange_rates",
    "fct_inventory_days",
    "fct_return_topics",
    "fct_sales_days",
    "fct_source_freshness",
}

EXPECTATION = {
    "name": "a",
    "description": "A.",
    "severity": "critical",
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "return_key"},
}
GOOD = {
    "table": "facts.fct_returns",
    "title": "Returns",
    "keys": ["return_key"],
    "expectations": [EXPECTATION],
}

ALL = [(s, e) for s in load_suites() for e in s.expectations]
NAMES = [f"{suite.name}-{expectation.name}" for suite, expectation in ALL]


def write(folder: Path, content: object) -> Path:
    (folder / "fct_returns.yml").write_text(yaml.safe_dump(content))
    return folder


def changed(**changes: object) -> dict[str, object]:
    return {**GOOD, "expectations": [{**EXPECTATION, **changes}]}


def test_every_fact_and_mart_has_a_suite() -> None:
    models = {p.stem for p in MODELS.rglob("*.sql") if p.stem[:4] in {"fct_", "kpi_"}}
    asked = {suite.name for suite in load_suites()}
    assert models - asked == set(STEPS) | DOCUMENTS
    assert set(STEPS.values()) <= asked <= models


def test_a_suite_is_named_after_its_table() -> None:
    assert [suite.table.split(".")[1] for suite in load_suites()] == [
        suite.name for suite in load_suites()
    ]


@pytest.mark.parametrize(("suite", "expectation"), ALL, ids=NAMES)
def test_an_expectation_says_what_and_why(
    suite: Suite, expectation: Expectation
) -> None:
    assert re.fullmatch(r"[A-Z].*\.", expectation.description)
    assert expectation.notes and re.match(r"20\d\d-\d\d: ", expectation.notes)


@pytest.mark.parametrize(("suite", "expectation"), ALL, ids=NAMES)
def test_a_comparison_names_what_it_compares(
    suite: object, expectation: object
) -> None:
    query = expectation.kwargs.get("unexpected_rows_query", "")
    assert ("previous.marts." in query) == (expectation.compares is not None)


def test_critical_ones_are_few() -> None:
    critical = [1 for _, expectation in ALL if expectation.severity == "critical"]
    assert 0 < len(critical) < 0.25 * len(ALL)


def test_a_good_suite_is_read(tmp_path: Path) -> None:
    (suite,) = load_suites(write(tmp_path, GOOD))
    assert (suite.name, suite.table) == ("fct_returns", "facts.fct_returns")
    assert suite.expectations[0].notes is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({**GOOD, "tabel": "x"}, "must hold exactly"),
        ({**GOOD, "expectations": []}, "needs expectations"),
        ({**GOOD, "expectations": [EXPECTATION, EXPECTATION]}, "its own name"),
        (changed(severity="info"), "severity is 'info'"),
        (changed(severty="critical"), "not understood \\['severty'\\]"),
        (["a list"], "must hold exactly"),
    ],
)
def test_what_is_not_understood_raises(
    content: object, message: str, tmp_path: Path
) -> None:
    with pytest.raises(SuiteError, match=message):
        load_suites(write(tmp_path, content))


def test_the_hash_tells_an_edit(tmp_path: Path) -> None:
    before = suites_sha256(write(tmp_path, GOOD))
    assert suites_sha256(write(tmp_path, GOOD)) == before
    assert suites_sha256(write(tmp_path, changed(severity="warning"))) != before
    assert suites_sha256(SUITES) != before
