{# Which returns a note of the warehouse can be about: those of its RMA and SKU, else of
   its plate, else of its order and SKU. A SKU that the return does not have is taken
   for another spelling only where one single return can be meant. A note without SKU
   and plate is about the whole parcel. #}
with

numbered as (

    {% for column in ['amazon_rma_id', 'merchant_rma_id'] %}
        select
            *,
            {{ column }} as rma_id
        from {{ ref('int_returns__identified') }}
        {{ 'union distinct' if not loop.last }}
    {% endfor %}

),

rma_items as (

    select
        seller_id,
        rma_id,
        sku,
        min(identity_key) as identity_key
    from numbered
    group by seller_id, rma_id, sku

),

plates as (

    select
        seller_id,
        license_plate_number,
        min(identity_key) as identity_key
    from {{ ref('int_returns__identified') }}
    group by seller_id, license_plate_number

),

rmas as (

    select
        seller_id,
        rma_id,
        min(rma_key) as rma_key,
        -- none where the RMA has several items
        case when count(*) = 1 then min(identity_key) end as identity_key
    from numbered
    group by seller_id, rma_id

),

items as (

    select
        seller_id,
        amazon_order_id,
        sku,
        min(item_key) as item_key,
        min(amazon_rma_id) as amazon_rma_id
    from {{ ref('int_returns__identified') }}
    group by seller_id, amazon_order_id, sku

),

orders as (

    select
        seller_id,
        amazon_order_id,
        min(order_key) as order_key,
        case when count(*) = 1 then min(item_key) end as item_key
    from {{ ref('int_returns__identified') }}
    group by seller_id, amazon_order_id

),

named as (

    select
        records.*,
        coalesce(
            rma_items.identity_key,
            plates.identity_key,
            case when records.sku is not null then rmas.identity_key end
        ) as identity_key,
        case
            when records.sku is not null
                then coalesce(items.item_key, orders.item_key)
        end as item_key,
        case
            when records.sku is null then coalesce(rmas.rma_key, orders.order_key)
        end as parcel_key,
        case
            when rma_items.identity_key is not null then 'rma_and_sku'
            when plates.identity_key is not null then 'license_plate'
            when records.sku is null and rmas.rma_key is not null then 'rma'
            when records.sku is null then 'order'
            when rmas.identity_key is not null then 'sku_differs'
            when items.item_key is null then 'sku_differs'
            when records.rma_id != items.amazon_rma_id then 'rma_differs'
            else 'order_and_sku'
        end as match_reason
    from {{ ref('int_warehouse_records__unioned') }} as records
    left join rma_items
        on
            records.seller_id = rma_items.seller_id
            and records.rma_id = rma_items.rma_id
            and records.sku = rma_items.sku
    left join plates
        on
            records.seller_id = plates.seller_id
            and records.license_plate_number = plates.license_plate_number
    left join rmas
        on records.seller_id = rmas.seller_id and records.rma_id = rmas.rma_id
    left join items
        on
            records.seller_id = items.seller_id
            and records.amazon_order_id = items.amazon_order_id
            and records.sku = items.sku
    left join orders
        on
            records.seller_id = orders.seller_id
            and records.amazon_order_id = orders.amazon_order_id

)

select
    record_key,
    seller_id,
    record_type,
    lane_code,
    coalesce(identity_key, item_key, parcel_key) as group_key,
    case
        when identity_key is not null then 'identity'
        when item_key is not null then 'item'
        else 'parcel'
    end as group_type,
    match_reason,
    record_quantity,
    is_newest_kept,
    record_date,
    recorded_at
from named
where coalesce(identity_key, item_key, parcel_key) is not null
