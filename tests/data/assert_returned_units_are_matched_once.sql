-- Units of a return in two matches are refunded twice in the figures, units in none are
-- lost to every refund measure.
{{ config(meta={'dagster': {'ref': {'name': 'fct_return_refund_matches'}}}) }}

with

returns as (

    select * from {{ ref('fct_returns') }}

),

matches as (

    select
        return_key,
        sum(matched_quantity) as matched_quantity
    from {{ ref('fct_return_refund_matches') }}
    where return_key is not null
    group by return_key

)

select
    returns.return_key,
    returns.returned_quantity,
    matches.matched_quantity
from returns
left join matches
    on returns.return_key = matches.return_key
where
    matches.return_key is null
    or matches.matched_quantity != coalesce(returns.returned_quantity, 0)
