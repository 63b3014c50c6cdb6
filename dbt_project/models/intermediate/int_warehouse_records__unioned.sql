{# What the warehouse notes about returned units, in one shape for the matching. A unit
   is inspected once and passes each kind of step once: units are used up per lane. #}
{{ config(materialized='view') }}

with

inspections as (

    select * from {{ ref('int_inspections__worded') }}

),

events as (

    select * from {{ ref('stg_operations__return_events') }}

)

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
    coalesce(inspected_at, received_at, updated_at) as recorded_at
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
    event_at as recorded_at
from events
