-- Every counted refund stands in the matches with all its units and cents, once; one
-- that does not count stands in none. Else refunded money is doubled or lost.
{{ config(meta={'dagster': {'ref': {'name': 'fct_return_refund_matches'}}}) }}

with

refunds as (

    select * from {{ ref('fct_refunds') }}

),

matches as (

    select
        refund_key,
        sum(matched_quantity) as matched_quantity,
        sum(matched_amount) as matched_amount,
        count(*) as match_count
    from {{ ref('fct_return_refund_matches') }}
    where refund_key is not null
    group by refund_key

)

select
    refunds.refund_key,
    refunds.refunded_quantity,
    matches.matched_quantity,
    refunds.refunded_amount,
    matches.matched_amount
from refunds
left join matches
    on refunds.refund_key = matches.refund_key
where
    refunds.is_counted != (matches.refund_key is not null)
    or matches.matched_quantity != refunds.refunded_quantity
    or matches.matched_amount != refunds.refunded_amount
    or (refunds.refunded_quantity is null and matches.match_count != 1)
