{# Measures of how returns are handled, refunded and answered, and of the score. A new
   one is a line here and a row in the seed `measures`. #}
{%- set stages = ref('kpi_handling_time_by_marketplace_month') %}
{%- set stage_known = ['case_count', 'case_count + unknown_count'] %}
{%- set receipt = [stages] + stage_known + ["stage_code = 'request_to_receipt'"] %}
{%- set refund = [stages] + stage_known + ["stage_code = 'receipt_to_refund'"] %}
{%- set whole = [stages] + stage_known + ["stage_code = 'request_to_refund'"] %}
{%- set refunds = [ref('kpi_refund_speed_by_marketplace_month'),
    'refunded_count + open_count', 'return_count - no_refund_due_count'] %}
{%- set clocks = [ref('kpi_refund_days_by_marketplace_month'), 'refunded_count',
    'case_count'] %}
{%- set from_receipt = clocks + ["clock_code = 'receipt'"] %}
{%- set from_request = clocks + ["clock_code = 'request'"] %}
{%- set buyers = [ref('kpi_buyer_satisfaction_by_marketplace_month'),
    'covered_order_count', 'returned_order_count - not_yet_due_count'] %}
{%- set feedback = [ref('kpi_feedback_by_marketplace_month'), '1', '1'] %}
{%- set contacts = [ref('kpi_contact_response_by_marketplace_month'),
    'due_in_24_hours_count', 'wait_count'] %}
{%- set requests = [ref('kpi_return_dissatisfaction_by_marketplace_month'),
    'judged_count', 'request_count'] %}
{%- set process = [ref('kpi_process_conformance_by_marketplace_month'),
    'judged_count', 'return_count'] %}
{%- set deviations = [ref('kpi_process_deviations_by_marketplace_month'), '1', '1'] %}
{%- set automation = [ref('kpi_automation_by_marketplace_month'),
    'automatic_count + manual_count', 'event_count'] %}
{%- set backlog = [ref('kpi_handling_backlog_by_marketplace_month'),
    'watched_backlog_count', 'backlog_count', "stage_code = 'request_to_refund'"] %}
{%- set defects = [ref('kpi_account_risk_by_marketplace_month'), 'own_covered_share',
    '1', "metric_code = 'order_defect_rate'"] %}
{%- set scores = [ref('kpi_score_bands_by_marketplace_month'), 'coverage_share', '1'] %}
{%- set points = [ref('kpi_score_parts_by_marketplace_month'), '1', '1'] %}
{%- set ends = ('part_score', 'part_score_low', 'part_score_high') %}

{#- mart, measure, numerator, denominator -#}
{%- set added = [
    (receipt, 'received_within_target_share', 'within_target_count', 'due_count'),
    (refund, 'refunded_within_target_share', 'within_target_count', 'due_count'),
    (whole, 'handled_within_target_share', 'within_target_count', 'due_count'),
    (whole, 'handling_open_share', 'open_count', 'case_count'),
    (refunds, 'refunds_on_time_share', 'on_time_count', 'due_count'),
    (refunds, 'refunds_late_share', 'late_count', 'due_count'),
    (refunds, 'refunds_missing_share', 'missing_count', 'due_count'),
    (refunds, 'refunds_before_receipt_share', 'refunded_before_receipt_count',
     'refunded_count'),
    (refunds, 'partial_refunds_share', 'partial_count', 'amount_checked_count'),
    (refunds, 'double_refunds_share', 'double_count', 'refunded_count'),
    (buyers, 'buyer_satisfaction_share', 'satisfied_order_count',
     'covered_order_count'),
    (buyers, 'negative_return_feedback_share', 'negative_after_return_order_count',
     'covered_order_count'),
    (feedback, 'negative_feedback_share', 'negative_count', 'feedback_count'),
    (feedback, 'feedback_answered_share', 'responded_count', 'feedback_count'),
    (contacts, 'contacts_answered_in_24_hours_share', 'within_24_hours_count',
     'due_in_24_hours_count'),
    (contacts, 'contacts_answered_in_48_hours_share', 'within_48_hours_count',
     'due_in_48_hours_count'),
    (contacts, 'contacts_only_automatic_share', 'only_automatic_in_24_hours_count',
     'due_in_24_hours_count'),
    (contacts, 'contacts_open_share', 'open_count', 'wait_count'),
    (requests, 'late_response_share', 'late_response_count', 'response_judged_count'),
    (requests, 'invalid_rejection_share', 'invalid_rejection_count', 'request_count'),
    (requests, 'return_dissatisfaction_share', 'dissatisfied_count', 'judged_count'),
    (requests, 'negative_return_request_feedback_share', 'negative_feedback_count',
     'feedback_read_count'),
    (process, 'conforming_returns_share', 'conforming_count', 'judged_count'),
    (process, 'reworked_returns_share', 'rework_count', 'judged_count'),
    (process, 'person_handoffs_per_return', 'person_handoff_count',
     'known_actor_return_count'),
    (process, 'system_handoffs_per_return', 'system_handoff_count',
     'known_actor_return_count'),
    (deviations, 'process_deviation_share', 'deviation_count', 'judged_count'),
    (automation, 'automatic_steps_share', 'automatic_count',
     'automatic_count + manual_count'),
    (backlog, 'handling_backlog', 'backlog_count', 'null'),
    (backlog, 'handling_backlog_over_target_share', 'over_target_count',
     'backlog_count'),
] %}

{#- mart, measure, value, lower end, upper end -#}
{%- set stated = [
    (whole, 'handling_median_days', 'p50_days', 'null', 'null'),
    (whole, 'handling_p90_days', 'p90_days', 'null', 'null'),
    (from_receipt, 'receipt_to_refund_median_days', 'p50_days', 'null', 'null'),
    (from_receipt, 'receipt_to_refund_p90_days', 'p90_days', 'null', 'null'),
    (from_request, 'request_to_refund_median_days', 'p50_days', 'null', 'null'),
    (from_request, 'request_to_refund_p90_days', 'p90_days', 'null', 'null'),
    (contacts, 'first_response_median_hours', 'first_response_p50_hours', 'null',
     'null'),
    (contacts, 'first_response_p90_hours', 'first_response_p90_hours', 'null', 'null'),
    (contacts, 'resolution_median_hours', 'resolution_p50_hours', 'null', 'null'),
    (defects, 'order_defect_rate', 'own_rate', 'own_rate_low', 'own_rate_high'),
    (scores, 'score', 'score', 'score_low', 'score_high'),
    (points + ["part_code = 'handling_time'"], 'handling_time_score') + ends,
    (points + ["part_code = 'reason_attribution'"], 'reason_attribution_score') + ends,
    (points + ["part_code = 'refund_speed'"], 'refund_speed_score') + ends,
    (points + ["part_code = 'buyer_satisfaction'"], 'buyer_satisfaction_score') + ends,
] %}

select * from {{ measure_parts(added, stated) }}
