-- One row is one unit with its true fate: what ends its journey, and when. A unit whose
-- end no rule gives stays open.
create or replace temp table units as
with

paid as (

    select
        *,
        case
            when unit_kind = 'stock' and u(unit_key, 'stock paid') < 0.5
                then later(received_at, 3 + u(unit_key, 'approved') * 20)
            when channel = 'mfn' or unit_kind = 'stock' then null
            when unit_kind = 'refunded'
                then case
                    when refund_kind = 'lost' and u(line_key, 'lost paid') < 0.8
                        then later(refunded_at, 3 + u(line_key, 'approved') * 17)
                end
            when status = 'Reimbursed' and received_at is not null
                then later(received_at, 1 + u(fate_key, 'approved') * 4)
            when
                received_at is null
                and refunded_at is not null
                and u(fate_key, 'claimed') < 0.6
                then later(refunded_at, 46 + u(fate_key, 'approved') * 14)
        end as reimbursed_at
    from unit_starts

),

-- Some reimbursements are taken back: the buyer was charged after all. Removal orders
-- are placed on the fifteenth of a month; what one cancels, the next one takes.
ordered as (

    select
        *,
        case
            when
                unit_kind = 'returned'
                and received_at is null
                and u(fate_key, 'reversed') < 0.15
                then later(reimbursed_at, 8 + u(fate_key, 'reversal') * 20)
        end as reversed_at,
        channel = 'fba'
        and received_at is not null
        and reimbursed_at is null
        and (
            unit_kind = 'stock'
            or (status = 'Unit returned to inventory' and disposition != 'SELLABLE')
        ) as is_unfulfillable,
        case
            when
                is_unfulfillable
                and unit_kind = 'returned'
                and scope_id in (1, 3, 4, 5)
                and u(unit_key, 'graded') < 0.15
                then later(received_at, 12 + u(unit_key, 'resale') * 40)
        end as resold_at,
        later(
            received_at,
            2 + u(unit_key, 'ready') * 8
            + if(u(unit_key, 'late ready') < 0.1, 35, 0)
        ) as ready_at,
        is_unfulfillable
        and resold_at is null
        and u(unit_key, 'removal cancelled') < 0.05 as is_removal_cancelled,
        case when is_unfulfillable and resold_at is null
            then scope_id * 1000
                + date_diff('month', date '2025-09-01', cast(ready_at as date))
                + if(day(ready_at) < 15, 0, 1)
                + if(is_removal_cancelled, 1, 0)
        end as removal_no
    from paid

),

placed as (

    select
        *,
        removal_requested_at(removal_no) as removal_requested_at,
        removal_type(removal_no, scope_id) as removal_type,
        case when u(unit_key, 'second parcel') < 0.3 then 1 else 0 end as removal_part
    from ordered

),

fated as (

    select
        * exclude (ready_at, decided_fate, grade),
        removal_done_at(removal_no, removal_part) as removed_at,
        case
            when reversed_at is not null then 'kept_by_buyer'
            when reimbursed_at is not null then 'reimbursed'
            when resold_at is not null then 'resold'
            when removal_type = 'Disposal' then 'disposed'
            when removal_type = 'Liquidations' then 'liquidated'
            when removal_no is not null then 'removed'
            when decided_fate is not null then decided_fate
            when unit_kind = 'refunded'
                then if(refund_kind in ('lost', 'a_to_z'), 'lost', 'kept_by_buyer')
            when is_dropped or is_returnless then 'kept_by_buyer'
            when received_at is null and refunded_at is not null then 'lost'
            when received_at is null then 'kept_by_buyer'
            when channel = 'mfn' then null
            when status = 'IMMEDIATE_DONATION' then 'donated'
            when status = 'IMMEDIATE_DISPOSAL' then 'disposed'
            else 'restocked'
        end as fate,
        if(
            resold_at is not null,
            if(u(unit_key, 'good') < 0.5, 'very_good', 'good'),
            grade
        ) as grade
    from placed

)

select
    * exclude (decided_fate_at),
    case
        when fate is null then null
        when reversed_at is not null then reversed_at
        when reimbursed_at is not null then reimbursed_at
        when resold_at is not null then resold_at
        when removal_no is not null then removed_at
        when decided_fate_at is not null then decided_fate_at
        when is_dropped or is_returnless or unit_kind = 'refunded' then requested_at
        when received_at is null
            then later(coalesce(refunded_at, requested_at), 30)
        when status like 'IMMEDIATE%' then received_at
        else later(received_at, 0.1 + u(unit_key, 'put away') * 2)
    end as fate_at
from fated;
