{# Silent buyers count as satisfied: the report holds no word of them, so the measure is
   how many returned orders did not end in bad feedback, nothing more. #}
with

orders as (

    select * from {{ ref('fct_returned_orders') }}
    where month_start_date is not null

),

coverage as (

    select * from {{ ref('dim_report_months') }}
    where report_code = 'seller_feedback'

),

joined as (

    select
        orders.*,
        coalesce(coverage.is_covered, false) as is_covered,
        coverage.covered_share

    from orders

    left join coverage
        on
            orders.seller_id = coverage.seller_id
            and orders.marketplace_code = coverage.marketplace_code
            and orders.month_start_date = coverage.month_start_date

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,

        -- measures
        count(*) as returned_order_count,
        count(*) filter (where is_covered) as covered_order_count,
        {{ count_within('is_covered', 'has_feedback') }} as feedback_order_count,
        {{ count_within('is_covered', 'has_response') }} as responded_order_count,
        {{ count_within('is_covered', 'has_negative_feedback') }}
            as negative_order_count,
        {{ count_within('is_covered', 'has_negative_feedback_after_return') }}
            as negative_after_return_order_count,
        {{ count_within('is_covered', 'not has_negative_feedback') }}
            as satisfied_order_count,
        cast(coalesce(max(covered_share), 0) as decimal(9, 6))
            as feedback_covered_share
    from joined
    group by seller_id, marketplace_code, channel, month_start_date

)

select
    *,
    {{ share('negative_after_return_order_count', 'covered_order_count') }}
        as negative_return_feedback_rate,
    {{ share('responded_order_count', 'feedback_order_count') }} as responded_share,
    {{ share('satisfied_order_count', 'covered_order_count') }} as satisfaction_rate,
    {{ wilson_bound('satisfied_order_count', 'covered_order_count', 'low') }}
        as satisfaction_rate_low,
    {{ wilson_bound('satisfied_order_count', 'covered_order_count', 'high') }}
        as satisfaction_rate_high
from summed
