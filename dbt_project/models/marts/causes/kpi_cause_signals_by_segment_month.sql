{# Given the places' cases, each falls to the segment with a chance that differs by
   place: their number has no heavier tail than a binomial with the average chance
   (Hoeffding 1956), so p-values err to the safe side. A list (seller, cut, month) is
   corrected for its length after Benjamini and Hochberg; growth is tested among the
   signals only, and corrected for these. What is not tested cannot be a signal,
   whatever its rate. #}
{%- set list = 'seller_id, cut_code, month_start_date' %}

with

parameters as (

    select * from {{ ref('dim_cause_parameters') }}

),

windows as (

    select
        windowed.*,
        parameters.trend_months,
        parameters.minimum_case_count,
        parameters.minimum_ratio,
        parameters.false_discovery_share,
        parameters.exact_test_limit,
        windowed.base_count >= parameters.minimum_base_count
        and windowed.expected_cases > 0
        and not (
            windowed.cut_code in ('fulfillment_center', 'carrier')
            and windowed.return_reason_family = 'any'
        ) as is_tested,
        {{ surrogate_key([
            'windowed.seller_id', 'windowed.cut_code', 'windowed.segment_code',
            'windowed.return_reason_family', 'windowed.month_start_date'
        ]) }} as test_key,
        cast(windowed.case_count as double) * windowed.recent_base_count
        / windowed.base_count as recent_fair_cases
    from {{ ref('kpi_cause_windows_by_segment_month') }} as windowed
    inner join parameters
        on windowed.month_start_date = parameters.month_start_date

),

judged as (

    select
        *,
        coalesce(
            q_value <= false_discovery_share and observed_ratio >= minimum_ratio, false
        ) as is_signal
    from {{ false_discovery(
        binomial_test(
            'windows', 'p_value', is_tested='is_tested', observed='observed_count',
            trials='trial_count', expected='expected_cases',
            minimum='minimum_case_count', days=ref('dim_dates')
        ), 'p_value', list, 'q_value'
    ) }} as tested

),

dated as (

    select
        *,
        max(case when is_signal then month_start_date end) over (
            partition by seller_id, cut_code, segment_code, return_reason_family
            order by month_start_date asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as previous_signal_month_start_date,
        sum(case when is_signal then 1 else 0 end) over (
            partition by seller_id, cut_code, segment_code, return_reason_family
            order by month_start_date asc nulls last
            rows between unbounded preceding and current row
        ) as signal_month_count
    from {{ false_discovery(
        binomial_test(
            'judged', 'growth_p_value', is_tested='is_signal',
            observed='recent_case_count', trials='case_count',
            expected='recent_fair_cases', minimum='minimum_case_count',
            days=ref('dim_dates')
        ), 'growth_p_value', list, 'growth_q_value'
    ) }} as grown

)

select
    -- keys
    seller_id,
    month_start_date,
    cut_code,
    segment_code,
    return_reason_family,

    -- attributes
    category_name,
    case
        when is_signal then 'signal'
        when not is_tested then 'too_small'
        when q_value <= false_discovery_share then 'too_weak'
        else 'none'
    end as signal_status,

    -- measures
    case_count,
    base_count,
    case_rate,
    case_rate_low,
    case_rate_high,
    rest_case_count,
    rest_base_count,
    rest_case_rate,
    observed_count,
    expected_cases,
    observed_ratio,
    p_value,
    q_value,
    recent_case_count,
    recent_base_count,
    recent_observed_count,
    recent_expected_cases,
    growth_p_value,
    growth_q_value,
    cast(signal_month_count as bigint) as signal_month_count,

    -- flags
    is_tested,
    is_signal,
    is_signal
    and coalesce({{ dbt.datediff(
        'previous_signal_month_start_date', 'month_start_date', 'month'
    ) }} > trend_months, true) as is_new,
    coalesce(
        growth_q_value <= false_discovery_share
        and recent_observed_count * expected_cases
        > observed_count * recent_expected_cases, false
    ) as is_growing,
    coalesce(
        is_tested
        and (observed_ratio > 1) != (case_rate > rest_case_rate)
        and observed_ratio != 1 and case_rate != rest_case_rate,
        false
    ) as has_simpson_reversal,

    -- times
    previous_signal_month_start_date

from dated
-- what is neither tested nor ever happened would be most of the table
where is_tested or case_count > 0
