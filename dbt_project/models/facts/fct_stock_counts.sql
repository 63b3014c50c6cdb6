{# The last count of each SKU in a month, over the seller's own warehouses of one
   marketplace. A count mostly names no marketplace: a warehouse serves the one whose
   returns alone it inspects. What serves several is left out. #}
with

counts as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'inventory_date') }} as date)
            as month_start_date,
        row_number() over (
            partition by
                seller_id, place_code, sku, disposition_code,
                {{ dbt.date_trunc('month', 'inventory_date') }}
            order by inventory_date desc nulls last, inventory_day_key asc nulls last
        ) as newest_number
    from {{ ref('fct_inventory_days') }}
    where place_type = 'own' and on_hand_quantity is not null

),

warehouses as (

    select
        seller_id,
        warehouse_id,
        max(marketplace_code) as marketplace_code
    from {{ ref('fct_inspections') }}
    where marketplace_code != 'unknown' and warehouse_id is not null
    group by seller_id, warehouse_id
    having min(marketplace_code) = max(marketplace_code)

),

placed as (

    select
        counts.*,
        coalesce(
            nullif(counts.marketplace_code, 'unknown'), warehouses.marketplace_code
        ) as served_marketplace_code
    from counts
    left join warehouses
        on
            counts.seller_id = warehouses.seller_id
            and counts.place_code = warehouses.warehouse_id
    where counts.newest_number = 1

)

select
    -- keys
    seller_id,
    served_marketplace_code as marketplace_code,
    sku,
    month_start_date,

    -- measures
    cast(sum(on_hand_quantity) as bigint) as on_hand_quantity,
    cast(sum(unprocessed_quantity) as bigint) as unprocessed_quantity,

    -- times
    max(inventory_date) as counted_date
from placed
where served_marketplace_code is not null
group by seller_id, served_marketplace_code, sku, month_start_date
