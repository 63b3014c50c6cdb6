{# What the matches of a return add up to. A unit is refunded, open (no refund yet, and
   settlements would show one), without a refund due (replaced, closed) or unknown (no
   settlement covers it, or only the return report says it was refunded, without a
   day). #}
with

matches as (

    select * from {{ ref('fct_return_refund_matches') }}
    where return_key is not null

),

refunds as (

    select * from {{ ref('fct_refunds') }}

),

units as (

    select
        matches.return_key,
        matches.refund_key,
        matches.matched_quantity,
        refunds.posted_date_local,
        refunds.currency_code,
        -- a restocking fee is negative: the buyer did not get that part of the price;
        -- a refund of unknown quantity belongs to its return as a whole
        refunds.principal_amount + refunds.restocking_fee_amount as untaxed_amount,
        refunds.tax_amount,
        coalesce(
            cast(matches.matched_quantity as double)
            / nullif(refunds.refunded_quantity, 0),
            1
        ) as refund_fraction,
        case
            when matches.refund_key is not null then 'done'
            when matches.match_reason = 'pending' then 'open'
            when
                matches.match_reason in (
                    'replacement', 'returnless_replacement', 'closed'
                )
                then 'not_applicable'
            else 'unknown'
        end as unit_status

    from matches

    left join refunds
        on matches.refund_key = refunds.refund_key

)

select
    -- keys
    return_key,

    -- attributes
    -- the least settled unit speaks for the return
    case
        when bool_or(unit_status = 'unknown') then 'unknown'
        when bool_or(unit_status = 'open') then 'open'
        when bool_or(unit_status = 'done') then 'done'
        else 'not_applicable'
    end as refund_status,
    case
        when min(currency_code) = max(currency_code) then min(currency_code)
    end as currency_code,

    -- measures
    count(refund_key) as refund_count,
    cast(
        coalesce(sum(case when unit_status = 'done' then matched_quantity end), 0)
        as bigint
    ) as refunded_quantity,
    cast(sum((untaxed_amount + tax_amount) * refund_fraction) as decimal(18, 2))
        as goods_refunded_amount,
    cast(sum(untaxed_amount * refund_fraction) as decimal(18, 2))
        as untaxed_refunded_amount,

    -- times
    min(posted_date_local) as first_refunded_date_local,
    max(posted_date_local) as last_refunded_date_local
from units
group by return_key
