-- One row is one unit that a buyer sent back or was to send back, or got money for
-- without a return, or that Amazon's warehouse damaged (kind `stock`).
create or replace temp table unit_starts as
with

paid as (

    select case_key, min(posted_at) as refunded_at
    from refunds
    where case_key is not null
    group by case_key

),

merchant as (

    select
        'returned' as unit_kind,
        merchant_cases.case_key * 8
        + cast(unnest(range(merchant_cases.case_quantity)) as ubigint) as unit_key,
        merchant_cases.case_key * 8 as return_key,
        merchant_cases.* exclude (refunded_at),
        inspections.received_at,
        inspections.fate as decided_fate,
        inspections.fate_at as decided_fate_at,
        inspections.grade
    from merchant_cases
    left join inspections on merchant_cases.case_key = inspections.case_key

),

warehouse as (

    select
        'returned' as unit_kind,
        case_key * 8 + cast(unnest(range(case_quantity)) as ubigint) as unit_key,
        unit_key as return_key,
        warehouse_cases.* exclude (refunded_at)
    from warehouse_cases

),

-- Damage in a warehouse has nothing to do with buyers: the line only says when.
other as (

    select
        'refunded' as unit_kind,
        line_key * 16 + cast(unnest(range(quantity)) as ubigint) as unit_key,
        refunds.* exclude (refund_key),
        posted_at as requested_at,
        posted_at as refunded_at
    from refunds
    where case_key is null
    union all by name
    select
        'stock' as unit_kind,
        line_key * 16 + 7 as unit_key,
        lines.*,
        purchase_at as requested_at,
        purchase_at as received_at
    from lines
    where channel = 'fba' and quantity > 0 and u(line_key, 'stock damage') < 0.012

),

every as (

    select merchant.*, paid.refunded_at
    from merchant
    left join paid on merchant.case_key = paid.case_key
    union all by name
    select warehouse.*, paid.refunded_at
    from warehouse
    left join paid on warehouse.case_key = paid.case_key
    union all by name
    select * from other

)

-- What one buyer gets for one case is decided for all its units at once.
select
    unit_kind,
    unit_key,
    return_key,
    case_key,
    case
        when case_key is not null then case_key * 8
        when unit_kind = 'refunded' then line_key * 16
        else unit_key
    end as fate_key,
    coalesce(parcel_key * 8, unit_key * 8 + 1) as payment_key,
    line_key,
    order_key,
    scope_id,
    account,
    zone_no,
    channel,
    product_id,
    amazon_order_id,
    unit_principal,
    cause,
    kind as refund_kind,
    requested_at,
    refunded_at,
    coalesce(received_at, arrived_at) as received_at,
    redated_at,
    disposition,
    unit_starts.status,
    coalesce(is_dropped, false) as is_dropped,
    coalesce(is_returnless, false) as is_returnless,
    coalesce(is_replaced, resolution like '%Replacement', false) as is_replaced,
    coalesce(has_no_plate, false) as has_no_plate,
    decided_fate,
    decided_fate_at,
    grade
from every as unit_starts;
