{# What our own facts say of each of Amazon's metrics, by the day Amazon counts it on:
   an order's day, a return request's, the first message of a wait. Days add up to any
   window, so Amazon's figure can be set beside ours over exactly its own. #}
{%- set order_metrics = {
    'order_defect_rate': 'is_defective',
    'negative_feedback_rate': 'has_negative_feedback',
    'a_to_z_claim_rate': 'has_granted_claim',
    'chargeback_rate': 'has_chargeback',
} %}
{%- set request_metrics = {
    'return_dissatisfaction_rate':
        ['is_response_judged and is_feedback_read', 'is_dissatisfied'],
    'negative_return_feedback_rate': ['is_feedback_read', 'has_negative_feedback'],
    'late_response_rate':
        ['is_response_judged', "response_status in ('late', 'unanswered')"],
    'invalid_rejection_rate': ['true', 'is_wrongly_rejected'],
} %}
with

cases as (

    {% for metric, is_bad in order_metrics.items() %}
        select
            seller_id,
            marketplace_code,
            channel,
            '{{ metric }}' as metric_code,
            ordered_date_local as counted_date,
            true as is_judged,
            {{ is_bad }} as is_bad
        from {{ ref('fct_order_defects') }}
        where is_counted
        union all
    {% endfor %}
    {% for metric, (is_judged, is_bad) in request_metrics.items() %}
        select
            seller_id,
            marketplace_code,
            'mfn' as channel,
            '{{ metric }}' as metric_code,
            requested_date as counted_date,
            {{ is_judged }} as is_judged,
            {{ is_bad }} as is_bad
        from {{ ref('fct_return_requests') }}
        where is_counted
        union all
    {% endfor %}
    select
        seller_id,
        marketplace_code,
        'all' as channel,
        'contact_response_rate' as metric_code,
        asked_date_local as counted_date,
        is_due_in_24_hours as is_judged,
        not is_within_24_hours as is_bad
    from {{ ref('fct_contact_waits') }}

)

select
    -- keys
    {{ surrogate_key(
        ['seller_id', 'marketplace_code', 'channel', 'metric_code', 'counted_date']
    ) }} as account_metric_day_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    metric_code,

    -- measures
    count(*) as total_count,
    count(case when is_judged then 1 end) as base_count,
    count(case when is_judged and is_bad then 1 end) as bad_count,

    -- times
    counted_date
from cases
group by seller_id, marketplace_code, channel, metric_code, counted_date
