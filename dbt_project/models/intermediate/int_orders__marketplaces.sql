with

order_lines as (

    select * from {{ ref('stg_amazon_sp__all_orders') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

settled_orders as (

    select * from {{ ref('int_settlements__order_marketplaces') }}

),

orders as (

    select
        seller_id,
        amazon_order_id,
        lower(max(sales_channel_name)) as sales_channel,
        max(folder_marketplace_code) as folder_marketplace_code,
        min(lower(fulfillment_channel_name)) as first_fulfillment_channel,
        max(lower(fulfillment_channel_name)) as last_fulfillment_channel,
        max(currency_code) as currency_code,
        min(ordered_at) as ordered_at
    from order_lines
    group by seller_id, amazon_order_id

),

known_orders as (

    select
        coalesce(orders.seller_id, settled_orders.seller_id) as seller_id,
        coalesce(orders.amazon_order_id, settled_orders.amazon_order_id)
            as amazon_order_id,
        orders.sales_channel,
        orders.folder_marketplace_code,
        settled_orders.marketplace_code as settled_marketplace_code,
        case
            when orders.first_fulfillment_channel != orders.last_fulfillment_channel
                then 'unknown'
            when orders.first_fulfillment_channel in ('amazon', 'afn') then 'fba'
            when orders.first_fulfillment_channel in ('merchant', 'mfn') then 'mfn'
            else 'unknown'
        end as channel,
        orders.currency_code,
        orders.seller_id is not null as has_order_lines,
        coalesce(orders.sales_channel like 'non-amazon%', false) as is_multi_channel,
        orders.ordered_at
    from orders
    full outer join settled_orders
        on
            orders.seller_id = settled_orders.seller_id
            and orders.amazon_order_id = settled_orders.amazon_order_id

),

located as (

    -- what the order says of itself, then the folder, then where the money came from
    select
        known_orders.*,
        case
            when known_orders.is_multi_channel then 'unknown'
            else coalesce(
                marketplaces.marketplace_code,
                known_orders.folder_marketplace_code,
                known_orders.settled_marketplace_code,
                'unknown'
            )
        end as marketplace_code
    from known_orders
    left join marketplaces
        on known_orders.sales_channel = marketplaces.domain_name

),

dated as (

    select
        located.seller_id,
        located.amazon_order_id,
        located.marketplace_code,
        located.channel,
        located.currency_code,
        located.has_order_lines,
        located.is_multi_channel,
        located.ordered_at,
        coalesce(
            {{ to_local_date('located.ordered_at', 'marketplaces.time_zone_name') }},
            cast(located.ordered_at as date)
        ) as ordered_date_local
    from located
    left join marketplaces
        on located.marketplace_code = marketplaces.marketplace_code

)

select * from dated
