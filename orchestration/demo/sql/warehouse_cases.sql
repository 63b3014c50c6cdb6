-- One row is one case of a line that Amazon fulfils. Units arrive together; the
-- fulfilment centre dates a few of them anew weeks later.
create or replace temp table warehouse_cases as
with

travelled as (

    select
        cases.*,
        dispositions.disposition,
        unit_statuses.status,
        case
            when u(cases.parcel_key, 'arrives') < 0.94
                then later(cases.requested_at, 4 + u(cases.parcel_key, 'way back') * 14)
        end as received_at,
        u(cases.line_key, 'replaced') < 0.02 as is_replaced,
        u(cases.line_key, 'no plate')
        < case when cases.case_quantity > 1 then 0.2 else 0.015 end as has_no_plate
    from cases
    inner join dispositions
        on cases.cause_id = dispositions.cause_id
        and u(cases.line_key, 'disposition') >= dispositions.low
        and u(cases.line_key, 'disposition') < dispositions.high
    inner join unit_statuses
        on dispositions.disposition = unit_statuses.disposition
        and u(cases.line_key, 'unit status') >= unit_statuses.low
        and u(cases.line_key, 'unit status') < unit_statuses.high
    where cases.channel = 'fba'

),

dated as (

    select
        *,
        not has_no_plate
        and received_at >= timestamp '2025-12-01'
        and u(line_key, 're-dated') < 0.05 as is_redated
    from travelled

)

select
    *,
    case when is_redated
        then later(received_at, 0.6 + u(line_key, 're-dated by') * 4)
    end as redated_at,
    case when is_redated
        then later(received_at, 8 + u(line_key, 're-dated on') * 22)
    end as redate_known_at,
    case
        when is_replaced or u(line_key, 'no refund') < 0.01 then 'none'
        when u(line_key, 'partial') < 0.02 then 'partial'
        else 'full'
    end as refund_kind,
    case
        when is_replaced or u(line_key, 'no refund') < 0.01 then null
        when received_at is null
            then later(requested_at, 2 + u(parcel_key, 'refund time') * 20)
        when u(parcel_key, 'at scan') < 0.35
            then greatest(
                later(received_at, -1 - u(parcel_key, 'refund time') * 3),
                later(requested_at, 0.2)
            )
        when u(parcel_key, 'at scan') < 0.93
            then later(received_at, 0.02 + u(parcel_key, 'refund time') * 1.5)
        else later(received_at, 3 + u(parcel_key, 'refund time') * 9)
    end as refunded_at,
    refund_kind = 'full' and u(line_key, 'double') < 0.012 as is_double
from dated;
