{# The books of returned units: what came in by the matches of returns and refunds
   stands against where the units ended. Both sides are counted from their own tables
   and meet only here, so what goes missing on the way shows as a difference. #}
{%- set outcomes = [
    'restocked', 'resold', 'removed', 'liquidated', 'donated', 'disposed', 'reimbursed',
    'kept_by_buyer', 'returned_to_buyer', 'lost', 'open',
] %}
{%- set amounts = [
    'refunded', 'reported_refund', 'return_fee', 'label_cost', 'removal_fee', 'claim',
    'reimbursed', 'resale', 'liquidation', 'cost_of_goods', 'net_cash',
] %}

with

matches as (

    select * from {{ ref('fct_return_refund_matches') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

outcomes as (

    select * from {{ ref('fct_return_outcomes') }}

),

owed as (

    select
        matches.seller_id,
        matches.marketplace_code,
        matches.channel,
        coalesce(
            matches.requested_date, matches.received_date,
            matches.refund_posted_date_local, returns.ordered_date
        ) as return_date,
        coalesce(matches.currency_code, returns.currency_code, 'unknown')
            as currency_code,
        case when returns.is_counted then matches.matched_quantity else 0 end
            as returned_quantity,
        case
            when matches.return_key is null and matches.match_reason != 'double'
                then coalesce(matches.matched_quantity, 1)
            else 0
        end as unreturned_quantity,
        matches.matched_amount
    from matches
    left join returns
        on matches.return_key = returns.return_key

),

sides as (

    select
        seller_id,
        marketplace_code,
        channel,
        cast({{ dbt.date_trunc('month', 'return_date') }} as date) as month_start_date,
        currency_code,
        returned_quantity,
        unreturned_quantity,
        matched_amount as booked_refunded_amount,
        {% for amount in amounts -%}
            cast(null as decimal(18, 2)) as {{ amount }}_amount,
        {% endfor -%}
        'none' as outcome_code,
        false as is_counted,
        false as is_uncounted
    from owed

    union all

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        coalesce(currency_code, 'unknown') as currency_code,
        0 as returned_quantity,
        0 as unreturned_quantity,
        cast(null as decimal(18, 2)) as booked_refunded_amount,
        {% for amount in amounts -%}
            {{ amount }}_amount,
        {% endfor -%}
        outcome_code,
        is_counted,
        not is_counted as is_uncounted
    from outcomes

),

summed as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,
        cast(sum(returned_quantity) as bigint) as returned_quantity,
        cast(sum(unreturned_quantity) as bigint) as unreturned_quantity,
        count(case when is_counted then 1 end) as unit_count,
        count(case when is_uncounted then 1 end) as uncounted_count,
        {% for outcome in outcomes -%}
            count(case when is_counted and outcome_code = '{{ outcome }}' then 1 end)
                as {{ outcome }}_count,
        {% endfor -%}
        {% for amount in ['booked_refunded'] + amounts -%}
            cast(sum({{ amount }}_amount) as decimal(18, 2)) as {{ amount }}_amount,
        {% endfor -%}
        count(case when is_counted then refunded_amount end) as refund_known_count,
        count(case when is_counted then cost_of_goods_amount end) as cost_known_count
    from sides
    group by seller_id, marketplace_code, channel, month_start_date, currency_code

)

select
    *,
    unit_count - open_count as ended_count,
    {{ share('unit_count - open_count', 'unit_count') }} as ended_share,
    returned_quantity + unreturned_quantity
    {% for outcome in outcomes %}
        - {{ outcome }}_count
    {% endfor %} as difference_count,
    cast(
        coalesce(booked_refunded_amount, 0) - coalesce(refunded_amount, 0)
        as decimal(18, 2)
    ) as difference_amount
from summed
