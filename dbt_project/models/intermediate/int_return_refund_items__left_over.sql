{# What the matching by SKU left over and the order alone may still bring together: a
   row without SKU, or a SKU that the other side of the order does not know at all.
   Other left-overs are settled: their SKU was matched as far as it goes. #}
with

items as (

    select * from {{ ref('int_return_refund_items__unioned') }}
    where amazon_order_id is not null

),

matches as (

    select * from {{ ref('int_return_refund_matches__by_sku') }}

),

matched as (

    select
        return_key as item_key,
        sum(matched_quantity) as matched_quantity
    from matches
    group by return_key

    union all

    select
        refund_key as item_key,
        sum(matched_quantity) as matched_quantity
    from matches
    group by refund_key

),

remaining as (

    select
        items.*,
        coalesce(matched.matched_quantity, 0) as offset_quantity,
        items.quantity - coalesce(matched.matched_quantity, 0) as left_quantity,
        count(case when items.side = 'return' then 1 end) over (
            partition by items.seller_id, items.amazon_order_id, items.sku
        ) as sku_return_count,
        count(case when items.side = 'refund' then 1 end) over (
            partition by items.seller_id, items.amazon_order_id, items.sku
        ) as sku_refund_count,
        count(case when items.side = 'refund' and items.sku is null then 1 end) over (
            partition by items.seller_id, items.amazon_order_id
        ) as blank_refund_count
    from items
    left join matched
        on items.item_key = matched.item_key

)

select
    side,
    item_key,
    seller_id,
    amazon_order_id,
    sku,
    order_line_key,
    quantity,
    left_quantity,
    offset_quantity,
    priority,
    item_date,
    requested_date,
    posted_at
from remaining
where
    (left_quantity > 0 or (quantity is null and offset_quantity = 0))
    and (
        sku is null
        or (side = 'refund' and sku_return_count = 0)
        or (side = 'return' and (sku_refund_count = 0 or blank_refund_count > 0))
    )
