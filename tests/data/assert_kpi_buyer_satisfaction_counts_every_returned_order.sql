-- The denominator is orders that came back, each once: an order counted by its lines
-- would dilute bad feedback. Each is covered, not yet due or uncovered.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_buyer_satisfaction_by_marketplace_month'}}}
) }}

with

mart as (

    select
        seller_id,
        sum(returned_order_count) as orders,
        sum(
            covered_order_count + not_yet_due_count + uncovered_order_count
        ) as placed_orders
    from {{ ref('kpi_buyer_satisfaction_by_marketplace_month') }}
    group by seller_id

),

facts as (

    select
        seller_id,
        count(distinct amazon_order_id) as orders
    from {{ ref('fct_returns') }}
    where is_counted and coalesce(requested_date, received_date) is not null
    group by seller_id

)

select facts.seller_id
from facts
left join mart
    on facts.seller_id = mart.seller_id
where
    facts.orders != coalesce(mart.orders, 0)
    or facts.orders != coalesce(mart.placed_orders, 0)
