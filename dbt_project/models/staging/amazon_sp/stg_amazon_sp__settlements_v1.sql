with

source as (

    select * from {{ source('amazon_sp', 'settlements_v1') }}

),

typed as (

    select
        -- keys
        _file_key as file_key,
        _line_number as line_number,
        _seller_id as seller_id,
        settlement_id,
        order_id as amazon_order_id,
        adjustment_id,
        order_item_code,
        merchant_adjustment_item_id,
        sku,

        -- attributes
        _marketplace_code as folder_marketplace_code,
        marketplace_name,
        fulfillment_id,
        currency as currency_code,
        transaction_type,
        price_type,
        item_related_fee_type,
        shipment_fee_type,
        order_fee_type,
        other_fee_reason_description,
        promotion_type,
        direct_payment_type,
        case
            when length(coalesce(posted_date_time, posted_date)) > 10 then 'second'
            when coalesce(posted_date_time, posted_date) is not null then 'day'
        end as posted_precision,

        -- measures
        cast(total_amount as decimal(18, 2)) as stated_total_amount,
        cast(price_amount as decimal(18, 2)) as price_amount,
        cast(item_related_fee_amount as decimal(18, 2)) as item_related_fee_amount,
        cast(shipment_fee_amount as decimal(18, 2)) as shipment_fee_amount,
        cast(order_fee_amount as decimal(18, 2)) as order_fee_amount,
        cast(misc_fee_amount as decimal(18, 2)) as misc_fee_amount,
        cast(other_fee_amount as decimal(18, 2)) as other_fee_amount,
        cast(promotion_amount as decimal(18, 2)) as promotion_amount,
        cast(direct_payment_amount as decimal(18, 2)) as direct_payment_amount,
        cast(other_amount as decimal(18, 2)) as other_amount,
        cast(quantity_purchased as bigint) as stated_quantity,

        -- times
        cast(settlement_start_date as timestamp) as period_start_at,
        cast(settlement_end_date as timestamp) as period_end_at,
        cast(deposit_date as timestamp) as deposited_at,
        cast(coalesce(posted_date_time, posted_date) as timestamp) as posted_at

    from source

)

select * from typed
