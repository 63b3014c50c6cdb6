{# The order lines as facts and matching need them; a view over the staged table. #}
{{ config(materialized='view') }}

with

order_lines as (

    select * from {{ ref('stg_amazon_sp__all_orders') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

located as (

    select
        -- keys
        order_lines.order_line_key,
        order_lines.seller_id,
        orders.marketplace_code,
        orders.channel,
        order_lines.amazon_order_id,
        order_lines.sku,
        order_lines.asin,
        order_lines.order_item_id,
        order_lines.occurrence_number,

        -- attributes
        order_lines.order_status,
        order_lines.item_status,
        order_lines.product_name,
        order_lines.ship_country_code,

        -- measures
        order_lines.quantity,
        order_lines.item_amount,
        order_lines.item_tax_amount,
        order_lines.shipping_amount,
        order_lines.promotion_discount_amount,
        coalesce(
            order_lines.currency_code, orders.currency_code, marketplaces.currency_code
        ) as currency_code,

        -- flags
        coalesce(
            lower(order_lines.order_status) in ('cancelled', 'canceled')
            or lower(order_lines.item_status) in ('cancelled', 'canceled'),
            false
        ) as is_cancelled,
        orders.is_multi_channel,
        order_lines.is_business_order,

        -- times
        order_lines.ordered_at,
        orders.ordered_date_local,
        order_lines.last_updated_at

    from order_lines

    inner join orders
        on
            order_lines.seller_id = orders.seller_id
            and order_lines.amazon_order_id = orders.amazon_order_id

    left join marketplaces
        on orders.marketplace_code = marketplaces.marketplace_code

),

flagged as (

    select
        *,
        case
            when is_cancelled then 'cancelled'
            when is_multi_channel then 'multi_channel'
            when quantity <= 0 then 'zero_quantity'
        end as not_counted_reason
    from located

)

select
    *,
    not_counted_reason is null as is_counted
from flagged
