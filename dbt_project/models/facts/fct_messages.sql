with

messages as (

    select * from {{ ref('int_messages__segmented') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

returned_orders as (

    select
        seller_id,
        amazon_order_id
    from returns
    where is_counted
    group by seller_id, amazon_order_id

)

select
    -- keys
    messages.message_key,
    messages.seller_id,
    messages.marketplace_code,
    messages.channel,
    messages.amazon_order_id,
    messages.ticket_id,
    messages.message_id,
    messages.segment_key,
    messages.agent_id,

    -- attributes
    messages.sender_kind,
    messages.contact_channel_name,
    messages.language_code,

    -- flags
    messages.is_sender_kind_known,
    messages.is_automatic,
    messages.is_public,
    messages.is_question,
    messages.is_answer,
    returned_orders.amazon_order_id is not null as is_return_linked,

    -- times
    messages.sent_at

from messages

left join returned_orders
    on
        messages.seller_id = returned_orders.seller_id
        and messages.amazon_order_id = returned_orders.amazon_order_id
