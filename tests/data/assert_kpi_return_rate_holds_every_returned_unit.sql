-- A returned unit that is in no cohort, in the excess or among the unmatched has been
-- dropped on the way: the return rate would be too low and nobody would see it.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_return_rate_by_marketplace_month'}}}
) }}

with

counted_orders as (

    select
        seller_id,
        amazon_order_id
    from {{ ref('fct_order_lines') }}
    where is_counted and order_month_start_date is not null
    group by seller_id, amazon_order_id

),

facts as (

    select
        returned.seller_id,
        sum(returned.returned_quantity) as units,
        -- no cohort holds the returns of an order that does not count itself
        sum(
            case
                when
                    returned.order_match_class != 'none'
                    and counted_orders.seller_id is null
                    then returned.returned_quantity
                else 0
            end
        ) as units_without_cohort
    from {{ ref('fct_returns') }} as returned
    left join counted_orders
        on
            returned.seller_id = counted_orders.seller_id
            and returned.amazon_order_id = counted_orders.amazon_order_id
    where returned.is_counted
    group by returned.seller_id

),

mart as (

    select
        seller_id,
        sum(
            coalesce(returned_quantity, 0)
            + coalesce(excess_returned_quantity, 0)
            + unmatched_returned_quantity
        ) as units
    from {{ ref('kpi_return_rate_by_marketplace_month') }}
    group by seller_id

)

select
    facts.seller_id,
    facts.units,
    facts.units_without_cohort,
    mart.units as mart_units
from facts
left join mart
    on facts.seller_id = mart.seller_id
where facts.units - facts.units_without_cohort != coalesce(mart.units, 0)
