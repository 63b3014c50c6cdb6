{# A superseded inspection links nothing: its units are those of the newer one. #}
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
where record_type = 'inspection' and matched_quantity > 0
