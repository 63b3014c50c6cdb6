{# Measures of what comes back, why, where it ends and what it costs. A new one is a
   line here and a row in the seed `measures`. #}
{%- set rates = [ref('kpi_return_rate_by_marketplace_month'), '1', '1',
    'is_mature and return_rate is not null', 'order_month_start_date'] %}
{%- set returns = [ref('kpi_return_reasons_by_marketplace_month'), '1', '1'] %}
{%- set labels = [ref('kpi_return_reasons_by_marketplace_month'),
    'label_cost_known_count', 'return_count', 'true', 'month_start_date',
    'currency_code'] %}
{%- set verdicts = [ref('kpi_reason_attribution_by_marketplace_month'), 'judged_count',
    'return_count'] %}
{%- set units = [ref('kpi_return_balance_by_marketplace_month'), 'ended_count',
    'unit_count'] %}
{%- set money = [ref('kpi_return_balance_by_marketplace_month'), 'refund_known_count',
    'unit_count', 'true', 'month_start_date', 'currency_code'] %}

{#- mart, measure, numerator, denominator; null: the value is the numerator -#}
{%- set added = [
    (rates, 'return_rate', 'returned_quantity', 'ordered_quantity'),
    (returns, 'returns', 'return_count', 'null'),
    (returns, 'returned_units', 'returned_quantity', 'null'),
    (returns, 'controllable_returns_share',
     'case when is_controllable then return_count else 0 end', 'return_count'),
    (labels, 'label_cost', 'label_cost_amount', 'null'),
    (labels, 'label_cost_per_return', 'label_cost_amount', 'label_cost_known_count'),
    (verdicts, 'reason_attribution_share', 'agrees_count', 'judged_count'),
    (verdicts, 'judged_returns_share', 'judged_count', 'return_count'),
    (units, 'units_restocked_share', 'restocked_count', 'unit_count'),
    (units, 'units_resold_share', 'resold_count', 'unit_count'),
    (units, 'units_removed_share', 'removed_count', 'unit_count'),
    (units, 'units_liquidated_share', 'liquidated_count', 'unit_count'),
    (units, 'units_disposed_share', 'disposed_count', 'unit_count'),
    (units, 'units_donated_share', 'donated_count', 'unit_count'),
    (units, 'units_reimbursed_share', 'reimbursed_count', 'unit_count'),
    (units, 'units_kept_by_buyer_share', 'kept_by_buyer_count', 'unit_count'),
    (units, 'units_lost_share', 'lost_count', 'unit_count'),
    (units, 'units_open_share', 'open_count', 'unit_count'),
    (money, 'refunded', 'refunded_amount', 'null'),
    (money, 'refunded_per_unit', 'refunded_amount', 'refund_known_count'),
    (money, 'reimbursed', 'reimbursed_amount', 'null'),
    (money, 'net_cash', 'net_cash_amount', 'null'),
    (money, 'net_cash_per_unit', 'net_cash_amount', 'refund_known_count'),
] %}

select * from {{ measure_parts(added, []) }}
