{# An order has at most one feedback; a line without order id is known by what it
   says. Re-deliveries restate comment, response and rating: the newest one stands. #}
with

source as (

    select
        *,
        -- where the order id is missing, day, rating and comment stand in for it
        case when order_id is null then feedback_date end as key_date,
        case when order_id is null then rating end as key_rating,
        case when order_id is null then comments end as key_comments
    from {{ source('amazon_sp', 'seller_feedback') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by
                _seller_id, _file_key, order_id, key_date, key_rating, key_comments
            order by _line_number nulls last
        ) as occurrence_number
    from source

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                _seller_id,
                order_id,
                key_date,
                key_rating,
                key_comments,
                occurrence_number
            order by
                _as_of desc nulls last,
                {{ present_count(['rating', 'comments', 'your_response']) }}
                desc nulls last,
                _file_key desc nulls last
        ) as version_number
    from numbered

),

newest as (

    select
        -- keys
        {{ surrogate_key([
            '_seller_id', 'order_id', 'key_date', 'key_rating', 'key_comments',
            'occurrence_number'
        ]) }} as feedback_key,
        _seller_id as seller_id,
        order_id as amazon_order_id,

        -- attributes
        _marketplace_code as folder_marketplace_code,
        comments as comment_text,
        your_response as response_text,

        -- measures
        cast(rating as bigint) as rating,

        -- times
        cast(feedback_date as date) as feedback_date

    from ranked

    where version_number = 1

)

select * from newest
