with

deliveries as (

    select
        *,
        {{ surrogate_key(['_seller_id', 'ticket_id', 'message_id']) }} as row_key
    from {{ source('operations', 'messages') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['agent', 'needs_no_response', 'order_id', 'language']
    ) }}
    -- a message is one, though a file may list it twice
    where occurrence_number = 1

),

typed as (

    select
        -- keys
        row_key as message_key,
        _seller_id as seller_id,
        ticket_id,
        message_id,
        order_id as amazon_order_id,
        agent as agent_id,

        -- attributes
        folder_marketplace_code,
        lower(sender_kind) as stated_sender_kind_name,
        channel as contact_channel_name,
        {{ language_code('language') }} as language_code,

        -- flags: a message is seen by the buyer unless the helpdesk says otherwise
        {{ is_yes('is_automatic') }} as is_automatic,
        is_public is null or {{ is_yes('is_public') }} as is_public,
        {{ is_yes('needs_no_response') }} as is_without_need_of_response,

        -- times
        cast(sent_at as timestamp) as sent_at

    from newest

)

select * from typed
