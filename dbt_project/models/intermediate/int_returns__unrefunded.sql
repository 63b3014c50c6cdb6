{# Returned units no refund was matched to, and why. A missing refund is only spoken of
   where settlements cover the time it could have been paid in without a gap: from the
   request, else (reports without one) from the order, at least to the receipt. #}
with

returns as (

    select
        *,
        coalesce(requested_date, ordered_date, received_date) as refundable_from_date,
        coalesce(requested_date, received_date, ordered_date) as returned_date
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
            and returns.returned_date <= periods.covered_end_date

)

select
    return_key,
    unmatched_quantity,
    case
        when not is_counted then 'not_counted'
        when matched_quantity = 0 and refunded_amount > 0
            then 'refunded_per_return_report'
        when resolution_type = 'returnless_replacement' then resolution_type
        when resolution_type like '%replacement%' then 'replacement'
        when not is_refund_expected then 'closed'
        when covered_end_date is null then 'no_settlement_data'
        else 'pending'
    end as match_reason,
    covered_end_date as settlement_covered_to_date
from remaining
where unmatched_quantity > 0 or matched_quantity = 0
