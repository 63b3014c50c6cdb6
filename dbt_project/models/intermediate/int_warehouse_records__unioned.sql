{# What the warehouse notes about returned units, in one shape for the matching. A unit
   is inspected once and passes each kind of step once: units are used up per lane. #}
{{ config(materialized='view') }}

with

inspections as (

    select * from {{ ref('int_inspections__worded') }}

),

events as (

    select * from {{ ref('stg_operations__return_events') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

records as (

    select
        inspection_key as record_key,
        seller_id,
        'inspection' as record_type,
        'inspection' as lane_code,
        rma_id,
        amazon_order_id,
        sku,
        license_plate_number,
        inspected_quantity as record_quantity,
        -- of more inspections than units the newest are the ones that count
        true as is_newest_kept,
        record_date,
        coalesce(inspected_at, received_at, updated_at) as recorded_at,
        received_at,
        received_date
    from inspections

    union all

    select
        warehouse_event_key as record_key,
        seller_id,
        'warehouse_event' as record_type,
        event_type as lane_code,
        rma_id,
        amazon_order_id,
        sku,
        license_plate_number,
        event_quantity as record_quantity,
        -- of more scans than units the first ones are the step
        false as is_newest_kept,
        event_date as record_date,
        event_at as recorded_at,
        case when event_type = 'received' then event_at end as received_at,
        case when event_type = 'received' then event_date end as received_date
    from events

)

select
    records.record_key,
    records.seller_id,
    records.record_type,
    records.lane_code,
    records.rma_id,
    records.amazon_order_id,
    records.sku,
    records.license_plate_number,
    records.record_quantity,
    records.is_newest_kept,
    records.record_date,
    records.recorded_at,
    -- the marketplace's day, as the return report has it
    coalesce(
        {{ to_local_date('records.received_at', 'marketplaces.time_zone_name') }},
        records.received_date
    ) as received_date_local

from records

left join orders
    on
        records.seller_id = orders.seller_id
        and records.amazon_order_id = orders.amazon_order_id

left join marketplaces
    on orders.marketplace_code = marketplaces.marketplace_code
