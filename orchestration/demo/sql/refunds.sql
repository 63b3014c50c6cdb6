-- One row is one refund to a buyer, as the seller's books know it. Amounts are in the
-- smallest coin, positive towards the buyer unless they are fees.
create or replace temp table refunds as
with

handled as (

    select
        case_key,
        line_key,
        case_quantity,
        fault,
        part,
        refund_kind,
        refunded_at,
        is_double
    from merchant_cases
    union all
    select
        case_key,
        line_key,
        case_quantity,
        fault,
        part,
        refund_kind,
        refunded_at,
        is_double
    from warehouse_cases

),

of_cases as (

    select
        line_key,
        case_key,
        unnest(case when is_double then [0, 1] else [0] end) as event_no,
        case refund_kind when 'a_to_z' then 'a_to_z' else 'refund' end as kind,
        refund_kind = 'partial' as is_partial,
        case_quantity as quantity,
        part = 0 and fault in ('seller', 'carrier') and refund_kind = 'full'
            as has_shipping,
        refunded_at
    from handled
    where refund_kind != 'none'

),

-- Money back without a return: a gesture, a lost parcel, a bank's chargeback.
of_lines as (

    select
        line_key,
        cast(null as ubigint) as case_key,
        case
            when u(line_key, 'lost') < 0.004 then 4
            when u(line_key, 'gesture') < 0.005 then 5
            else 6
        end as event_no,
        case
            when u(line_key, 'lost') < 0.004 and channel = 'mfn' then 'a_to_z'
            when u(line_key, 'lost') < 0.004 then 'lost'
            when u(line_key, 'gesture') < 0.005 then 'goodwill'
            else 'chargeback'
        end as kind,
        quantity,
        later(delivered_at, 5 + u(line_key, 'gesture time') * 25) as refunded_at
    from lines
    where
        quantity > 0
        and not is_multi_channel
        and (
            u(line_key, 'lost') < 0.004
            or u(line_key, 'gesture') < 0.005
            or u(line_key, 'chargeback') < 0.001
        )
        and line_key not in (select line_key from cases)

),

events as (

    select
        line_key,
        case_key,
        event_no,
        kind,
        is_partial,
        quantity,
        has_shipping,
        case
            when event_no = 1 then later(refunded_at, 1 + u(case_key, 'again') * 6)
            else refunded_at
        end as posted_at
    from of_cases
    union all
    select
        line_key,
        case_key,
        event_no,
        kind,
        false as is_partial,
        quantity,
        kind != 'goodwill' as has_shipping,
        refunded_at as posted_at
    from of_lines

),

sized as (

    select
        events.*,
        lines.* exclude (line_key, quantity),
        coalesce(events.case_key, lines.line_key * 2)
        * 8 + cast(events.event_no as ubigint) as refund_key,
        events.is_partial and u(lines.line_key, 'restocking') < 0.5
            as has_restocking_fee,
        case
            when events.kind = 'goodwill'
                then 0
            when events.is_partial and u(lines.line_key, 'restocking') >= 0.5
                then 50 + cast(floor(u(lines.line_key, 'kept') * 40) as integer)
            else 100
        end as percent
    from events
    inner join lines on events.line_key = lines.line_key

)

select
    *,
    unit_principal * quantity * percent // 100 as principal,
    unit_tax * quantity * percent // 100 as tax,
    case when has_shipping then shipping else 0 end as shipping_back,
    case when kind = 'goodwill'
        then unit_principal * quantity
        * (10 + cast(floor(u(line_key, 'kept') * 20) as integer)) // 100
        else 0
    end as goodwill,
    case when has_restocking_fee then unit_principal * quantity // 5 else 0 end
        as restocking_fee,
    unit_promotion * quantity * percent // 100 as promotion,
    principal + tax + shipping_back + goodwill - restocking_fee - promotion
        as refunded,
    unit_principal * quantity * percent // 100 * 15 // 100 as commission
from sized;
