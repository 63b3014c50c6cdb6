{# Returned and refunded units of one order and SKU, each laid on a line of unit numbers
   in order of time; where the two lines overlap, units match.

   A return and a refund that alone in their group have a quantity are laid first, at
   the same place on both lines. Where that pairs off the whole group nothing else fits: the
   pairs are exact. A refund of unknown quantity is laid only where there is one return
   and one refund, as that return's. #}
with

items as (

    select * from {{ ref('int_return_refund_items__unioned') }}
    where amazon_order_id is not null and sku is not null

),

counted as (

    select
        *,
        count(case when side = 'return' then 1 end) over (
            partition by seller_id, amazon_order_id, sku
        ) as return_count,
        count(case when side = 'refund' then 1 end) over (
            partition by seller_id, amazon_order_id, sku
        ) as refund_count,
        sum(case when side = 'return' then quantity end) over (
            partition by seller_id, amazon_order_id, sku
        ) as group_returned_quantity,
        count(case when side = 'return' and priority = 0 then 1 end) over (
            partition by seller_id, amazon_order_id, sku, quantity
        ) as same_return_count,
        count(case when side = 'refund' and priority = 0 then 1 end) over (
            partition by seller_id, amazon_order_id, sku, quantity
        ) as same_refund_count,
        count(*) over (
            partition by seller_id, amazon_order_id, sku, quantity
        ) as same_quantity_count
    from items

),

sized as (

    select
        *,
        quantity is null as is_quantity_assumed,
        case
            when quantity is not null then quantity
            when return_count = 1 and refund_count = 1 then group_returned_quantity
        end as unit_count,
        coalesce(
            quantity is not null
            and same_return_count = 1
            and same_refund_count = 1
            and same_quantity_count = 2,
            false
        ) as is_only_fit
    from counted

)

select
    side,
    item_key,
    seller_id,
    amazon_order_id,
    sku,
    return_count,
    refund_count,
    is_only_fit,
    count(case when not is_only_fit then 1 end) over (
        partition by seller_id, amazon_order_id, sku
    ) = 0 as is_unambiguous,
    is_quantity_assumed,
    priority,
    unit_count,
    sum(unit_count) over (
        partition by seller_id, amazon_order_id, sku, side
        order by
            case when is_only_fit then 0 else 1 end nulls last,
            case when is_only_fit then unit_count else 0 end nulls last,
            priority nulls last,
            item_date nulls last,
            requested_date nulls last,
            posted_at nulls last,
            item_key nulls last
        rows between unbounded preceding and current row
    ) as unit_end
from sized
