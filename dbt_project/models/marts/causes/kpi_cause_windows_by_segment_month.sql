{# Each month looks back over its window. Within a place (same marketplace, channel,
   category and month) a segment would have its share of the place's cases; these
   shares add up to what is expected of it, whatever it sells where and when. #}
{%- set segment = ['seller_id', 'cut_code', 'segment_code', 'return_reason_family'] %}
{%- set sums = [
    'case_count', 'base_count', 'observed_count', 'expected_cases', 'trial_count'
] %}

with

cases as (

    select * from {{ ref('kpi_cause_cases_by_segment_month') }}

),

parameters as (

    select * from {{ ref('dim_cause_parameters') }}

),

monthly as (

    select
        {{ segment | join(', ') }},
        month_start_date,
        min(category_name) as first_category_name,
        max(category_name) as last_category_name,
        sum(case_count) as case_count,
        sum(base_count) as base_count,
        sum(case when is_comparable then case_count else 0 end) as observed_count,
        sum(case when is_comparable then expected_cases else 0 end) as expected_cases,
        sum(case when is_comparable then place_case_count else 0 end) as trial_count
    from cases
    group by {{ segment | join(', ') }}, month_start_date

),

spans as (

    select
        seller_id,
        min(month_start_date) as first_month,
        max(month_start_date) as last_month
    from monthly
    group by seller_id

),

windowed as (

    select
        {{ qualified(segment, 'monthly') }},
        parameters.month_start_date,
        min(monthly.first_category_name) as first_category_name,
        max(monthly.last_category_name) as last_category_name,
        {{ summed(sums, 'monthly') }},
        {{ summed(sums[:4], 'monthly', before='recent_', condition=dbt.datediff(
            'monthly.month_start_date', 'parameters.month_start_date', 'month'
        ) ~ ' < parameters.trend_months') }}

    from parameters

    inner join spans
        on parameters.month_start_date between spans.first_month and spans.last_month

    inner join monthly
        on
            spans.seller_id = monthly.seller_id
            and parameters.month_start_date >= monthly.month_start_date
            and {{ dbt.datediff(
                'monthly.month_start_date', 'parameters.month_start_date', 'month'
            ) }} < parameters.signal_window_months

    group by
        {{ qualified(segment, 'monthly') }},
        parameters.month_start_date

),

-- lines stand in a row a family, and in `any` with or without a case
compared as (

    select
        *,
        max(case when return_reason_family = 'any' then base_count end) over (
            partition by seller_id, cut_code, segment_code, month_start_date
        ) as segment_base_count,
        max(case when return_reason_family = 'any' then recent_base_count end) over (
            partition by seller_id, cut_code, segment_code, month_start_date
        ) as segment_recent_base_count,
        sum(case_count) over (
            partition by seller_id, cut_code, return_reason_family, month_start_date
        ) as all_case_count,
        sum(case when return_reason_family = 'any' then base_count end) over (
            partition by seller_id, cut_code, month_start_date
        ) as all_base_count
    from windowed

)

select
    -- keys
    seller_id,
    month_start_date,
    cut_code,
    segment_code,
    return_reason_family,

    -- attributes
    case
        when first_category_name = last_category_name then first_category_name
        else 'all'
    end as category_name,

    -- measures
    cast(case_count as bigint) as case_count,
    cast(segment_base_count as bigint) as base_count,
    {{ share('case_count', 'segment_base_count') }} as case_rate,
    {{ wilson_bound('case_count', 'segment_base_count', 'low') }} as case_rate_low,
    {{ wilson_bound('case_count', 'segment_base_count', 'high') }} as case_rate_high,
    cast(all_case_count - case_count as bigint) as rest_case_count,
    cast(all_base_count - segment_base_count as bigint) as rest_base_count,
    {{ share('all_case_count - case_count', 'all_base_count - segment_base_count') }}
        as rest_case_rate,
    cast(observed_count as bigint) as observed_count,
    expected_cases,
    cast(trial_count as bigint) as trial_count,
    observed_count / nullif(expected_cases, 0) as observed_ratio,
    cast(recent_case_count as bigint) as recent_case_count,
    cast(segment_recent_base_count as bigint) as recent_base_count,
    cast(recent_observed_count as bigint) as recent_observed_count,
    recent_expected_cases

from compared
