{# What other records may belong to: returned units, and refunded ones that never came
   back. A withdrawn request has no unit; a return of another sales channel has one,
   though it does not count in rates. #}
with

returns as (

    select * from {{ ref('int_returns__classified') }}
    where
        returned_quantity > 0
        and coalesce(not_counted_reason, 'counted') != 'request_cancelled'

),

refunds as (

    select * from {{ ref('int_refunds__located') }}

),

unreturned as (

    select * from {{ ref('int_refunds__unreturned') }}
    where unmatched_quantity > 0

),

refunded as (

    select return_key
    from {{ ref('int_return_refund_matches__paired') }}
    group by return_key

),

dispositions as (

    select * from {{ ref('dispositions') }}

),

units as (

    select
        'return' as unit_side,
        returns.return_key as unit_key,
        returns.return_key,
        cast(null as {{ dbt.type_string() }}) as refund_key,
        returns.seller_id,
        returns.marketplace_code,
        returns.channel,
        returns.amazon_order_id,
        returns.sku,
        returns.fnsku,
        returns.asin,
        returns.license_plate_number,
        returns.amazon_rma_id,
        returns.order_line_key is not null as is_order_line,
        returns.disposition_code,
        returns.return_status,
        dispositions.is_sellable,
        dispositions.fault_party as disposition_fault_party,
        refunded.return_key is not null as is_refunded,
        returns.returned_quantity as unit_count,
        coalesce(returns.received_date, returns.requested_date) as unit_date,
        returns.received_at,
        returns.received_date
    from returns
    left join refunded
        on returns.return_key = refunded.return_key
    left join dispositions
        on
            returns.disposition_code = dispositions.disposition_code
            and returns.received_date
            between dispositions.valid_from and dispositions.valid_to

    union all

    select
        'refund' as unit_side,
        refunds.refund_key as unit_key,
        cast(null as {{ dbt.type_string() }}) as return_key,
        refunds.refund_key,
        refunds.seller_id,
        refunds.marketplace_code,
        refunds.channel,
        refunds.amazon_order_id,
        refunds.sku,
        cast(null as {{ dbt.type_string() }}) as fnsku,
        cast(null as {{ dbt.type_string() }}) as asin,
        cast(null as {{ dbt.type_string() }}) as license_plate_number,
        cast(null as {{ dbt.type_string() }}) as amazon_rma_id,
        refunds.order_line_key is not null as is_order_line,
        cast(null as {{ dbt.type_string() }}) as disposition_code,
        cast(null as {{ dbt.type_string() }}) as return_status,
        cast(null as boolean) as is_sellable,
        cast(null as {{ dbt.type_string() }}) as disposition_fault_party,
        true as is_refunded,
        cast(unreturned.unmatched_quantity as bigint) as unit_count,
        refunds.posted_date_local as unit_date,
        cast(null as timestamp) as received_at,
        cast(null as date) as received_date
    from refunds
    inner join unreturned
        on refunds.refund_key = unreturned.refund_key

)

select * from units
