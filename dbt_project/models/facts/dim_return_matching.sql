{# How many returned units found their order, of those that could: an order placed in a
   month whose orders did not land cannot be found, and one without a date might have
   been in any month. #}
with

returns as (

    select
        seller_id,
        channel,
        order_match_class != 'none' as is_matched,
        returned_quantity,
        cast({{ dbt.date_trunc('month', 'ordered_date') }} as date)
            as order_month_start_date
    from {{ ref('fct_returns') }}
    where is_counted

),

-- the unmatched have no marketplace of their own, so the seller's months decide
months as (

    select
        seller_id,
        order_month_start_date
    from {{ ref('dim_order_months') }}
    where marketplace_code = 'all' and has_order_coverage

),

matchable as (

    select returns.*
    from returns
    left join months
        on
            returns.seller_id = months.seller_id
            and returns.order_month_start_date = months.order_month_start_date
    where
        returns.is_matched
        or returns.order_month_start_date is null
        or months.seller_id is not null

),

summed as (

    select
        seller_id,
        channel,
        cast(sum(returned_quantity) as bigint) as matchable_returned_quantity,
        cast(
            sum(case when is_matched then returned_quantity else 0 end) as bigint
        ) as matched_returned_quantity
    from matchable
    group by seller_id, channel

)

select
    *,
    {{ share('matched_returned_quantity', 'matchable_returned_quantity') }}
        as matched_returned_share
from summed
