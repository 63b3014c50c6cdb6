{# V1 has a pair of columns for each kind of amount and may fill several in one row: one
   row here for each amount, as V2 has it. The last kind keeps rows that state a
   quantity and no amount. A view: the classified lines are the copy that is kept. #}
{{ config(materialized='view') }}

with

settlements_v1 as (

    select * from {{ ref('stg_amazon_sp__settlements_v1') }}

),

amount_kinds as (

    select 'price' as amount_kind
    union all
    select 'item_related_fee' as amount_kind
    union all
    select 'shipment_fee' as amount_kind
    union all
    select 'order_fee' as amount_kind
    union all
    select 'misc_fee' as amount_kind
    union all
    select 'other_fee' as amount_kind
    union all
    select 'promotion' as amount_kind
    union all
    select 'direct_payment' as amount_kind
    union all
    select 'other' as amount_kind
    union all
    select 'quantity_only' as amount_kind

),

lengthened as (

    select
        settlements_v1.seller_id,
        settlements_v1.settlement_id,
        settlements_v1.file_key,
        settlements_v1.line_number,
        settlements_v1.transaction_type,
        settlements_v1.amazon_order_id,
        settlements_v1.adjustment_id,
        settlements_v1.order_item_code,
        settlements_v1.merchant_adjustment_item_id,
        settlements_v1.sku,
        settlements_v1.marketplace_name,
        settlements_v1.folder_marketplace_code,
        settlements_v1.fulfillment_id,
        settlements_v1.currency_code,
        settlements_v1.stated_quantity,
        settlements_v1.posted_at,
        settlements_v1.posted_precision,
        amount_kinds.amount_kind,
        case amount_kinds.amount_kind
            when 'price' then settlements_v1.price_type
            when 'item_related_fee' then settlements_v1.item_related_fee_type
            when 'shipment_fee' then settlements_v1.shipment_fee_type
            when 'order_fee' then settlements_v1.order_fee_type
            when 'other_fee' then settlements_v1.other_fee_reason_description
            when 'promotion' then settlements_v1.promotion_type
            when 'direct_payment' then settlements_v1.direct_payment_type
        end as amount_description,
        case amount_kinds.amount_kind
            when 'price' then settlements_v1.price_amount
            when 'item_related_fee' then settlements_v1.item_related_fee_amount
            when 'shipment_fee' then settlements_v1.shipment_fee_amount
            when 'order_fee' then settlements_v1.order_fee_amount
            when 'misc_fee' then settlements_v1.misc_fee_amount
            when 'other_fee' then settlements_v1.other_fee_amount
            when 'promotion' then settlements_v1.promotion_amount
            when 'direct_payment' then settlements_v1.direct_payment_amount
            when 'other' then settlements_v1.other_amount
        end as amount,
        coalesce(
            settlements_v1.price_amount, settlements_v1.item_related_fee_amount,
            settlements_v1.shipment_fee_amount, settlements_v1.order_fee_amount,
            settlements_v1.misc_fee_amount, settlements_v1.other_fee_amount,
            settlements_v1.promotion_amount, settlements_v1.direct_payment_amount,
            settlements_v1.other_amount
        ) as any_amount
    from settlements_v1
    cross join amount_kinds

)

select *
from lengthened
where
    amount is not null
    or (
        amount_kind = 'quantity_only'
        and any_amount is null
        and stated_quantity is not null
    )
