{# No report states when an order line shipped. Amazon charges the buyer on shipment, so
   the settlement's charge of the order and SKU tells the day; where none landed, a
   shipped line is taken to have left on the day it was ordered, and says so. #}
with

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

),

charges as (

    select
        seller_id,
        amazon_order_id,
        sku,
        min(posted_at) as charged_at,
        -- a day is kept as stated, only an instant can fall on another day elsewhere
        min(case when posted_precision = 'second' then posted_at end)
            as charged_instant_at
    from {{ ref('int_settlement_lines__classified') }}
    where lower(transaction_type) = 'order' and sku is not null
    group by seller_id, amazon_order_id, sku

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

shipped as (

    select
        order_lines.*,
        case
            when order_lines.is_cancelled then null
            when charges.charged_at is not null
                then coalesce(
                    {{ to_local_date(
                        'charges.charged_instant_at', 'marketplaces.time_zone_name'
                    ) }},
                    cast(charges.charged_at as date)
                )
            when lower(order_lines.order_status) like 'shipped%'
                then order_lines.ordered_date_local
        end as shipped_date_local,
        case
            when order_lines.is_cancelled then null
            when charges.charged_at is not null then 'settlement'
            when lower(order_lines.order_status) like 'shipped%' then 'ordered_date'
        end as shipped_date_source

    from order_lines

    left join charges
        on
            order_lines.seller_id = charges.seller_id
            and order_lines.amazon_order_id = charges.amazon_order_id
            and order_lines.sku = charges.sku

    left join marketplaces
        on order_lines.marketplace_code = marketplaces.marketplace_code

),

final as (

    select
        -- keys
        order_line_key,
        seller_id,
        marketplace_code,
        channel,
        amazon_order_id,
        sku,
        asin,
        order_item_id,

        -- attributes
        order_status,
        item_status,
        ship_country_code,
        shipped_date_source,

        -- measures
        quantity,
        item_amount,
        item_tax_amount,
        shipping_amount,
        promotion_discount_amount,
        currency_code,

        -- flags
        is_business_order,
        is_cancelled,
        is_multi_channel,
        is_counted,
        not_counted_reason,

        -- times
        ordered_at,
        ordered_date_local,
        cast({{ dbt.date_trunc('month', 'ordered_date_local') }} as date)
            as order_month_start_date,
        shipped_date_local,
        last_updated_at

    from shipped

)

select * from final
