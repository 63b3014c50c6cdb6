{# Where returned goods ended, what came back of their cost, and how fast they could be
   sold again. Percentiles are Kaplan-Meier estimates over goods that came back and were
   or still may be sold: a waiting one counts for as long as it was watched. #}
{%- set outcomes = [
    'restocked', 'resold', 'removed', 'liquidated', 'donated', 'disposed', 'reimbursed',
    'kept_by_buyer', 'returned_to_buyer', 'lost', 'open',
] %}
{%- set keys = [
    'seller_id', 'marketplace_code', 'channel', 'month_start_date', 'currency_code',
] %}
{%- set grades = ['like_new', 'very_good', 'good', 'acceptable', 'unsellable'] %}

with

units as (

    select
        units.*,
        case
            when units.sellable_status = 'sellable' then units.receipt_to_sellable_days
            when units.sellable_status = 'waiting'
                then greatest({{ dbt.datediff(
                    'units.received_date', 'sellers.data_as_of_date', 'day'
                ) }}, 0)
        end as watched_days
    from {{ ref('fct_return_recoveries') }} as units
    inner join {{ ref('dim_sellers') }} as sellers
        on units.seller_id = sellers.seller_id
    where units.is_counted

),

percentiles as (

    select
        {{ keys | join(', ') }},
        cast({{ survival_percentile('true', 50, 1) }} as integer) as p50_days,
        cast({{ survival_percentile('true', 90, 1) }} as integer) as p90_days
    from {{ survival_steps(
        'units', keys, 'watched_days', "sellable_status = 'sellable'"
    ) }} as survival
    group by {{ keys | join(', ') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,

        -- measures
        count(*) as unit_count,
        {% for outcome in outcomes -%}
            count(case when outcome_code = '{{ outcome }}' then 1 end)
                as {{ outcome }}_count,
        {% endfor -%}
        {% for grade in grades -%}
            count(
                case
                    when outcome_code = 'resold' and grade_code = '{{ grade }}' then 1
                end
            ) as resold_{{ grade }}_count,
        {% endfor -%}
        {{ recovery_columns() }},
        count(case when sellable_status = 'sellable' then 1 end) as sellable_count,
        count(case when sellable_status = 'waiting' then 1 end) as waiting_count,
        cast(sum(receipt_to_sellable_days) as bigint) as sellable_days
    from units
    group by seller_id, marketplace_code, channel, month_start_date, currency_code

),

timed as (

    select
        summed.*,
        percentiles.p50_days,
        percentiles.p90_days
    from summed
    left join percentiles
        on
            {{ equal_columns('summed', 'percentiles', keys) }}

),

counted as (

    select
        *,
        unit_count - open_count as ended_count,
        resold_count
        {% for grade in grades %}
            - resold_{{ grade }}_count
        {% endfor %} as resold_ungraded_count,
        restocked_count + resold_count as sold_again_count,
        donated_count + disposed_count as destroyed_count
    from timed

)

select
    *,
    {{ share('recovered_amount', 'recovered_cost_amount') }} as recovery_rate,
    {{ share('recovery_known_count', 'ended_count') }} as recovery_known_share,
    {{ share('sold_again_count', 'ended_count') }} as sold_again_share,
    {{ wilson_bound('sold_again_count', 'ended_count', 'low') }}
        as sold_again_share_low,
    {{ wilson_bound('sold_again_count', 'ended_count', 'high') }}
        as sold_again_share_high,
    {{ share('destroyed_count', 'ended_count') }} as destroyed_share,
    {{ wilson_bound('destroyed_count', 'ended_count', 'low') }}
        as destroyed_share_low,
    {{ wilson_bound('destroyed_count', 'ended_count', 'high') }}
        as destroyed_share_high,
    {{ share('low_price_count', 'price_known_count') }} as low_price_share,
    {{ wilson_bound('low_price_count', 'price_known_count', 'low') }}
        as low_price_share_low,
    {{ wilson_bound('low_price_count', 'price_known_count', 'high') }}
        as low_price_share_high
from counted
