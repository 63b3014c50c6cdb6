{# What three reports say of returns the seller handles, one item a row, with the key
   by which they tell of the same one: RMA and SKU; order, SKU and the marketplace's day
   where an item has no RMA. #}
with

flat_returns as (

    select * from {{ ref('stg_amazon_sp__mfn_returns') }}

),

xml_returns as (

    select * from {{ ref('stg_amazon_sp__xml_returns') }}

),

external_returns as (

    select * from {{ ref('stg_amazon_sp__external_returns') }}
    where is_newest

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

xml_copies as (

    -- an element can stand twice in its request: equal items beyond the units that
    -- were ordered are one
    select
        *,
        count(*) over (
            partition by
                seller_id, amazon_order_id, amazon_rma_id, sku, asin, requested_at,
                requested_date, returned_quantity, stated_reason_code
        ) as copy_count,
        row_number() over (
            partition by
                seller_id, amazon_order_id, amazon_rma_id, sku, asin, requested_at,
                requested_date, returned_quantity, stated_reason_code
            order by occurrence_number nulls last
        ) as copy_number
    from xml_returns

),

items as (

    select
        1 as source_number,
        'mfn_returns' as source_code,
        return_key as item_key,
        seller_id,
        amazon_order_id,
        sku,
        amazon_rma_id as rma_id,
        folder_marketplace_code,
        returned_quantity,
        cast(null as timestamp) as requested_at,
        requested_date,
        false as is_folded,
        false as has_doubled_item
    from flat_returns

    union all

    select
        2 as source_number,
        'xml_returns' as source_code,
        return_key as item_key,
        seller_id,
        amazon_order_id,
        sku,
        amazon_rma_id as rma_id,
        folder_marketplace_code,
        returned_quantity,
        requested_at,
        requested_date,
        copy_number > 1
        and coalesce(copy_number * returned_quantity > order_quantity, false)
            as is_folded,
        copy_number = 1
        and copy_count > 1
        and coalesce(copy_count * returned_quantity > order_quantity, false)
            as has_doubled_item
    from xml_copies

    union all

    select
        3 as source_number,
        'external_returns' as source_code,
        return_key as item_key,
        seller_id,
        amazon_order_id,
        sku,
        rma_id,
        folder_marketplace_code,
        returned_quantity,
        created_at as requested_at,
        created_date as requested_date,
        false as is_folded,
        false as has_doubled_item
    from external_returns

),

grouped as (

    select
        items.*,
        {{ surrogate_key([
            'items.seller_id',
            'items.sku',
            'items.rma_id',
            'case when items.rma_id is null then items.amazon_order_id end',
            "case when items.rma_id is null then coalesce("
            ~ to_local_date('items.requested_at', 'marketplaces.time_zone_name')
            ~ ", items.requested_date) end"
        ]) }} as match_key
    from items
    left join orders
        on
            items.seller_id = orders.seller_id
            and items.amazon_order_id = orders.amazon_order_id
    left join marketplaces
        on
            coalesce(items.folder_marketplace_code, orders.marketplace_code)
            = marketplaces.marketplace_code

)

select * from grouped
