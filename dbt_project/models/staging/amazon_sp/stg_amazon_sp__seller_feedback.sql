{# An order has at most one feedback. A line without order id is known by what it says:
   day, rating and comment stand in for the order. #}
with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id',
            'order_id',
            'case when order_id is null then feedback_date end',
            'case when order_id is null then rating end',
            'case when order_id is null then comments end'
        ]) }} as row_key
    from {{ source('amazon_sp', 'seller_feedback') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries', restated=['rating', 'comments', 'your_response']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as feedback_key,
        _seller_id as seller_id,
        order_id as amazon_order_id,

        -- attributes
        folder_marketplace_code,
        comments as comment_text,
        your_response as response_text,

        -- measures
        cast(rating as bigint) as rating,

        -- times
        cast(feedback_date as date) as feedback_date

    from newest

)

select * from typed
