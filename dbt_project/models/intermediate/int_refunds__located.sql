{# Where and when in local days each refund was paid. The marketplace a settlement line
   names wins over the order's: it is where the money was booked. #}
with

refunds as (

    select * from {{ ref('int_refunds__components') }}

),

quantities as (

    select * from {{ ref('int_refunds__quantities') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

placed as (

    select
        refunds.*,
        quantities.order_line_key,
        quantities.refunded_quantity,
        quantities.refunded_quantity_source,
        quantities.not_counted_reason,
        quantities.has_quantity_conflict,
        quantities.is_counted,
        coalesce(
            refunds.marketplace_code, orders.marketplace_code, 'unknown'
        ) as located_marketplace_code,
        case
            when orders.channel != 'unknown' then orders.channel
            when lower(refunds.fulfillment_id) in ('afn', 'fba') then 'fba'
            when lower(refunds.fulfillment_id) = 'mfn' then 'mfn'
            else 'unknown'
        end as channel
    from refunds
    inner join quantities
        on refunds.refund_key = quantities.refund_key
    left join orders
        on
            refunds.seller_id = orders.seller_id
            and refunds.amazon_order_id = orders.amazon_order_id

)

select
    placed.refund_key,
    placed.settlement_key,
    placed.order_line_key,
    placed.seller_id,
    placed.located_marketplace_code as marketplace_code,
    placed.channel,
    placed.amazon_order_id,
    placed.sku,
    placed.settlement_id,
    placed.adjustment_id,
    placed.refund_type,
    placed.refunded_quantity_source,
    placed.not_counted_reason,
    placed.currency_code,
    placed.posted_precision,
    placed.refunded_quantity,
    placed.settlement_line_count,
    placed.unknown_component_count,
    placed.refunded_amount,
    placed.principal_amount,
    placed.tax_amount,
    placed.shipping_amount,
    placed.restocking_fee_amount,
    placed.other_amount,
    placed.promotion_amount,
    placed.fee_amount,
    placed.withheld_tax_amount,
    placed.unknown_amount,
    placed.net_cost_amount,
    placed.has_quantity_conflict,
    placed.is_counted,
    placed.posted_at,
    -- a day is kept as stated, only an instant can fall on another day elsewhere
    coalesce(
        case
            when placed.posted_precision = 'second' then
                {{ to_local_date('placed.posted_at', 'marketplaces.time_zone_name') }}
        end,
        cast(placed.posted_at as date)
    ) as posted_date_local
from placed
left join marketplaces
    on placed.located_marketplace_code = marketplaces.marketplace_code
