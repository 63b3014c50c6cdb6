-- One row is one rating of one order. Few buyers rate; those who waited for their
-- refund do most.
create or replace temp table feedback as
with

handled as (

    select
        order_key,
        coalesce(refunded_at, arrived_at, requested_at) as ended_at,
        coalesce(refunded_at > received_date + interval 5 day, false)
        or (refund_kind = 'none' and arrived_at is not null) as is_slow
    from merchant_cases
    union all
    select
        order_key,
        coalesce(refunded_at, received_at, requested_at) as ended_at,
        coalesce(refunded_at > received_at + interval 3 day, false) as is_slow
    from warehouse_cases

),

returned as (

    select
        order_key,
        max(ended_at) as ended_at,
        bool_or(is_slow) as is_slow
    from handled
    group by order_key

),

asked as (

    select
        orders.*,
        returned.order_key is not null as is_returned,
        coalesce(returned.is_slow, false) as is_slow,
        coalesce(returned.ended_at, orders.delivered_at) as ended_at,
        case
            when returned.order_key is null then 0.004
            when returned.is_slow then 0.15
            else 0.035
        end as negative_share,
        case when returned.order_key is null then 0.0025 else 0.008 end
            as positive_share
    from orders
    left join returned on orders.order_key = returned.order_key
    where not orders.is_cancelled and not orders.is_multi_channel

),

rated as (

    select
        *,
        u(order_key, 'rates') < negative_share as is_negative,
        later(ended_at, 1 + u(order_key, 'rates on') * 14) as rated_at
    from asked
    where u(order_key, 'rates') < negative_share + positive_share

),

worded as (

    select
        rated.*,
        scopes.seller_id,
        scopes.marketplace_code,
        scopes.language,
        scopes.feedback_date as date_format,
        cast(local_time(rated.rated_at, rated.zone_no) as date) as rated_date,
        case
            when not rated.is_negative
                then case when u(rated.order_key, 'stars') < 0.3 then 4 else 5 end
            when u(rated.order_key, 'stars') < 0.5 then 1
            when u(rated.order_key, 'stars') < 0.75 then 2
            else 3
        end as rating,
        case
            when not rated.is_negative then 'praise'
            when rated.is_slow then 'late_refund'
            when rated.is_returned then 'return'
            else 'plain'
        end as topic,
        case when rated.is_negative and u(rated.order_key, 'replies') < 0.4
            then later(rated.rated_at, 2 + u(rated.order_key, 'replies on') * 7)
        end as replied_at
    from rated
    inner join scopes on rated.scope_id = scopes.scope_id

)

select
    worded.*,
    comments.text as comment,
    replies.text as reply
from worded
inner join comments
    on worded.language = comments.language
    and worded.topic = comments.topic
    and comments.kind = 'feedback'
    and cast(floor(u(worded.order_key, 'words') * comments.choices) as integer)
    = comments.number
inner join replies on worded.language = replies.language;
