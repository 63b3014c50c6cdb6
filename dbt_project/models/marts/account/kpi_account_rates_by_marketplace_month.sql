{# A window has a rate where every report it needs covers it: an order report without
   the feedback report would show an account without defects. #}
{%- set keys = [
    'seller_id', 'marketplace_code', 'channel', 'month_start_date', 'metric_code'
] %}
with

windows as (

    select
        *,
        {{ dbt.datediff(
            'window_start_date', 'window_end_date', 'day'
        ) }} + 1 as day_count
    from {{ ref('kpi_account_windows_by_marketplace_month') }}

),

metrics as (

    select
        *,
        length(needed_reports_text) - length(replace(needed_reports_text, ',', '')) + 1
            as needed_report_count
    from {{ ref('dim_account_metrics') }}

),

read_days as (

    select
        {% for key in keys %}
            windows.{{ key }},
        {% endfor %}
        report_days.report_code,
        count(
            case when report_days.covered_date >= windows.window_start_date then 1 end
        ) as own_days,
        count(
            case when report_days.covered_date < windows.window_start_date then 1 end
        ) as previous_days
    from windows
    inner join metrics
        on
            windows.metric_code = metrics.metric_code
            and windows.month_start_date between metrics.valid_from and metrics.valid_to
    inner join {{ ref('dim_report_days') }} as report_days
        on
            windows.seller_id = report_days.seller_id
            and windows.marketplace_code = report_days.marketplace_code
            and report_days.covered_date
            between windows.previous_start_date and windows.window_end_date
            and ',' || metrics.needed_reports_text || ','
            like '%,' || report_days.report_code || ',%'
    group by
        {% for key in keys %}
            windows.{{ key }},
        {% endfor %}
        report_days.report_code

),

covered as (

    select
        {{ keys | join(', ') }},
        count(*) as report_count,
        min(own_days) as own_days,
        min(previous_days) as previous_days
    from read_days
    group by {{ keys | join(', ') }}

),

shared as (

    select
        windows.*,
        coalesce(metrics.is_higher_better, false) as is_higher_better,
        {%- for name in ['own', 'previous'] %}
            case
                when metrics.needed_report_count is null then 1
                when covered.report_count = metrics.needed_report_count
                    then cast(covered.{{ name }}_days as double) / windows.day_count
                else 0
            end as {{ name }}_covered_share,
        {%- endfor %}
        coalesce(minimums.parameter_value, 1) as minimum_share

    from windows
    left join metrics
        on
            windows.metric_code = metrics.metric_code
            and windows.month_start_date between metrics.valid_from and metrics.valid_to
    left join covered
        on
            {{ equal_columns('windows', 'covered', keys) }}
    left join {{ ref('dim_score_parameters') }} as minimums
        on
            minimums.parameter_code = 'minimum_coverage'
            and windows.month_start_date
            between minimums.valid_from and minimums.valid_to

),

counted as (

    select
        {% for it in ['own', 'previous'] %}
            case
                when {{ it }}_covered_share >= minimum_share then {{ it }}_base_count
            end as {{ it }}_cases,
            abs(
                case when is_higher_better then {{ it }}_base_count else 0 end
                - {{ it }}_bad_count
            ) as {{ it }}_hits,
        {% endfor %}
        *
    from shared

)

select
    -- keys
    {{ keys | join(',\n    ') }},
    account_health_key,

    -- measures
    {%- for name in ['own', 'previous'] %}
        {{ name }}_total_count,
        {{ name }}_base_count,
        {{ name }}_bad_count,
        cast({{ name }}_covered_share as decimal(9, 6)) as {{ name }}_covered_share,
        {{ share(name ~ '_hits', name ~ '_cases') }} as {{ name }}_rate,
        {{ wilson_bound(name ~ '_hits', name ~ '_cases', 'low') }}
            as {{ name }}_rate_low,
        {{ wilson_bound(name ~ '_hits', name ~ '_cases', 'high') }}
            as {{ name }}_rate_high,
    {%- endfor %}

    -- flags
    is_higher_better,

    -- times
    previous_start_date,
    window_start_date,
    window_end_date
from counted
