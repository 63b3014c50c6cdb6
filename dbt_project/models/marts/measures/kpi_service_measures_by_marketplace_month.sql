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
] %}

{#- mart, measure, value, lower end, upper end -#}
{%- set stated = [
    (whole, 'handling_median_days', 'p50_days', 'null', 'null'),
    (whole, 'handling_p90_days', 'p90_days', 'null', 'null'),
    (from_receipt, 'receipt_to_refund_median_days', 'p50_days', 'null', 'null'),
    (from_receipt, 'receipt_to_refund_p90_days', 'p90_days', 'null', 'null'),
    (from_request, 'request_to_refund_median_days', 'p50_days', 'null', 'null'),
    (from_request, 'request_to_refund_p90_days', 'p90_days', 'null', 'null'),
    (scores, 'score', 'score', 'score_low', 'score_high'),
    (points + ["part_code = 'handling_time'"], 'handling_time_score') + ends,
    (points + ["part_code = 'reason_attribution'"], 'reason_attribution_score') + ends,
    (points + ["part_code = 'refund_speed'"], 'refund_speed_score') + ends,
    (points + ["part_code = 'buyer_satisfaction'"], 'buyer_satisfaction_score') + ends,
] %}

select * from {{ measure_parts(added, stated) }}
