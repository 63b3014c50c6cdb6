-- Label costs and claims are allocated once in the facts; a reason table that adds up
-- to another total, in any currency, has lost or doubled money.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_return_reasons_by_marketplace_month'}}}
) }}

with

mart as (

    select
        seller_id,
        currency_code,
        sum(return_count) as return_count,
        coalesce(sum(label_cost_amount), 0) as label_cost,
        coalesce(sum(claim_amount), 0) as claimed,
        coalesce(sum(refunded_amount), 0) as refunded
    from {{ ref('kpi_return_reasons_by_marketplace_month') }}
    group by seller_id, currency_code

),

facts as (

    select
        seller_id,
        coalesce(currency_code, 'unknown') as currency_code,
        count(*) as return_count,
        coalesce(sum(label_cost_amount), 0) as label_cost,
        coalesce(sum(claim_amount), 0) as claimed,
        coalesce(sum(refunded_amount), 0) as refunded
    from {{ ref('fct_returns') }}
    where is_counted and coalesce(requested_date, received_date) is not null
    group by seller_id, coalesce(currency_code, 'unknown')

)

select
    facts.seller_id,
    facts.currency_code
from facts
left join mart
    on
        facts.seller_id = mart.seller_id
        and facts.currency_code = mart.currency_code
where
    mart.seller_id is null
    or facts.return_count != mart.return_count
    or facts.label_cost != mart.label_cost
    or facts.claimed != mart.claimed
    or facts.refunded != mart.refunded
