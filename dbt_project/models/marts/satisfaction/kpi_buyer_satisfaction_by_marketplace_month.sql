{# Silent buyers count as satisfied: the report holds no word of them, so the measure is
   how many returned orders did not bring bad feedback, nothing more. What was said
   before the return began is about something else and in no rate. #}
with

orders as (

    select * from {{ ref('fct_returned_orders') }}
    where month_start_date is not null

),

windows as (

    select * from {{ ref('fct_feedback_windows') }}

),

joined as (

    select
        orders.*,
        windows.window_status,
        windows.window_status = 'covered' as is_covered

    from orders

    inner join windows
        on
            orders.seller_id = windows.seller_id
            and orders.amazon_order_id = windows.amazon_order_id

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
        count(*) filter (where window_status = 'not_yet_due') as not_yet_due_count,
        count(*) filter (where window_status = 'uncovered') as uncovered_order_count,
        {{ count_within('is_covered', 'has_feedback') }} as feedback_order_count,
        {{ count_within('is_covered', 'has_response') }} as responded_order_count,
        {{ count_within('is_covered', 'has_negative_feedback') }}
            as negative_order_count,
        {{ count_within('is_covered', 'has_negative_feedback_after_return') }}
            as negative_after_return_order_count,
        {{ count_within('is_covered', 'not has_negative_feedback_after_return') }}
            as satisfied_order_count
    from joined
    group by seller_id, marketplace_code, channel, month_start_date

)

select
    *,
    {{ share('covered_order_count', 'returned_order_count - not_yet_due_count') }}
        as feedback_covered_share,
    {{ share('negative_after_return_order_count', 'covered_order_count') }}
        as negative_return_feedback_rate,
    {{ share('responded_order_count', 'feedback_order_count') }} as responded_share,
    {{ share('satisfied_order_count', 'covered_order_count') }} as satisfaction_rate,
    {{ wilson_bound('satisfied_order_count', 'covered_order_count', 'low') }}
        as satisfaction_rate_low,
    {{ wilson_bound('satisfied_order_count', 'covered_order_count', 'high') }}
        as satisfaction_rate_high
from summed
