with

refunds as (

    select * from {{ ref('int_refunds__located') }}

),

selected as (

    select
        -- keys
        refund_key,
        settlement_key,
        order_line_key,
        seller_id,
        marketplace_code,
        channel,
        amazon_order_id,
        sku,
        settlement_id,
        adjustment_id,

        -- attributes
        refund_type,
        refunded_quantity_source,
        not_counted_reason,
        currency_code,
        posted_precision,

        -- measures
        cast(refunded_quantity as bigint) as refunded_quantity,
        refunded_amount,
        principal_amount,
        tax_amount,
        shipping_amount,
        restocking_fee_amount,
        other_amount,
        promotion_amount,
        fee_amount,
        withheld_tax_amount,
        unknown_amount,
        net_cost_amount,
        settlement_line_count,
        unknown_component_count,

        -- flags
        has_quantity_conflict,
        is_counted,

        -- times
        posted_at,
        posted_date_local

    from refunds

)

select * from selected
