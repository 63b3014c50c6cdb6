with

deliveries as (

    select
        *,
        -- the RMA is blank where nothing comes back: the day of the request keeps
        -- two such requests of one order apart
        {{ surrogate_key([
            '_seller_id', 'order_id', 'amazon_rma_id', 'merchant_sku', 'asin',
            'return_request_date'
        ]) }} as row_key
    from {{ source('amazon_sp', 'mfn_returns') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'return_request_status', 'label_cost', 'tracking_id',
            'return_delivery_date', 'refunded_amount', 'safet_claim_id',
            'safet_action_reason', 'safet_claim_reimbursement_amount'
        ]
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(["'mfn'", 'row_key', 'occurrence_number']) }} as return_key,
        _seller_id as seller_id,
        order_id as amazon_order_id,
        merchant_sku as sku,
        asin,
        amazon_rma_id,
        merchant_rma_id,
        order_item_id,
        occurrence_number,
        tracking_id,
        safet_claim_id as safe_t_claim_id,

        -- attributes
        folder_marketplace_code,
        return_reason as stated_reason_code,
        return_request_status as stated_status_name,
        resolution as stated_resolution_name,
        label_to_be_paid_by as stated_label_payer_name,
        return_carrier as return_carrier_name,
        safet_claim_state as stated_claim_status_name,
        safet_action_reason as safe_t_action_code,
        item_name as product_name,
        category as category_name,
        currency_code,

        -- measures
        cast(return_quantity as bigint) as returned_quantity,
        cast(label_cost as decimal(18, 2)) as label_cost_amount,
        cast(safet_claim_reimbursement_amount as decimal(18, 2)) as claim_amount,
        cast(order_amount as decimal(18, 2)) as order_amount,
        cast(refunded_amount as decimal(18, 2)) as refunded_amount,

        -- flags
        {{ is_yes('in_policy') }} as is_in_policy,
        in_policy is not null as has_stated_policy,
        {{ is_yes('is_prime') }} as is_prime,
        {{ is_yes('a_to_z_claim') }} as has_a_to_z_claim,

        -- times: days of the marketplace
        cast(order_date as date) as ordered_date,
        cast(return_request_date as date) as requested_date,
        cast(return_delivery_date as date) as received_date,
        cast(substring(safet_claim_creation_time, 1, 10) as date) as claimed_date,
        cast(_as_of as timestamp) as delivery_as_of_at

    from newest

)

select * from typed
