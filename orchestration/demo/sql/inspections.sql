-- One row is one seller-fulfilled return case that reached the warehouse: what was
-- found when somebody opened it, what was decided, and where its units end.
create or replace temp table inspections as
with

arrived as (

    select
        *,
        later(
            arrived_at,
            case when received_date > cast(local_time(arrived_at, zone_no) as date)
                then 1
                else 0
            end
        ) as received_at
    from merchant_cases
    where arrived_at is not null

),

opened as (

    select
        arrived.*,
        dispositions.disposition as found,
        case
            when refund_kind in ('full', 'partial')
                and resolution = 'StandardRefund'
                and refunded_at > received_at
                then greatest(
                    later(refunded_at, -0.01 - u(case_key, 'opened') * 0.06),
                    later(received_at, 0.01)
                )
            else later(received_at, 0.4 + u(case_key, 'opened') * 2.6)
        end as inspected_at
    from arrived
    inner join dispositions
        on arrived.cause_id = dispositions.cause_id
        and u(arrived.case_key, 'found') >= dispositions.low
        and u(arrived.case_key, 'found') < dispositions.high
    -- A few parcels are never opened.
    where u(arrived.case_key, 'forgotten') >= 0.04

),

judged as (

    select
        *,
        case
            when u(case_key, 'switched') < 0.005 then 'empty_box'
            when u(case_key, 'switched') < 0.02 then 'wrong_item_returned'
            when found = 'SELLABLE' and u(case_key, 'sealed') < 0.6 then 'new'
            when found = 'SELLABLE' then 'open_box'
            when found = 'CUSTOMER_DAMAGED' then 'used'
            when found = 'DEFECTIVE' and cause = 'missing_parts' then 'missing_items'
            when found = 'DEFECTIVE' then 'defective'
            else 'damaged'
        end as outcome,
        u(case_key, 'disposal') as chance,
        later(
            inspected_at,
            case when u(case_key, 'undecided') < 0.15
                then 5 + u(case_key, 'decided') * 40
                else u(case_key, 'decided') * 0.08
            end
        ) as decided_at
    from opened

),

-- The tool of one seller knows no refurbishing.
settled as (

    select
        *,
        case outcome
            when 'new' then 'restock'
            when 'open_box' then if(chance < 0.7, 'restock', 'resell')
            when 'used'
                then case
                    when chance < 0.55 then 'resell'
                    when chance < 0.7 then 'liquidate'
                    when chance < 0.85 then 'donate'
                    else 'dispose'
                end
            when 'missing_items'
                then case
                    when chance < 0.4 and seller_no = 1 then 'refurbish'
                    when chance < 0.8 then 'resell'
                    else 'dispose'
                end
            when 'defective'
                then case
                    when chance < 0.3 then 'return_to_supplier'
                    when chance < 0.45 and seller_no = 1 then 'refurbish'
                    when chance < 0.8 then 'dispose'
                    else 'liquidate'
                end
            when 'damaged'
                then case
                    when chance < 0.6 then 'dispose'
                    when chance < 0.85 then 'donate'
                    else 'liquidate'
                end
            when 'wrong_item_returned' then 'return_to_buyer'
            else 'missing'
        end as decision
    from judged

)

select
    *,
    case decision
        when 'restock' then 'restocked'
        when 'resell' then 'resold'
        when 'refurbish' then 'restocked'
        when 'return_to_supplier' then 'removed'
        when 'liquidate' then 'liquidated'
        when 'donate' then 'donated'
        when 'dispose' then 'disposed'
        when 'return_to_buyer' then 'returned_to_buyer'
        else 'lost'
    end as fate,
    later(
        decided_at,
        case decision
            when 'restock' then 0.02 + u(case_key, 'put away') * 0.5
            when 'refurbish' then 10 + u(case_key, 'put away') * 20
            when 'missing' then 0
            else 0.5 + u(case_key, 'put away') * 4
        end
    ) as fate_at,
    case outcome
        when 'new' then 'like_new'
        when 'open_box' then 'very_good'
        when 'used' then if(chance < 0.3, 'good', 'acceptable')
        when 'missing_items' then 'acceptable'
        when 'empty_box' then null
        else 'unsellable'
    end as grade
from settled;
