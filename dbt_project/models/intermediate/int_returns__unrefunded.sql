{# Returned units no refund was matched to, and why. A missing refund is only spoken of
   where settlements cover the time it could have been paid in: from the request, else
   (reports without one) from the order, to as far as they reach without a gap. #}
with

returns as (

    select
        *,
        coalesce(requested_date, ordered_date, received_date) as refundable_from_date
    from {{ ref('int_returns__classified') }}

),

matches as (

    select * from {{ ref('int_return_refund_matches__paired') }}

),

periods as (

    select * from {{ ref('int_settlement_periods__merged') }}

),

matched as (

    select
        return_key,
        sum(matched_quantity) as matched_quantity
    from matches
    group by return_key

),

remaining as (

    select
        returns.*,
        coalesce(matched.matched_quantity, 0) as matched_quantity,
        coalesce(returns.returned_quantity, 0)
        - coalesce(matched.matched_quantity, 0) as unmatched_quantity,
        periods.covered_end_date
    from returns
    left join matched
        on returns.return_key = matched.return_key
    left join periods
        on
            returns.seller_id = periods.seller_id
            and returns.marketplace_code = periods.marketplace_code
            and returns.refundable_from_date
            between periods.covered_start_date and periods.covered_end_date

)

select
    return_key,
    unmatched_quantity,
    case
        when not is_counted then 'not_counted'
        when matched_quantity = 0 and refunded_amount > 0
            then 'refunded_per_return_report'
        when not is_settled_by_refund and is_returnless then 'returnless_replacement'
        when not is_settled_by_refund then 'replacement'
        when channel = 'mfn' and return_status in ('closed', 'rejected') then 'closed'
        when covered_end_date is null then 'no_settlement_data'
        else 'pending'
    end as match_reason,
    covered_end_date as settlement_covered_to_date
from remaining
where unmatched_quantity > 0 or matched_quantity = 0
