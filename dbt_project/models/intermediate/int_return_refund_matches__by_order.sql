{# Left-over units of an order, laid out and overlapped as by SKU. Two different SKUs
   are brought together only where one return and one refund are left and the order
   does not list both as lines of their own. #}
with

items as (

    select
        *,
        count(case when side = 'return' then 1 end) over (
            partition by seller_id, amazon_order_id
        ) as return_count,
        count(case when side = 'refund' then 1 end) over (
            partition by seller_id, amazon_order_id
        ) as refund_count,
        sum(case when side = 'return' then left_quantity end) over (
            partition by seller_id, amazon_order_id
        ) as order_returned_quantity
    from {{ ref('int_return_refund_items__left_over') }}

),

sized as (

    select
        *,
        case
            when left_quantity is not null then left_quantity
            when return_count = 1 and refund_count = 1 then order_returned_quantity
        end as unit_count
    from items

),

laid_out as (

    select
        *,
        sum(unit_count) over (
            partition by seller_id, amazon_order_id, side
            order by
                priority nulls last,
                item_date nulls last,
                requested_date nulls last,
                posted_at nulls last,
                item_key nulls last
            rows between unbounded preceding and current row
        ) as unit_end
    from sized

),

returns as (

    select
        *,
        unit_end - unit_count as unit_start
    from laid_out
    where side = 'return'

),

refunds as (

    select
        *,
        unit_end - unit_count as unit_start
    from laid_out
    where side = 'refund'

)

select
    returns.item_key as return_key,
    refunds.item_key as refund_key,
    'order_only' as match_class,
    case
        when refunds.sku is null then 'refund_without_sku'
        when returns.sku is null then 'return_without_sku'
        else 'sku_differs'
    end as match_reason,
    least(returns.unit_end, refunds.unit_end)
    - greatest(returns.unit_start, refunds.unit_start) as matched_quantity,
    refunds.offset_quantity - refunds.unit_start
    + greatest(returns.unit_start, refunds.unit_start) as refund_offset
from returns
inner join refunds
    on
        returns.seller_id = refunds.seller_id
        and returns.amazon_order_id = refunds.amazon_order_id
        and returns.unit_start < refunds.unit_end
        and returns.unit_end > refunds.unit_start
where
    refunds.sku is null
    or returns.sku is null
    or (
        returns.return_count = 1
        and returns.refund_count = 1
        and (returns.order_line_key is null or refunds.order_line_key is null)
    )
