{# Amazon's figure decides about the account, so it is judged where there is one. What
   lies ahead is told by the rate the trend is of: the gap between our count and
   Amazon's is no way to go. A trend that chance explains tells no days. #}
{%- set place = ['seller_id', 'marketplace_code', 'channel', 'metric_code'] %}
with

joined as (

    select
        rates.*,
        metrics.metric_name,
        metrics.part_of_metric_code,
        metrics.consequence_text,
        metrics.warning_value,
        coalesce(figures.target_value, metrics.threshold_value) as threshold_value,
        figures.target_condition,
        figures.amazon_status,
        figures.amazon_rate,
        figures.amazon_bad_count,
        figures.amazon_base_count,
        coalesce(figures.amazon_rate, rates.own_rate) as judged_rate,
        case when rates.is_higher_better then -1 else 1 end as bad_direction,
        metrics.trend_horizon_days,
        first_value(figures.account_status) over (
            partition by
                rates.seller_id, rates.marketplace_code, rates.month_start_date
            order by
                figures.account_status is null asc nulls last,
                rates.window_end_date desc nulls last
        ) as account_status,
        trends.trend_source,
        trends.trend_rate,
        trends.trend_per_day,
        trends.is_trend_clear,
        trends.is_chance_known

    from {{ ref('kpi_account_rates_by_marketplace_month') }} as rates
    inner join {{ ref('kpi_account_trends_by_marketplace_month') }} as trends
        on {{ equal_columns('rates', 'trends', place + ['month_start_date']) }}
    left join {{ ref('dim_account_metrics') }} as metrics
        on
            rates.metric_code = metrics.metric_code
            and rates.month_start_date between metrics.valid_from and metrics.valid_to
    left join {{ ref('fct_account_figures') }} as figures
        on rates.account_health_key = figures.account_health_key

),

distanced as (

    select
        *,
        {%- for name in ['own', 'amazon', 'judged', 'trend'] %}
            cast(bad_direction * (threshold_value - {{ name }}_rate) as decimal(9, 6))
                as {{ name }}_distance,
        {%- endfor %}
        bad_direction * trend_per_day as approach_per_day
    from joined

),

judged as (

    select
        *,
        case
            when
                judged_distance < 0
                or judged_distance = 0
                and (not is_higher_better or target_condition = 'GREATER_THAN')
                then 'over_threshold'
            when bad_direction * (warning_value - judged_rate) <= 0 then 'warning'
            when judged_distance is not null then 'inside'
            when amazon_status in ('BAD', 'POOR') then 'over_threshold'
            when amazon_status in ('WARNED', 'FAIR') then 'warning'
            when amazon_status in ('GREAT', 'GOOD') then 'inside'
            else 'unknown'
        end as risk_status,
        {%- for it in ['bad_count', 'base_count'] %}
            case
                when amazon_rate is not null then amazon_{{ it }} else own_{{ it }}
            end as judged_{{ it }},
        {%- endfor %}
        case
            when is_trend_clear and trend_distance >= 0 and approach_per_day > 0
                then cast(ceil(trend_distance / approach_per_day) as bigint)
        end as days_ahead
    from distanced

)

select
    {% for column in place + [
        'month_start_date', 'metric_name', 'part_of_metric_code', 'account_status',
        'amazon_status', 'risk_status', 'consequence_text', 'trend_source',
    ] %}{{ column }}, {% endfor %}
    case
        when amazon_rate is not null then 'amazon'
        when own_rate is not null then 'own'
    end as judged_source,
    case
        when amazon_rate is null then 'no_amazon_figure'
        when own_rate is null then 'no_own_figure'
        -- Amazon rounds to four places
        when abs(own_rate - amazon_rate) <= 0.00005 then 'same'
        when own_covered_share < 1 then 'window_partly_covered'
        when own_base_count < own_total_count then 'cases_not_judged'
        when own_base_count != amazon_base_count then 'base_differs'
        else 'cases_differ'
    end as difference_code,
    case
        when risk_status = 'over_threshold' then 'over_threshold'
        when trend_distance is null or not is_chance_known then 'unknown'
        when trend_distance < 0 then 'sources_disagree'
        when not is_trend_clear then 'within_chance'
        when days_ahead is null then 'moving_away'
        when days_ahead > trend_horizon_days then 'beyond_horizon'
        else 'approaching'
    end as trend_status,

    -- measures
    {% for column in [
        'own_total_count', 'own_base_count', 'own_bad_count', 'own_covered_share',
        'own_rate', 'own_rate_low', 'own_rate_high', 'previous_base_count',
        'previous_bad_count', 'previous_rate', 'amazon_base_count', 'amazon_bad_count',
        'amazon_rate', 'judged_rate', 'threshold_value', 'warning_value',
        'own_distance', 'amazon_distance', 'judged_distance',
    ] %}{{ column }}, {% endfor %}
    cast(own_rate - amazon_rate as decimal(9, 6)) as own_less_amazon,
    cast(
        case
            when is_higher_better
                then floor(judged_base_count * (1 - threshold_value)) - judged_bad_count
            else ceil(judged_base_count * threshold_value) - 1 - judged_bad_count
        end as bigint
    ) as headroom_count,
    trend_per_day,
    case
        when risk_status = 'over_threshold' then 0
        when days_ahead <= trend_horizon_days then days_ahead
    end as days_to_threshold,

    -- flags
    is_higher_better,
    is_trend_clear,

    -- times
    window_start_date,
    window_end_date
from judged
