{# What one unit of an order's SKU cost, from the order report and from the order's own
   settlement lines: a refund that states no quantity is measured against it. Several
   prices of one SKU within an order leave the price open. #}
with

order_lines as (

    select * from {{ ref('stg_amazon_sp__all_orders') }}

),

from_settlements as (

    select * from {{ ref('int_settlements__unit_prices') }}

),

order_prices as (

    select
        *,
        round(cast(item_amount as double) / nullif(quantity, 0), 4) as unit_price
    from order_lines

),

from_orders as (

    select
        seller_id,
        amazon_order_id,
        sku,
        case when count(*) = 1 then min(order_line_key) end as order_line_key,
        sum(quantity) as ordered_quantity,
        case
            when min(unit_price) = max(unit_price) then min(unit_price)
        end as order_unit_price
    from order_prices
    group by seller_id, amazon_order_id, sku

)

select
    coalesce(from_orders.seller_id, from_settlements.seller_id) as seller_id,
    coalesce(
        from_orders.amazon_order_id, from_settlements.amazon_order_id
    ) as amazon_order_id,
    coalesce(from_orders.sku, from_settlements.sku) as sku,
    from_orders.order_line_key,
    from_orders.ordered_quantity,
    from_orders.order_unit_price,
    from_settlements.settled_quantity,
    from_settlements.settled_unit_price
from from_orders
full outer join from_settlements
    on
        from_orders.seller_id = from_settlements.seller_id
        and from_orders.amazon_order_id = from_settlements.amazon_order_id
        and from_orders.sku = from_settlements.sku
