-- SKUs are another cut of the same orders: ordered units must be equal, returned units
-- no more than the marketplace's.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_return_rate_by_sku_month'}}}) }}

with

skus as (

    select
        seller_id,
        sum(ordered_quantity) as ordered_quantity,
        sum(returned_quantity + excess_returned_quantity) as returned_quantity
    from {{ ref('kpi_return_rate_by_sku_month') }}
    group by seller_id

),

marketplaces as (

    select
        seller_id,
        sum(ordered_quantity) as ordered_quantity,
        sum(returned_quantity + excess_returned_quantity) as returned_quantity
    from {{ ref('kpi_return_rate_by_marketplace_month') }}
    group by seller_id

)

select skus.seller_id
from skus
full outer join marketplaces
    on skus.seller_id = marketplaces.seller_id
where
    coalesce(skus.ordered_quantity, 0) != coalesce(marketplaces.ordered_quantity, 0)
    or coalesce(skus.returned_quantity, 0)
    > coalesce(marketplaces.returned_quantity, 0)
