-- One row is one seller-fulfilled return case with its journey: label, parcel, refund.
create or replace temp table merchant_cases as
with

resolved as (

    select
        cases.*,
        scopes.free_label_share,
        resolutions.resolution,
        resolutions.resolution in ('ReturnlessRefund', 'ReturnlessReplacement')
            as is_returnless,
        case
            when resolutions.resolution != 'StandardRefund' then 'Approved'
            when not cases.is_in_policy and u(cases.parcel_key, 'refused') < 0.5
                then 'Rejected'
            when u(cases.parcel_key, 'status') < 0.012 then 'Closed'
            when u(cases.parcel_key, 'status') < 0.018 then 'Cancelled'
            when u(cases.parcel_key, 'status') < 0.10 then 'Completed'
            else 'Approved'
        end as status
    from cases
    inner join scopes on cases.scope_id = scopes.scope_id
    inner join resolutions
        on scopes.has_first_scan_refunds = resolutions.has_first_scan_refunds
        and u(cases.parcel_key, 'resolution') >= resolutions.low
        and u(cases.parcel_key, 'resolution') < resolutions.high
    where cases.channel = 'mfn'

),

travelled as (

    select
        *,
        status in ('Rejected', 'Closed', 'Cancelled') as is_dropped,
        later(requested_at, 0.8 + u(parcel_key, 'first scan') * 4) as first_scan_at,
        case
            when
                status not in ('Rejected', 'Closed', 'Cancelled')
                and not is_returnless
                and u(parcel_key, 'sent') < 0.965
                then later(first_scan_at, 1.5 + u(parcel_key, 'way back') * 6)
        end as arrived_at
    from resolved

),

-- No parcel is delivered on a Sunday.
received as (

    select
        *,
        cast(local_time(arrived_at, zone_no) as date)
        + case when dayofweek(local_time(arrived_at, zone_no)) = 0 then 1 else 0 end
            as received_date
    from travelled

),

handled as (

    select
        received.*,
        case
            when u(received.parcel_key, 'pace') < conduct.same_day then 0
            when u(received.parcel_key, 'pace') < conduct.next_day then 1
            when u(received.parcel_key, 'pace') < conduct.second_day then 2
            else 3 + cast(floor(u(received.parcel_key, 'wait') * 9) as integer)
        end as working_days
    from received
    left join conduct
        on received.seller_no = conduct.seller_no
        and (year(received.received_date) - 2025) * 12
        + month(received.received_date) - 9 = conduct.month_no

),

decided as (

    select
        handled.*,
        greatest(next_days.workday, handled.received_date) as refund_day,
        case
            when handled.is_dropped then 'none'
            when handled.resolution like '%Replacement' then 'none'
            when handled.arrived_at is null and handled.resolution = 'StandardRefund'
                then 'none'
            when handled.arrived_at is null and handled.resolution = 'AutomatedRefund'
                then 'none'
            when u(handled.parcel_key, 'refund kind') < 0.02 then 'none'
            when handled.resolution != 'StandardRefund' then 'full'
            when u(handled.parcel_key, 'refund kind') < 0.03 then 'a_to_z'
            when u(handled.parcel_key, 'refund kind') < 0.08 then 'partial'
            else 'full'
        end as refund_kind
    from handled
    left join workdays
        on handled.scope_id = workdays.scope_id
        and handled.received_date = workdays.day
    left join workdays as next_days
        on workdays.scope_id = next_days.scope_id
        and workdays.number + handled.working_days = next_days.number
        and next_days.workday = next_days.day

)

select
    * exclude (refund_day, working_days),
    case
        when refund_kind = 'none' then null
        when is_returnless
            then later(requested_at, 0.05 + u(parcel_key, 'refund time') * 1.4)
        when resolution = 'RefundAtFirstScan'
            then later(first_scan_at, 0.1 + u(parcel_key, 'refund time') * 0.8)
        when refund_kind = 'a_to_z'
            then later(arrived_at, 9 + u(parcel_key, 'refund time') * 8)
        when resolution = 'AutomatedRefund'
            then later(arrived_at, 5 + u(parcel_key, 'refund time') * 2)
        else
            utc_time(
                refund_day
                + to_seconds(
                    cast(28800 + u(parcel_key, 'refund time') * 32400 as bigint)
                ),
                zone_no
            )
    end as refunded_at,
    refund_kind = 'full' and u(parcel_key, 'double') < 0.013 as is_double
from decided;
