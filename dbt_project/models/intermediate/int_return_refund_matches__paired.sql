{# Both passes together; the order of passes is their own. #}
{{ config(materialized='view') }}

with

by_sku as (

    select * from {{ ref('int_return_refund_matches__by_sku') }}

),

by_order as (

    select * from {{ ref('int_return_refund_matches__by_order') }}

)

select
    return_key,
    refund_key,
    match_class,
    match_reason,
    matched_quantity,
    refund_offset
from by_sku

union all

select
    return_key,
    refund_key,
    match_class,
    match_reason,
    matched_quantity,
    refund_offset
from by_order
