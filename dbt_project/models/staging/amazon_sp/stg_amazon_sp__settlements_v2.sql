with

source as (

    select * from {{ source('amazon_sp', 'settlements_v2') }}

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
        amount_type,
        amount_description,
        case
            when length(coalesce(posted_date_time, posted_date)) > 10 then 'second'
            when coalesce(posted_date_time, posted_date) is not null then 'day'
        end as posted_precision,

        -- measures
        cast(total_amount as decimal(18, 2)) as stated_total_amount,
        cast(amount as decimal(18, 2)) as amount,
        cast(quantity_purchased as bigint) as stated_quantity,

        -- times
        cast(settlement_start_date as timestamp) as period_start_at,
        cast(settlement_end_date as timestamp) as period_end_at,
        cast(deposit_date as timestamp) as deposited_at,
        cast(coalesce(posted_date_time, posted_date) as timestamp) as posted_at

    from source

)

select * from typed
