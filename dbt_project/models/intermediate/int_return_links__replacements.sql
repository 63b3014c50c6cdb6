{# Replacements and the units they stand for. A returned unit without refund comes
   first: its buyer got another unit instead of the money. #}
with

units as (

    select * from {{ ref('int_return_links__units') }}

),

replacements as (

    select * from {{ ref('stg_amazon_sp__fba_replacements') }}

),

ordered_skus as (

    select
        seller_id,
        amazon_order_id,
        sku
    from {{ ref('int_order_lines__located') }}
    group by seller_id, amazon_order_id, sku

),

items as (

    select
        unit_key,
        seller_id,
        amazon_order_id,
        sku,
        fnsku,
        is_order_line,
        unit_count,
        unit_date,
        case
            when unit_side = 'return' and not is_refunded then 0
            when unit_side = 'return' then 1
            else 2
        end as priority
    from units

),

records as (

    select
        replacements.replacement_key as unit_key,
        replacements.seller_id,
        replacements.amazon_order_id,
        replacements.sku,
        cast(null as {{ dbt.type_string() }}) as fnsku,
        ordered_skus.sku is not null as is_order_line,
        replacements.replaced_quantity as unit_count,
        replacements.shipped_date as unit_date,
        0 as priority
    from replacements
    left join ordered_skus
        on
            replacements.seller_id = ordered_skus.seller_id
            and replacements.amazon_order_id = ordered_skus.amazon_order_id
            and replacements.sku = ordered_skus.sku

),

links as (

    select *
    from {{ order_links('items', 'records') }} as linked

)

select
    units.unit_key,
    units.return_key,
    units.refund_key,
    'replacement' as linked_type,
    links.record_key as linked_key,
    links.match_class,
    links.match_reason,
    links.matched_quantity
from links
inner join units
    on links.item_key = units.unit_key
