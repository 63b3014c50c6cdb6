{# A rate and what it is compared with are of one source, lest a difference between our
   count and Amazon's be taken for a change. Ours first: its two windows share no case.
   Amazon's may overlap; the interval then is too wide rather than too narrow. #}
{%- set place = ['seller_id', 'marketplace_code', 'channel', 'metric_code'] %}
{%- set ends = ['', '_low', '_high'] %}
with

joined as (

    select
        rates.*,
        metrics.window_days as own_days,
        figures.amazon_rate,
        -- not every figure comes with its bad cases, but rate times cases gives them
        {%- for end in ['low', 'high'] %}
            {{ wilson_bound(
                'figures.amazon_rate * figures.amazon_base_count',
                'figures.amazon_base_count', end
            ) }} as amazon_rate_{{ end }},
        {%- endfor %}
        figures.amazon_rate is not null as has_amazon_rate

    from {{ ref('kpi_account_rates_by_marketplace_month') }} as rates
    left join {{ ref('dim_account_metrics') }} as metrics
        on
            rates.metric_code = metrics.metric_code
            and rates.month_start_date between metrics.valid_from and metrics.valid_to
    left join {{ ref('fct_account_figures') }} as figures
        on rates.account_health_key = figures.account_health_key

),

lagged as (

    select
        {% for column in [
            'amazon_rate', 'amazon_rate_low', 'amazon_rate_high', 'window_end_date'
        ] %}
            lag({{ column }}) over (
                partition by {{ place | join(', ') }}, has_amazon_rate
                order by month_start_date asc nulls last
            ) as earlier_{{ column }},
        {% endfor %}
        *
    from joined

),

sourced as (

    select
        *,
        {{ dbt.datediff('earlier_window_end_date', 'window_end_date', 'day') }}
            as amazon_days,
        case
            when own_rate is not null and previous_rate is not null then 'own'
            when amazon_rate is not null and earlier_amazon_rate is not null
                then 'amazon'
        end as trend_source
    from lagged

),

compared as (

    select
        {{ place | join(', ') }},
        month_start_date,
        trend_source,
        {%- for end in ends %}
            case trend_source
                when 'own' then own_rate{{ end }}
                when 'amazon' then amazon_rate{{ end }}
            end as trend_rate{{ end }},
            case trend_source
                when 'own' then previous_rate{{ end }}
                when 'amazon' then earlier_amazon_rate{{ end }}
            end as earlier_rate{{ end }},
        {%- endfor %}
        case trend_source when 'own' then own_days else amazon_days end as trend_days
    from sourced

)

select
    -- keys
    {{ place | join(',\n    ') }},
    month_start_date,

    -- attributes
    trend_source,

    -- measures
    {%- for end in ends %}
        trend_rate{{ end }},
        earlier_rate{{ end }},
    {%- endfor %}
    cast((trend_rate - earlier_rate) / trend_days as decimal(18, 8)) as trend_per_day,

    -- flags
    {{ shares_differ('trend_rate', 'earlier_rate') }} as is_trend_clear,
    trend_rate_low is not null and earlier_rate_low is not null as is_chance_known

from compared
