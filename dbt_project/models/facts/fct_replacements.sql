with

replacements as (

    select * from {{ ref('stg_amazon_sp__fba_replacements') }}

),

reasons as (

    select * from {{ ref('replacement_reasons') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

placed as (

    select
        replacements.*,
        reasons.replacement_reason_name,
        coalesce(orders.is_multi_channel, false) as is_multi_channel,
        case
            when orders.is_multi_channel then 'unknown'
            else coalesce(
                nullif(orders.marketplace_code, 'unknown'),
                replacements.folder_marketplace_code,
                'unknown'
            )
        end as marketplace_code
    from replacements
    left join reasons
        on
            replacements.stated_reason_code = reasons.replacement_reason_code
            and replacements.shipped_date
            between reasons.valid_from and reasons.valid_to
    left join orders
        on
            replacements.seller_id = orders.seller_id
            and replacements.amazon_order_id = orders.amazon_order_id

),

dated as (

    select
        -- keys
        placed.replacement_key,
        placed.seller_id,
        placed.marketplace_code,
        placed.amazon_order_id,
        placed.replacement_amazon_order_id,
        placed.sku,
        placed.asin,

        -- attributes
        placed.stated_reason_code as replacement_reason_code,
        placed.replacement_reason_name,
        placed.fulfillment_center_code,
        placed.original_fulfillment_center_code,
        placed.shipped_precision,

        -- measures
        placed.replaced_quantity,

        -- flags
        placed.replaced_quantity > 0 and not placed.is_multi_channel as is_counted,
        case
            when placed.is_multi_channel then 'multi_channel'
            when placed.replaced_quantity <= 0 then 'zero_quantity'
        end as not_counted_reason,

        -- times
        placed.shipped_at,
        coalesce(
            {{ to_local_date('placed.shipped_at', 'marketplaces.time_zone_name') }},
            placed.shipped_date
        ) as shipped_date_local

    from placed

    left join marketplaces
        on placed.marketplace_code = marketplaces.marketplace_code

)

select * from dated
