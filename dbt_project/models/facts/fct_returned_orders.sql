{# Feedback hangs on an order and a seller account, not on a return: an order that came
   back in three parts still has one buyer with one opinion. #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date,
        coalesce(requested_date, received_date) as returned_date
    from {{ ref('fct_returns') }}
    where is_counted

),

feedback as (

    select * from {{ ref('fct_feedback') }}
    where is_counted and amazon_order_id is not null

),

orders as (

    select
        seller_id,
        amazon_order_id,
        -- an order has one marketplace and one channel
        min(marketplace_code) as marketplace_code,
        min(channel) as channel,
        count(*) as return_count,
        cast(sum(returned_quantity) as bigint) as returned_quantity,
        min(returned_date) as first_returned_date,
        min(month_start_date) as month_start_date
    from returns
    group by seller_id, amazon_order_id

),

opinions as (

    select
        seller_id,
        amazon_order_id,
        min(rating) as lowest_rating,
        bool_or(feedback_class = 'negative') as is_negative,
        bool_or(has_response) as has_response,
        max(case when feedback_class = 'negative' then feedback_date end)
            as negative_feedback_date
    from feedback
    group by seller_id, amazon_order_id

)

select
    -- keys
    orders.seller_id,
    orders.amazon_order_id,
    orders.marketplace_code,

    -- attributes
    orders.channel,

    -- measures
    orders.return_count,
    orders.returned_quantity,
    opinions.lowest_rating,

    -- flags
    opinions.amazon_order_id is not null as has_feedback,
    coalesce(opinions.is_negative, false) as has_negative_feedback,
    coalesce(
        opinions.negative_feedback_date >= orders.first_returned_date, false
    ) as has_negative_feedback_after_return,
    coalesce(opinions.has_response, false) as has_response,

    -- times
    orders.first_returned_date,
    opinions.negative_feedback_date,
    orders.month_start_date

from orders

left join opinions
    on
        orders.seller_id = opinions.seller_id
        and orders.amazon_order_id = opinions.amazon_order_id
