{# Our own count of each metric over the window that ends with the month, or exactly
   Amazon's where Amazon gave a figure in the month; and over the window of the same
   length right before it, which shares no case with it, so the two can be compared. #}
{%- set place = ['seller_id', 'marketplace_code', 'channel', 'metric_code'] %}
with

figures as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'window_end_date') }} as date)
            as month_start_date,
        row_number() over (
            partition by
                {{ place | join(', ') }},
                {{ dbt.date_trunc('month', 'window_end_date') }}
            order by
                window_end_date desc nulls last,
                window_start_date desc nulls last,
                account_health_key asc nulls last
        ) as newest_number
    from {{ ref('fct_account_figures') }}

),

places as (

    select
        {{ place | join(', ') }},
        min(counted_date) as first_date
    from {{ ref('fct_account_metric_days') }}
    group by {{ place | join(', ') }}

),

months as (

    select
        {% for key in place %}
            places.{{ key }},
        {% endfor %}
        dates.month_start_date
    from places
    inner join {{ ref('dim_sellers') }} as sellers
        on places.seller_id = sellers.seller_id
    inner join {{ ref('dim_dates') }} as dates
        on
            sellers.data_as_of_date >= dates.date
            and places.first_date < {{ dbt.dateadd('month', 1, 'dates.date') }}
            and dates.month_start_date = dates.date

    union distinct

    select
        {{ place | join(', ') }},
        month_start_date
    from figures

),

ends as (

    select
        months.*,
        metrics.window_days,
        figures.account_health_key,
        figures.window_start_date as amazon_start_date,
        coalesce(
            figures.window_end_date,
            least(
                cast({{ dbt.last_day('months.month_start_date', 'month') }} as date),
                sellers.data_as_of_date
            )
        ) as window_end_date
    from months
    inner join {{ ref('dim_sellers') }} as sellers
        on months.seller_id = sellers.seller_id
    left join {{ ref('dim_account_metrics') }} as metrics
        on
            months.metric_code = metrics.metric_code
            and months.month_start_date between metrics.valid_from and metrics.valid_to
    left join figures
        on
            {{ equal_columns('months', 'figures', place + ['month_start_date']) }}
            and figures.newest_number = 1

),

starts as (

    select
        *,
        coalesce(
            amazon_start_date,
            cast({{ dbt.dateadd('day', '1 - window_days', 'window_end_date') }} as date)
        ) as window_start_date
    from ends

),

windows as (

    select
        *,
        cast({{ dbt.dateadd('day', '-window_days', 'window_start_date') }} as date)
            as previous_start_date
    from starts

)

select
    -- keys
    {% for key in place %}
        windows.{{ key }},
    {% endfor %}
    windows.month_start_date,
    max(windows.account_health_key) as account_health_key,

    -- measures
    {%- for name, sign in {'own': '>=', 'previous': '<'}.items() %}
        {%- for count in ['total_count', 'base_count', 'bad_count'] %}
            cast(
                coalesce(sum(
                    case
                        when counts.counted_date {{ sign }} windows.window_start_date
                            then counts.{{ count }}
                    end
                ), 0) as bigint
            ) as {{ name }}_{{ count }},
        {%- endfor %}
    {%- endfor %}

    -- times
    max(windows.previous_start_date) as previous_start_date,
    max(windows.window_start_date) as window_start_date,
    max(windows.window_end_date) as window_end_date

from windows

left join {{ ref('fct_account_metric_days') }} as counts
    on
        {{ equal_columns('windows', 'counts', place) }}
        and counts.counted_date
        between windows.previous_start_date and windows.window_end_date

group by
    {% for key in place %}
        windows.{{ key }},
    {% endfor %}
    windows.month_start_date
