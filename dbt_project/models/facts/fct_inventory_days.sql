{# Movements in Amazon's warehouses and stock counted in the seller's own, by day. The
   same SKU is in several places and states; nothing is added over them here. A movement
   of a kind no seed knows is in `other_quantity`, so the kinds always add up. #}
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

    select
        *,
        {{ bare_word('stated_event_name') }} as event_word
    from {{ ref('stg_amazon_sp__inventory_ledger') }}

),

kinds as (

    select * from {{ ref('ledger_movements') }}

),

stock as (

    select * from {{ ref('stg_operations__stock') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

unioned as (

    select
        movements.seller_id,
        'amazon' as place_type,
        movements.country_code as place_code,
        marketplaces.marketplace_code as country_marketplace_code,
        movements.folder_marketplace_code,
        movements.sku,
        movements.fnsku,
        movements.disposition_code,
        movements.event_date as inventory_date,
        coalesce(
            adjustments.movement_type, events.movement_type, 'other'
        ) as movement_type,
        movements.moved_quantity,
        movements.unreconciled_quantity,
        1 as movement_count,
        cast(null as bigint) as on_hand_quantity,
        cast(null as bigint) as unprocessed_quantity
    from movements
    left join kinds as adjustments
        on
            movements.event_word = adjustments.event_word
            and movements.stated_reason_code = adjustments.adjustment_reason_code
            and movements.event_date
            between adjustments.valid_from and adjustments.valid_to
    left join kinds as events
        on
            events.adjustment_reason_code = 'any'
            and movements.event_word = events.event_word
            and movements.event_date between events.valid_from and events.valid_to
    left join marketplaces
        on movements.country_code = marketplaces.country_code

    union all

    select
        seller_id,
        'own' as place_type,
        warehouse_id as place_code,
        cast(null as {{ dbt.type_string() }}) as country_marketplace_code,
        folder_marketplace_code,
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
        coalesce(
            max(country_marketplace_code), max(folder_marketplace_code), 'unknown'
        ) as marketplace_code,
        place_type,
        place_code,
        sku,
        fnsku,
        disposition_code,

        -- measures: signed as the stock sees them
        {% for kind, column in kinds.items() -%}
            cast(sum(
                case when movement_type = '{{ kind }}' then moved_quantity else 0 end
            ) as bigint) as {{ column }},
        {% endfor -%}
        cast(coalesce(sum(moved_quantity), 0) as bigint) as net_quantity,
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
