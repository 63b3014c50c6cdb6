{# A message with the order it is about, its own or its ticket's, and what it is in a
   conversation: it asks (a buyer's that needs a response), it answers (an agent's that
   a person wrote and the buyer sees), or neither. #}
with

messages as (

    select * from {{ ref('stg_operations__messages') }}

),

tickets as (

    select * from {{ ref('stg_operations__tickets') }}

),

words as (

    select * from {{ ref('operation_words') }}
    where word_type = 'sender_kind'

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

joined as (

    select
        messages.*,
        coalesce(messages.amazon_order_id, tickets.amazon_order_id) as order_id,
        -- a word no list has is kept: it neither asks nor answers
        coalesce(words.word_code, messages.stated_sender_kind_name) as sender_kind,
        words.word_code is not null as is_sender_kind_known,
        coalesce(
            messages.contact_channel_name, tickets.contact_channel_name
        ) as channel_name,
        coalesce(
            messages.language_code, tickets.language_code, 'unknown'
        ) as spoken_language_code,
        coalesce(
            messages.folder_marketplace_code, tickets.folder_marketplace_code
        ) as delivered_marketplace_code
    from messages

    left join tickets
        on
            messages.seller_id = tickets.seller_id
            and messages.ticket_id = tickets.ticket_id

    left join words
        on
            {{ word_spelling('messages.stated_sender_kind_name') }} = words.stated_word
            and cast(messages.sent_at as date)
            between words.valid_from and words.valid_to

)

select
    -- keys
    joined.message_key,
    joined.seller_id,
    coalesce(
        joined.delivered_marketplace_code, orders.marketplace_code, 'unknown'
    ) as marketplace_code,
    coalesce(orders.channel, 'unknown') as channel,
    joined.ticket_id,
    joined.message_id,
    joined.order_id as amazon_order_id,
    joined.agent_id,

    -- attributes
    joined.sender_kind,
    joined.channel_name as contact_channel_name,
    joined.spoken_language_code as language_code,

    -- flags: a system's message is automatic, whatever it is marked as
    joined.is_sender_kind_known,
    joined.is_automatic or joined.sender_kind = 'system' as is_automatic,
    joined.is_public,
    joined.sender_kind = 'buyer'
    and not joined.is_automatic
    and not joined.is_without_need_of_response as is_question,
    joined.sender_kind = 'agent'
    and joined.is_public
    and not joined.is_automatic as is_answer,

    -- times
    joined.sent_at

from joined

left join orders
    on
        joined.seller_id = orders.seller_id
        and joined.order_id = orders.amazon_order_id
