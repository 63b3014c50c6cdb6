-- One row is one order line of the chunk, with the money of its listing.
create or replace temp table lines as
with

numbered as (

    select
        orders.*,
        cast(unnest(range(orders.line_count)) as integer) as line_no
    from orders

),

keyed as (

    select
        *,
        order_key + cast(line_no as ubigint) as line_key
    from numbered
    where order_key + cast(line_no as ubigint) < getvariable('order_lines')

),

categorised as (

    select
        keyed.*,
        categories.category_id,
        categories.first_product
        + cast(
            floor(
                u(keyed.line_key, 'product')
                * u(keyed.line_key, 'popular')
                * categories.product_count
            ) as integer
        ) as product_id
    from keyed
    inner join month_categories
        on keyed.month_no * 10 + keyed.seller_no = month_categories.month_seller
        and u(keyed.line_key, 'category') >= month_categories.low
        and u(keyed.line_key, 'category') < month_categories.high
    inner join categories on month_categories.category_id = categories.category_id

),

counted as (

    select
        *,
        case
            when is_cancelled then 0
            when u(line_key, 'quantity') < 0.935 then 1
            when u(line_key, 'quantity') < 0.98 then 2
            when u(line_key, 'quantity') < 0.993 then 3
            else 4 + cast(u(line_key, 'bulk') * 2.99 as integer)
        end as quantity,
        u(line_key, 'promotion') < 0.08 as is_promoted,
        channel = 'mfn' and line_no = 0 and u(order_key, 'shipping') < 0.15
            as has_shipping
    from categorised

)

select
    counted.* exclude (has_shipping, is_promoted),
    offers.return_rate,
    offers.is_mis_sized,
    offers.bad_lot_share,
    offers.unit_price,
    offers.unit_tax,
    offers.unit_price - case when scopes.is_tax_included then offers.unit_tax else 0 end
        as unit_principal,
    case when counted.is_promoted then offers.unit_price // 10 else 0 end
        as unit_promotion,
    offers.unit_fee,
    case when counted.has_shipping and counted.quantity > 0
        then offers.unit_fee // 2 + 199
        else 0
    end as shipping,
    lpad(cast((counted.line_key * 7919317 + 31) % 100000000000000 as varchar), 14, '0')
        as order_item_id,
    counted.line_key as origin_key,
    cast(null as ubigint) as resold_unit_key
from counted
inner join offers
    on counted.scope_id = offers.scope_id
    and counted.product_id = offers.product_id
inner join scopes on counted.scope_id = scopes.scope_id;
