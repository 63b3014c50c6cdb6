{# A return without a known currency stands under `unknown`: money is added within one
   currency only, and an amount nobody stated stays null. #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        coalesce(return_reason_code, 'NOT_STATED') as return_reason_code,
        coalesce(currency_code, 'unknown') as currency_code,

        -- attributes
        max(return_reason_family) as return_reason_family,
        max(stated_fault_party) as stated_fault_party,

        -- measures
        count(*) as return_count,
        cast(sum(returned_quantity) as bigint) as returned_quantity,
        cast(sum(label_cost_amount) as decimal(18, 2)) as label_cost_amount,
        count(label_cost_amount) as label_cost_known_count,
        cast(sum(claim_amount) as decimal(18, 2)) as claim_amount,
        count(claim_amount) as claim_known_count,
        cast(sum(refunded_amount) as decimal(18, 2)) as refunded_amount,
        count(refunded_amount) as refunded_known_count,

        -- flags
        bool_or(is_controllable) as is_controllable
    from returns
    where is_counted and month_start_date is not null
    group by
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        coalesce(return_reason_code, 'NOT_STATED'),
        coalesce(currency_code, 'unknown')

),

shared as (

    select
        *,
        cast(sum(return_count) over (
            partition by seller_id, marketplace_code, channel, month_start_date
        ) as bigint) as month_return_count
    from summed

)

select
    *,
    {{ share('return_count', 'month_return_count') }} as return_share,
    {{ wilson_bound('return_count', 'month_return_count', 'low') }}
        as return_share_low,
    {{ wilson_bound('return_count', 'month_return_count', 'high') }}
        as return_share_high
from shared
