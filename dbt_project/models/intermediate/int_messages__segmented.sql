{# The messages of a ticket in order of time. All that lies between two answers, the
   second one with it, is one segment, if a question is among it. Messages of one second
   are in the order of their numbers. #}
with

messages as (

    select * from {{ ref('int_messages__located') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by seller_id, ticket_id
            order by
                sent_at asc nulls last,
                length(message_id) asc nulls last,
                message_id asc nulls last
        ) as message_number
    from messages

),

divided as (

    select
        *,
        -- an answer ends its segment: only those before it are counted
        coalesce(
            sum(case when is_answer then 1 else 0 end) over (
                partition by seller_id, ticket_id
                order by message_number asc nulls last
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as earlier_answer_count
    from numbered

),

opened as (

    select
        *,
        min(case when is_question then message_number end) over (
            partition by seller_id, ticket_id, earlier_answer_count
        ) as question_number
    from divided

)

select
    -- keys
    message_key,
    seller_id,
    marketplace_code,
    channel,
    ticket_id,
    message_id,
    amazon_order_id,
    agent_id,
    -- what lies before the question is no part of the segment
    case
        when message_number >= question_number
            then {{ surrogate_key(['seller_id', 'ticket_id', 'earlier_answer_count']) }}
    end as segment_key,

    -- attributes
    sender_kind,
    contact_channel_name,
    language_code,

    -- measures
    message_number,
    earlier_answer_count,
    question_number,

    -- flags
    is_sender_kind_known,
    is_automatic,
    is_public,
    is_question,
    is_answer,

    -- times
    sent_at

from opened
