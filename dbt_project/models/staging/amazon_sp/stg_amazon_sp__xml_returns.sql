with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'order_id', 'amazon_rma_id', 'merchant_sku', 'asin',
            'return_request_date'
        ]) }} as row_key
    from {{ source('amazon_sp', 'xml_returns') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'return_request_status', 'label_cost', 'tracking_id', 'resolution',
            'refund_amount'
        ]
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(["'xml'", 'row_key', 'occurrence_number']) }} as return_key,
        _seller_id as seller_id,
        order_id as amazon_order_id,
        merchant_sku as sku,
        asin,
        amazon_rma_id,
        occurrence_number,
        tracking_id,

        -- attributes
        folder_marketplace_code,
        return_reason_code as stated_reason_code,
        return_request_status as stated_status_name,
        resolution as stated_resolution_name,
        label_to_be_paid_by as stated_label_payer_name,
        item_name as product_name,
        category as category_name,
        currency_code,

        -- measures
        cast(return_quantity as bigint) as returned_quantity,
        cast(order_quantity as bigint) as order_quantity,
        cast(label_cost as decimal(18, 2)) as label_cost_amount,
        cast(order_amount as decimal(18, 2)) as order_amount,
        cast(refund_amount as decimal(18, 2)) as refunded_amount,

        -- flags
        {{ is_yes('in_policy') }} as is_in_policy,
        in_policy is not null as has_stated_policy,
        {{ is_yes('is_prime') }} as is_prime,
        {{ is_yes('a_to_z_claim') }} as has_a_to_z_claim,

        -- times: UTC
        {{ instant_columns('order_date', 'ordered') }},
        {{ instant_columns('return_request_date', 'requested') }},
        cast(_as_of as timestamp) as delivery_as_of_at

    from newest

)

select * from typed
