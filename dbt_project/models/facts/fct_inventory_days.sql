{# Movements in Amazon's warehouses and stock counted in the seller's own, by day. The
   same SKU is in several places and states; nothing is added over them here. A movement
   of a kind no seed knows is in `other_quantity`, so the kinds always add up. What was
   moved in the seller's own warehouses nobody says: null, not zero. #}
{%- set kinds = {
    'received': 'received_quantity',
    'shipped': 'shipped_quantity',
    'customer_return': 'customer_return_quantity',
    'removed': 'removed_quantity',
    'transferred': 'transferred_quantity',
    'damaged': 'damaged_quantity',
    'disposed': 'disposed_quantity',
    'found': 'found_quantity',
    'misplaced': 'misplaced_quantity',
    'disposition_changed': 'disposition_changed_quantity',
    'adjusted': 'adjusted_quantity',
    'other': 'other_quantity',
} %}

with

movements as (

    select * from {{ ref('int_ledger_events__classified') }}

),

stock as (

    select * from {{ ref('stg_operations__stock') }}

),

unioned as (

    select
        seller_id,
        'amazon' as place_type,
        country_code as place_code,
        marketplace_code,
        sku,
        fnsku,
        disposition_code,
        event_date as inventory_date,
        movement_type,
        moved_quantity,
        unreconciled_quantity,
        1 as movement_count,
        cast(null as bigint) as on_hand_quantity,
        cast(null as bigint) as unprocessed_quantity
    from movements

    union all

    select
        seller_id,
        'own' as place_type,
        warehouse_id as place_code,
        coalesce(folder_marketplace_code, 'unknown') as marketplace_code,
        sku,
        cast(null as {{ dbt.type_string() }}) as fnsku,
        stated_condition_name as disposition_code,
        stock_date as inventory_date,
        cast(null as {{ dbt.type_string() }}) as movement_type,
        cast(null as bigint) as moved_quantity,
        cast(null as bigint) as unreconciled_quantity,
        0 as movement_count,
        on_hand_quantity,
        unprocessed_quantity
    from stock

),

totalled as (

    select
        -- keys
        {{ surrogate_key([
            'seller_id', 'place_type', 'place_code', 'sku', 'fnsku', 'disposition_code',
            'inventory_date'
        ]) }} as inventory_day_key,
        seller_id,
        coalesce(max(nullif(marketplace_code, 'unknown')), 'unknown')
            as marketplace_code,
        place_type,
        place_code,
        sku,
        fnsku,
        disposition_code,

        -- measures: signed as the stock sees them
        {% for kind, column in kinds.items() -%}
            cast(sum(
                case
                    when movement_type = '{{ kind }}' then moved_quantity
                    when place_type = 'amazon' then 0
                end
            ) as bigint) as {{ column }},
        {% endfor -%}
        cast(sum(moved_quantity) as bigint) as net_quantity,
        cast(sum(unreconciled_quantity) as bigint) as unreconciled_quantity,
        cast(sum(movement_count) as bigint) as movement_count,
        cast(sum(on_hand_quantity) as bigint) as on_hand_quantity,
        cast(sum(unprocessed_quantity) as bigint) as unprocessed_quantity,

        -- times
        inventory_date

    from unioned
    group by
        seller_id, place_type, place_code, sku, fnsku, disposition_code, inventory_date

)

select * from totalled
