{# A unit is used up once per kind of step, not once over all steps. #}
{{ config(materialized='view') }}

select
    return_key,
    cast(null as {{ dbt.type_string() }}) as refund_key,
    record_type as linked_type,
    record_key as linked_key,
    match_class,
    match_reason,
    matched_quantity
from {{ ref('int_warehouse_records__matched') }}
where record_type = 'warehouse_event' and matched_quantity > 0
