{# Units of the orders placed in a month against the units of those same orders that
   came back, whenever they did: a month's returns over a month's orders would mix two
   crowds. Units returned beyond what an order holds stand apart: the rate is a share. #}
with

orders as (

    -- an order has one marketplace, one channel and one moment of purchase
    select
        seller_id,
        amazon_order_id,
        min(marketplace_code) as marketplace_code,
        min(channel) as channel,
        min(order_month_start_date) as order_month_start_date,
        count(*) as order_lines,
        sum(quantity) as ordered_units
    from {{ ref('fct_order_lines') }}
    where is_counted and order_month_start_date is not null
    group by seller_id, amazon_order_id

),

returned as (

    select
        seller_id,
        amazon_order_id,
        sum(returned_quantity) as returned_units
    from {{ ref('fct_returns') }}
    where is_counted and order_match_class != 'none'
    group by seller_id, amazon_order_id

),

units as (

    select
        orders.seller_id,
        orders.marketplace_code,
        orders.channel,
        orders.order_month_start_date,
        1 as orders_placed,
        orders.order_lines,
        orders.ordered_units,
        least(coalesce(returned.returned_units, 0), orders.ordered_units)
            as returned_units,
        greatest(coalesce(returned.returned_units, 0) - orders.ordered_units, 0)
            as excess_units,
        0 as unmatched_units

    from orders

    left join returned
        on
            orders.seller_id = returned.seller_id
            and orders.amazon_order_id = returned.amazon_order_id

    union all

    -- returns whose order never landed: shown, in no rate; where not even the day of
    -- the order is known, in the month the return began
    select
        seller_id,
        marketplace_code,
        channel,
        cast({{ dbt.date_trunc(
            'month', 'coalesce(ordered_date, requested_date, received_date)'
        ) }} as date) as order_month_start_date,
        null as orders_placed,
        null as order_lines,
        null as ordered_units,
        null as returned_units,
        null as excess_units,
        returned_quantity as unmatched_units
    from {{ ref('fct_returns') }}
    where is_counted and order_match_class = 'none'

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    order_month_start_date,

    -- measures
    cast(sum(orders_placed) as bigint) as order_count,
    cast(sum(order_lines) as bigint) as order_line_count,
    cast(sum(ordered_units) as bigint) as ordered_quantity,
    cast(sum(returned_units) as bigint) as returned_quantity,
    cast(sum(excess_units) as bigint) as excess_returned_quantity,
    cast(sum(unmatched_units) as bigint) as unmatched_returned_quantity
from units
group by seller_id, marketplace_code, channel, order_month_start_date
