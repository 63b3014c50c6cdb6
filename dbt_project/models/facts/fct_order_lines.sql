with

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

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
        last_updated_at

    from order_lines

)

select * from final
