{# Pairs and what is left on either side, so that every returned and every refunded unit
   stands in exactly one row. #}
with

paired as (

    select * from {{ ref('int_return_refund_matches__paired') }}

),

unrefunded as (

    select * from {{ ref('int_returns__unrefunded') }}

),

unreturned as (

    select * from {{ ref('int_refunds__unreturned') }}

),

unioned as (

    select
        return_key,
        refund_key,
        match_class,
        match_reason,
        cast(matched_quantity as bigint) as matched_quantity,
        cast(refund_offset as bigint) as refund_offset,
        cast(null as date) as settlement_covered_to_date
    from paired

    union all

    select
        return_key,
        cast(null as {{ dbt.type_string() }}) as refund_key,
        'return_without_refund' as match_class,
        match_reason,
        cast(unmatched_quantity as bigint) as matched_quantity,
        cast(null as bigint) as refund_offset,
        settlement_covered_to_date
    from unrefunded

    union all

    select
        cast(null as {{ dbt.type_string() }}) as return_key,
        refund_key,
        'refund_without_return' as match_class,
        match_reason,
        cast(unmatched_quantity as bigint) as matched_quantity,
        cast(refund_offset as bigint) as refund_offset,
        cast(null as date) as settlement_covered_to_date
    from unreturned

)

select
    {{ surrogate_key(['return_key', 'refund_key', 'match_class']) }} as match_key,
    return_key,
    refund_key,
    match_class,
    match_reason,
    matched_quantity,
    refund_offset,
    settlement_covered_to_date
from unioned
