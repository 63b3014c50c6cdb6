{# Every unit of a match, one by one: a match stands for some units of one return, one
   refund or both. Units of a return are numbered with the refunded ones first, units of
   a refund alone by their place in it, so a unit keeps its number when the rest of the
   story arrives. What is no unit of its own still has money: it is kept, flagged. #}
with

matches as (

    select * from {{ ref('int_return_refund_matches__unioned') }}

),

returns as (

    select * from {{ ref('int_returns__classified') }}

),

refunds as (

    select * from {{ ref('int_refunds__located') }}

),

numbers as (

    select * from {{ ref('int_unit_numbers__counted') }}

),

sized as (

    select
        matches.*,
        refunds.refunded_quantity,
        -- money for no goods and a return of no unit have one row without a unit
        greatest(coalesce(matches.matched_quantity, 1), 1) as row_count,
        coalesce(
            sum(matches.matched_quantity) over (
                partition by matches.return_key
                order by
                    case when matches.refund_key is null then 1 else 0 end nulls last,
                    refunds.posted_at nulls last,
                    matches.match_key nulls last
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as return_offset
    from matches
    left join refunds
        on matches.refund_key = refunds.refund_key

),

numbered as (

    select
        sized.*,
        numbers.unit_number as number_in_match,
        case
            when sized.return_key is null then coalesce(sized.refund_offset, 0)
            else sized.return_offset
        end + numbers.unit_number as unit_number
    from sized
    inner join numbers
        on sized.row_count >= numbers.unit_number

)

select
    -- keys
    {{ surrogate_key([
        'numbered.return_key',
        'case when numbered.return_key is null then numbered.refund_key end',
        'numbered.unit_number'
    ]) }} as unit_key,
    numbered.match_key,
    numbered.return_key,
    numbered.refund_key,
    coalesce(returns.seller_id, refunds.seller_id) as seller_id,
    coalesce(
        nullif(returns.marketplace_code, 'unknown'),
        refunds.marketplace_code,
        'unknown'
    ) as marketplace_code,
    coalesce(nullif(returns.channel, 'unknown'), refunds.channel, 'unknown') as channel,
    coalesce(returns.amazon_order_id, refunds.amazon_order_id) as amazon_order_id,
    coalesce(returns.sku, refunds.sku) as sku,

    -- attributes
    numbered.match_class,
    numbered.match_reason,
    coalesce(refunds.currency_code, returns.currency_code) as home_currency_code,
    case
        when numbered.matched_quantity = 0 and numbered.return_key is null
            then 'no_goods_refunded'
        when numbered.match_reason = 'double' then 'refunded_twice'
        when numbered.matched_quantity = 0
            then coalesce(returns.not_counted_reason, 'zero_quantity')
        else returns.not_counted_reason
    end as not_counted_reason,

    -- measures
    numbered.unit_number,
    coalesce(returns.returned_quantity, numbered.row_count) as unit_count,
    -- the unit's place among those its refund pays for
    case
        when numbered.refunded_quantity > 0
            then numbered.refund_offset + numbered.number_in_match
        else numbered.number_in_match
    end as refund_unit_number,
    case
        when numbered.refunded_quantity > 0 then numbered.refunded_quantity
        else numbered.row_count
    end as refund_unit_count,

    -- flags
    numbered.matched_quantity is null as is_quantity_assumed,

    -- times
    coalesce(
        returns.requested_date, returns.received_date, refunds.posted_date_local,
        returns.ordered_date
    ) as return_date,
    refunds.posted_date_local as refunded_date_local

from numbered

left join returns
    on numbered.return_key = returns.return_key

left join refunds
    on numbered.refund_key = refunds.refund_key
