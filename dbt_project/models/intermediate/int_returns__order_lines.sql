{# Which order line a return belongs to. One SKU can stand on several lines of an order,
   so returned units are laid end to end over the ordered ones: each return finds the
   one line its first unit falls on, and none is doubled. A return that does not count
   takes no unit: a request cancelled and made again is one return. #}
with

returns as (

    select * from {{ ref('int_returns__located') }}

),

words as (

    select * from {{ ref('int_returns__worded') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

),

ordered_units as (

    select
        order_line_key,
        seller_id,
        amazon_order_id,
        sku,
        quantity,
        sum(quantity) over (
            partition by seller_id, amazon_order_id, sku
            order by quantity desc nulls last, order_line_key asc nulls last
            rows between unbounded preceding and current row
        ) as next_unit,
        sum(quantity) over (
            partition by seller_id, amazon_order_id, sku
        ) as ordered_quantity,
        row_number() over (
            partition by seller_id, amazon_order_id, sku
            order by quantity desc nulls last, order_line_key asc nulls last
        ) as line_number
    from order_lines

),

spans as (

    -- the last line with units takes what was returned beyond the ordered
    select
        seller_id,
        amazon_order_id,
        sku,
        order_line_key,
        ordered_quantity,
        next_unit - quantity as first_unit,
        case
            when quantity > 0 and next_unit = ordered_quantity then 999999999
            when ordered_quantity = 0 and line_number = 1 then 999999999
            else next_unit
        end as end_unit
    from ordered_units

),

counted as (

    select
        returns.*,
        words.not_counted_reason is null as is_counted,
        case
            when words.not_counted_reason is null then returns.returned_quantity
            else 0
        end as counted_quantity
    from returns
    inner join words
        on returns.return_key = words.return_key

),

returned_units as (

    select
        *,
        sum(counted_quantity) over (
            partition by seller_id, amazon_order_id, sku
            order by
                coalesce(requested_date, received_date) nulls last,
                return_key nulls last
            rows between unbounded preceding and current row
        ) - counted_quantity as first_unit
    from counted

),

line_items as (

    select
        seller_id,
        amazon_order_id,
        order_item_id,
        min(order_line_key) as order_line_key
    from order_lines
    where order_item_id is not null
    group by seller_id, amazon_order_id, order_item_id
    having count(*) = 1

),

matched as (

    select
        returned_units.return_key,
        coalesce(line_items.order_line_key, spans.order_line_key) as order_line_key,
        case
            when line_items.order_line_key is not null then 'order_line'
            when spans.order_line_key is not null then 'order_line'
            when returned_units.has_order_lines then 'order'
            else 'none'
        end as order_match_class,
        coalesce(
            returned_units.is_counted
            and returned_units.first_unit + returned_units.counted_quantity
            > spans.ordered_quantity,
            false
        ) as is_beyond_ordered_units
    from returned_units
    left join spans
        on
            returned_units.seller_id = spans.seller_id
            and returned_units.amazon_order_id = spans.amazon_order_id
            and returned_units.sku = spans.sku
            and returned_units.first_unit >= spans.first_unit
            and returned_units.first_unit < spans.end_unit
    left join line_items
        on
            returned_units.seller_id = line_items.seller_id
            and returned_units.amazon_order_id = line_items.amazon_order_id
            and returned_units.order_item_id = line_items.order_item_id

)

select * from matched
