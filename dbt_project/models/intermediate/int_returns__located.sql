with

returns as (

    select * from {{ ref('int_returns__unioned') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

placed as (

    -- these reports name no marketplace: the folder they came in, else the order
    select
        returns.*,
        case
            when orders.is_multi_channel then 'unknown'
            else coalesce(
                returns.folder_marketplace_code, orders.marketplace_code, 'unknown'
            )
        end as marketplace_code,
        orders.ordered_date_local,
        orders.currency_code as order_currency_code,
        coalesce(orders.has_order_lines, false) as has_order_lines,
        coalesce(orders.is_multi_channel, false) as is_multi_channel
    from returns
    left join orders
        on
            returns.seller_id = orders.seller_id
            and returns.amazon_order_id = orders.amazon_order_id

),

dated as (

    select
        -- keys
        placed.return_key,
        placed.seller_id,
        placed.marketplace_code,
        placed.channel,
        placed.source_code,
        placed.amazon_order_id,
        placed.sku,
        placed.asin,
        placed.fnsku,
        placed.amazon_rma_id,
        placed.license_plate_number,
        placed.order_item_id,
        placed.tracking_id,
        placed.safe_t_claim_id,

        -- attributes
        placed.product_name,
        placed.category_name,
        placed.stated_reason_code,
        placed.disposition_code,
        placed.stated_status_name,
        placed.stated_resolution_name,
        placed.stated_label_payer_name,
        placed.return_carrier_name,
        placed.fulfillment_center_code,
        placed.stated_claim_status_name,
        placed.safe_t_action_code,
        placed.comment_text,

        -- measures
        placed.returned_quantity,
        placed.label_cost_amount,
        placed.claim_amount,
        placed.order_amount,
        placed.refunded_amount,
        placed.item_refunded_amount,
        coalesce(
            placed.currency_code,
            placed.order_currency_code,
            marketplaces.currency_code
        ) as currency_code,

        -- flags
        placed.is_in_policy,
        placed.has_stated_policy,
        placed.is_prime,
        placed.has_a_to_z_claim,
        placed.has_doubled_item,
        placed.has_order_lines,
        placed.is_multi_channel,

        -- times
        coalesce(
            placed.ordered_date,
            placed.ordered_date_local,
            {{ to_local_date('placed.ordered_at', 'marketplaces.time_zone_name') }},
            cast(placed.ordered_at as date)
        ) as ordered_date,
        placed.requested_at,
        placed.requested_precision,
        coalesce(
            placed.requested_date,
            {{ to_local_date('placed.requested_at', 'marketplaces.time_zone_name') }},
            cast(placed.requested_at as date)
        ) as requested_date,
        placed.received_at,
        placed.received_precision,
        coalesce(
            {{ to_local_date('placed.received_at', 'marketplaces.time_zone_name') }},
            placed.received_date
        ) as received_date

    from placed

    left join marketplaces
        on placed.marketplace_code = marketplaces.marketplace_code

)

select * from dated
