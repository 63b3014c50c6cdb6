with

feedback as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'feedback_date') }} as date) as month_start_date
    from {{ ref('fct_feedback') }}
    where is_counted

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,

        -- measures
        count(*) as feedback_count,
        count(*) filter (where feedback_class = 'negative') as negative_count,
        count(*) filter (where feedback_class = 'neutral') as neutral_count,
        count(*) filter (where feedback_class = 'positive') as positive_count,
        count(*) filter (where is_return_linked) as return_linked_count,
        count(*) filter (where is_return_linked and feedback_class = 'negative')
            as return_linked_negative_count,
        count(*) filter (where has_response) as responded_count
    from feedback
    where month_start_date is not null
    group by seller_id, marketplace_code, channel, month_start_date

)

select
    *,
    {{ share('negative_count', 'feedback_count') }} as negative_share,
    {{ share('responded_count', 'feedback_count') }} as responded_share
from summed
