{# A return is delivered each time it is asked for, in the state it then has: every
   state and time of change seen is kept, and one seen twice is one. Its number is its
   own, so equal ones within a file are the same, too. #}
with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'return_id', 'status', 'last_updated_at'
        ]) }} as row_key
    from {{ source('amazon_sp', 'external_returns') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['delivered_at', 'picked_up_at', 'tracking_id', 'rma_id']
    ) }}
    where occurrence_number = 1

),

numbered as (

    select
        *,
        row_number() over (
            partition by _seller_id, return_id
            order by
                last_updated_at desc nulls last,
                _as_of desc nulls last,
                status desc nulls last
        ) as recency_number
    from newest

),

typed as (

    select
        -- keys
        row_key as return_state_key,
        {{ surrogate_key(["'external'", '_seller_id', 'return_id']) }} as return_key,
        _seller_id as seller_id,
        return_id as external_return_id,
        rma_id,
        customer_order_id as amazon_order_id,
        fulfillment_order_id,
        merchant_sku as sku,
        tracking_id,
        return_location_id,
        marketplace_id,

        -- attributes
        folder_marketplace_code,
        status as stated_status_name,
        return_type as stated_type_name,
        return_sub_type as stated_sub_type_name,
        return_reason as stated_reason_code,
        carrier as carrier_name,
        package_delivery_mode as delivery_mode_name,

        -- measures
        cast(number_of_units as bigint) as returned_quantity,

        -- flags
        recency_number = 1 as is_newest,

        -- times: UTC
        {{ instant_columns('created_at', 'created') }},
        {{ instant_columns('last_updated_at', 'last_updated') }},
        {{ instant_columns('picked_up_at', 'picked_up') }},
        {{ instant_columns('delivered_at', 'delivered') }}

    from numbered

)

select * from typed
