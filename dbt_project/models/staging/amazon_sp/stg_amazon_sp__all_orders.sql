with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'amazon_order_id', 'sku', 'asin'
        ]) }} as row_key
    from {{ source('amazon_sp', 'all_orders') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'order_status', 'item_status', 'item_price', 'item_tax',
            'shipping_price', 'item_promotion_discount', 'currency'
        ],
        updated='last_updated_date'
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as order_line_key,
        _seller_id as seller_id,
        amazon_order_id,
        sku,
        asin,
        occurrence_number,
        order_item_id,

        -- attributes
        folder_marketplace_code,
        sales_channel as sales_channel_name,
        fulfillment_channel as fulfillment_channel_name,
        order_status,
        item_status,
        product_name,
        ship_country as ship_country_code,
        currency as currency_code,

        -- measures
        cast(quantity as bigint) as quantity,
        cast(item_price as decimal(18, 2)) as item_amount,
        cast(item_tax as decimal(18, 2)) as item_tax_amount,
        cast(shipping_price as decimal(18, 2)) as shipping_amount,
        cast(item_promotion_discount as decimal(18, 2)) as promotion_discount_amount,

        -- flags
        {{ is_yes('is_business_order') }} as is_business_order,

        -- times
        cast(purchase_date as timestamp) as ordered_at,
        cast(last_updated_date as timestamp) as last_updated_at

    from newest

)

select * from typed
