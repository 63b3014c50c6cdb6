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
{%- set projections = [ref('kpi_return_projections_by_marketplace_month'),
    'developed_share', '1', "is_current and clock_code = 'order'",
    'cohort_month_start_date'] %}
{%- set misjudged = [ref('kpi_misjudged_money_by_marketplace_month'), 'checked_count',
    'return_count'] %}
{%- set faults = [ref('kpi_refund_faults_by_marketplace_month'), 'amount_known_count',
    'fault_count'] %}
{%- set automatic = [ref('kpi_automatic_refunds_by_marketplace_month'),
    'resolution_known_count', 'refunded_return_count'] %}
{%- set recovery = [ref('kpi_recovery_by_marketplace_month'), 'recovery_known_count',
    'ended_count'] %}
{%- set costs = [ref('kpi_return_costs_by_marketplace_month'), 'net_loss_known_count',
    'ended_count'] %}
{%- set claims = [ref('kpi_claims_by_marketplace_month'),
    'claim_count - amount_unknown_count', 'claim_count'] %}
{#- no report shows an FBA reimbursement that was refused -#}
{%- set safe_t = [ref('kpi_claims_by_marketplace_month'), 'decided_count',
    'decided_count + claimed_count', "claim_type = 'safe_t'"] %}
{%- set trust = [ref('kpi_number_trust_by_marketplace_month'), '1', '1',
    "number_code = 'return_rate'"] %}
{%- set pitfalls = [ref('kpi_pitfalls_by_marketplace_month'), '1', '1'] %}
{%- set by_currency = ['true', 'month_start_date', 'currency_code'] %}
{%- set ends = ('evidence_share', 'evidence_share_low', 'evidence_share_high') %}

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
    (misjudged, 'misjudged_returns_share', 'misjudged_count', 'checked_count'),
    (misjudged + by_currency, 'misjudged_money', 'misjudged_amount', 'null'),
    (misjudged + by_currency, 'misjudged_money_lost', 'lost_amount', 'null'),
    (faults + by_currency, 'refund_faults_open', 'open_amount', 'null'),
    (automatic, 'automatic_refunds_share', 'automatic_count',
     'resolution_known_count'),
    (automatic, 'claim_rights_lost_share', 'right_lost_count',
     'refunded_return_count'),
    (recovery, 'units_sold_again_share', 'sold_again_count', 'ended_count'),
    (recovery, 'units_destroyed_share', 'destroyed_count', 'ended_count'),
    (recovery, 'units_sold_off_share', 'low_price_count', 'price_known_count'),
    (recovery, 'receipt_to_sellable_mean_days', 'sellable_days', 'sellable_count'),
    (recovery + by_currency, 'recovered_value_per_cost', 'recovered_amount',
     'recovered_cost_amount'),
    (recovery + by_currency, 'recovered_value', 'recovered_amount', 'null'),
    (recovery + by_currency, 'written_off', 'write_off_amount', 'null'),
    (recovery + by_currency, 'forgone_value', 'forgone_amount', 'null'),
    (costs + by_currency, 'return_costs', 'return_cost_amount', 'null'),
    (costs + by_currency, 'return_cost_per_unit', 'unit_return_cost_amount',
     'unit_count'),
    (costs + by_currency, 'net_loss', 'net_loss_amount', 'null'),
    (costs + by_currency, 'net_loss_per_unit', 'unit_net_loss_amount',
     'net_loss_known_count'),
    (safe_t, 'claims_granted_share', 'ever_granted_count', 'decided_count'),
    (claims + by_currency, 'claims_open', 'open_amount', 'null'),
    (claims + by_currency, 'claims_expired', 'expired_amount', 'null'),
    (claims + by_currency, 'claims_granted', 'granted_amount', 'null'),
    (claims + by_currency, 'claims_clawed_back', 'clawed_back_amount', 'null'),
    (trust, 'trusted_returns_share', 'trusted_count', 'return_count'),
    (trust, 'matched_returns_share', 'matched_count', 'return_count'),
    (trust, 'second_precise_returns_share', 'second_precise_count', 'return_count'),
] %}

{#- mart, measure, value, lower end, upper end -#}
{%- set stated = [
    (projections, 'projected_return_rate', 'projected_return_rate',
     'projected_return_rate_low', 'projected_return_rate_high'),
    (pitfalls + ["pitfall_code = 'fast_refund_poor_communication'"],
     'pitfall_poor_communication_share') + ends,
    (pitfalls + ["pitfall_code = 'goods_below_recoverable_value'"],
     'pitfall_goods_below_value_share') + ends,
    (pitfalls + ["pitfall_code = 'cause_returns_unanalysed'"],
     'pitfall_unanalysed_causes_share') + ends,
] %}

select * from {{ measure_parts(added, stated) }}
