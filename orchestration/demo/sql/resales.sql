-- Units that Amazon grades and sells again, each an order line of its own under a SKU
-- that names the first one. They join the order lines of the chunk.
create or replace temp table resales as
select
    units.unit_key,
    units.unit_key + (cast(1 as ubigint) << 48) as line_key,
    units.product_id + if(units.grade = 'good', 2000, 1000) as product_id,
    units.resold_at,
    offers.sku,
    cast(
        scopes.prefixes[
            1 + cast(
                floor(u(units.unit_key, 'resale id') * len(scopes.prefixes)) as integer
            )
        ] as varchar
    ) || '-' || digits(units.unit_key, 'resale order', 7)
    || '-' || digits(units.unit_key, 'resale order too', 7) as amazon_order_id
from units
inner join scopes on units.scope_id = scopes.scope_id
inner join offers
    on units.scope_id = offers.scope_id
    and units.product_id + if(units.grade = 'good', 2000, 1000) = offers.product_id
where units.resold_at <= getvariable('horizon');

insert into lines by name
select
    lines.* replace (
        resales.line_key as line_key,
        resales.line_key as order_key,
        resales.product_id as product_id,
        resales.amazon_order_id as amazon_order_id,
        resales.resold_at as purchase_at,
        later(resales.resold_at, 0.9) as shipped_at,
        later(resales.resold_at, 1.4) as settled_at,
        later(resales.resold_at, 4.5) as delivered_at,
        cast(resales.resold_at as date) as day,
        cast(null as timestamp) as cancelled_at,
        1 as line_count,
        0 as line_no,
        1 as quantity,
        false as is_multi_channel,
        false as is_business,
        false as is_cancelled,
        false as is_shipped_late,
        0 as unit_promotion,
        0 as shipping,
        offers.unit_price as unit_price,
        offers.unit_tax as unit_tax,
        offers.unit_price - if(scopes.is_tax_included, offers.unit_tax, 0)
            as unit_principal,
        units.line_key as origin_key,
        units.unit_key as resold_unit_key,
        lpad(
            cast((resales.unit_key * 7919317 + 57) % 10000000000000 as varchar), 14, '9'
        ) as order_item_id
    )
from resales
inner join units on resales.unit_key = units.unit_key
inner join lines on units.line_key = lines.line_key
inner join scopes on lines.scope_id = scopes.scope_id
inner join offers
    on lines.scope_id = offers.scope_id
    and resales.product_id = offers.product_id;
