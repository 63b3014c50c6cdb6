{# What one unit of an order's SKU cost by the order's own settlement lines: known even
   where no order report is landed. Several prices leave it open. #}
with

settlement_lines as (

    select * from {{ ref('int_settlement_lines__classified') }}

),

settled_items as (

    select
        seller_id,
        amazon_order_id,
        sku,
        currency_code,
        sum(case when component = 'principal' then amount end) as principal_amount,
        -- V1 states the quantity in a row of its own, V2 beside the principal
        coalesce(
            sum(case when component = 'principal' then stated_quantity end),
            sum(case when component is null then stated_quantity end)
        ) as settled_quantity
    from settlement_lines
    where lower(transaction_type) = 'order' and sku is not null
    group by seller_id, amazon_order_id, sku, currency_code

),

settled_prices as (

    select
        *,
        round(
            cast(principal_amount as double) / nullif(settled_quantity, 0), 4
        ) as unit_price
    from settled_items
    where principal_amount > 0

)

select
    seller_id,
    amazon_order_id,
    sku,
    sum(settled_quantity) as settled_quantity,
    case
        when min(unit_price) = max(unit_price) then min(unit_price)
    end as settled_unit_price
from settled_prices
group by seller_id, amazon_order_id, sku
