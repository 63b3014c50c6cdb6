with

feedback as (

    select * from {{ ref('stg_amazon_sp__seller_feedback') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

returned_orders as (

    select
        seller_id,
        amazon_order_id,
        min(coalesce(requested_date, received_date)) as first_return_date
    from returns
    where is_counted
    group by seller_id, amazon_order_id

),

linked as (

    select
        -- keys
        feedback.feedback_key,
        feedback.seller_id,
        coalesce(
            feedback.folder_marketplace_code, orders.marketplace_code, 'unknown'
        ) as marketplace_code,
        coalesce(orders.channel, 'unknown') as channel,
        feedback.amazon_order_id,

        -- attributes
        case
            when feedback.rating in (1, 2) then 'negative'
            when feedback.rating = 3 then 'neutral'
            when feedback.rating in (4, 5) then 'positive'
            else 'unknown'
        end as feedback_class,
        case
            when feedback.rating is null then 'no_rating'
            when feedback.rating not between 1 and 5 then 'rating_out_of_range'
        end as not_counted_reason,
        feedback.comment_text,
        feedback.response_text,

        -- measures
        feedback.rating,
        cast(
            {{ dbt.datediff(
                'returned_orders.first_return_date', 'feedback.feedback_date', 'day'
            ) }} as bigint
        ) as days_from_return,

        -- flags
        coalesce(feedback.rating between 1 and 5, false) as is_counted,
        feedback.response_text is not null as has_response,
        returned_orders.amazon_order_id is not null as is_return_linked,

        -- times
        feedback.feedback_date

    from feedback

    left join orders
        on
            feedback.seller_id = orders.seller_id
            and feedback.amazon_order_id = orders.amazon_order_id

    left join returned_orders
        on
            feedback.seller_id = returned_orders.seller_id
            and feedback.amazon_order_id = returned_orders.amazon_order_id

)

select * from linked
