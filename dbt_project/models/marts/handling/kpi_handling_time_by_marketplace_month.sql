{# Percentiles are read off the Kaplan-Meier curve: open cases count as longer than they
   have been watched, no more and no less. Leaving them out would make the slowest
   months look fast, taking them for the longest would make the newest look slow. #}
with

stages as (

    select * from {{ ref('fct_return_stages') }}

),

curves as (

    select * from {{ ref('kpi_handling_curve_by_marketplace_month') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        stage_code,

        -- measures
        count(*) filter (where stage_status in ('finished', 'open')) as case_count,
        count(*) filter (where stage_status = 'finished') as closed_count,
        count(*) filter (where stage_status = 'open') as open_count,
        count(*) filter (where stage_status = 'ended_before_start')
            as ended_before_start_count,
        count(*) filter (where stage_status = 'unknown') as unknown_count,
        count(*) filter (where stage_status = 'not_applicable') as not_applicable_count,
        count(*) filter (where is_due) as due_count,
        {{ count_within('is_due', 'is_within_target') }} as within_target_count,

        -- flags
        bool_or(is_scored) as is_scored
    from stages
    where is_counted
    group by seller_id, marketplace_code, channel, month_start_date, stage_code

),

percentiles as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        stage_code,
        {{ curve_percentile(50) }},
        {{ curve_percentile(75) }},
        {{ curve_percentile(90) }},
        {{ curve_percentile(95) }}
    from curves
    group by seller_id, marketplace_code, channel, month_start_date, stage_code

)

select
    summed.*,
    {% for percent in [50, 75, 90, 95] %}
        percentiles.p{{ percent }}_days,
        percentiles.p{{ percent }}_days_low,
        percentiles.p{{ percent }}_days_high,
        percentiles.p{{ percent }}_at_risk_count,
    {% endfor %}
    {{ share('summed.within_target_count', 'summed.due_count') }}
        as within_target_share,
    {{ wilson_bound('summed.within_target_count', 'summed.due_count', 'low') }}
        as within_target_share_low,
    {{ wilson_bound('summed.within_target_count', 'summed.due_count', 'high') }}
        as within_target_share_high,
    {{ share('summed.case_count + summed.ended_before_start_count',
        'summed.case_count + summed.ended_before_start_count + summed.unknown_count') }}
        as known_share

from summed

left join percentiles
    on
        summed.seller_id = percentiles.seller_id
        and summed.marketplace_code = percentiles.marketplace_code
        and summed.channel = percentiles.channel
        and summed.month_start_date = percentiles.month_start_date
        and summed.stage_code = percentiles.stage_code
