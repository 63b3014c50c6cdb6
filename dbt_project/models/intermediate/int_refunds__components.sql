{# The lines of one refund brought together: what the buyer got of each part and what
   Amazon gave back or took. Lines carry Amazon's sign (negative: from the seller), here
   it is turned, so that positive is money the seller is out of. #}
with

lines as (

    select
        *,
        -- without Amazon's number the moment of booking tells two refunds apart
        case
            when adjustment_id is null and merchant_adjustment_item_id is null
                then posted_at
        end as identifying_posted_at
    from {{ ref('int_settlement_lines__classified') }}
    where refund_type not in ('none', 'unknown')

)

select
    -- keys
    {{ surrogate_key([
        'settlement_key', 'refund_type', 'amazon_order_id', 'adjustment_id',
        'merchant_adjustment_item_id', 'order_item_code', 'sku', 'currency_code',
        'identifying_posted_at'
    ]) }} as refund_key,
    settlement_key,
    seller_id,
    settlement_id,
    amazon_order_id,
    adjustment_id,
    merchant_adjustment_item_id,
    order_item_code,
    sku,

    -- attributes
    refund_type,
    case
        when min(marketplace_code) = max(marketplace_code) then min(marketplace_code)
    end as marketplace_code,
    max(fulfillment_id) as fulfillment_id,
    currency_code,
    max(posted_precision) as posted_precision,

    -- measures
    max(abs(stated_quantity)) as stated_quantity,
    count(amount) as settlement_line_count,
    count(case when component = 'unknown' then 1 end) as unknown_component_count,
    {{ refund_component('principal') }} as principal_amount,
    {{ refund_component('tax') }} as tax_amount,
    {{ refund_component('shipping') }} as shipping_amount,
    {{ refund_component('restocking_fee') }} as restocking_fee_amount,
    {{ refund_component('other') }} as other_amount,
    {{ refund_component('promotion') }} as promotion_amount,
    {{ refund_component('fee') }} as fee_amount,
    -- without the commission given back: what the refund itself costs
    cast(
        -coalesce(sum(case when component = 'fee' and amount < 0 then amount end), 0)
        as decimal(18, 2)
    ) as charged_fee_amount,
    {{ refund_component('withheld_tax') }} as withheld_tax_amount,
    {{ refund_component('unknown') }} as unknown_amount,
    cast(
        -coalesce(sum(case when is_paid_to_buyer then amount end), 0)
        as decimal(18, 2)
    ) as refunded_amount,
    cast(-coalesce(sum(amount), 0) as decimal(18, 2)) as net_cost_amount,

    -- times
    min(posted_at) as posted_at

from lines

group by
    settlement_key,
    seller_id,
    settlement_id,
    refund_type,
    amazon_order_id,
    adjustment_id,
    merchant_adjustment_item_id,
    order_item_code,
    sku,
    currency_code,
    identifying_posted_at
