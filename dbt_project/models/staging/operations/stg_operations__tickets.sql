with

deliveries as (

    select
        *,
        {{ surrogate_key(['_seller_id', 'ticket_id']) }} as row_key
    from {{ source('operations', 'tickets') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'solved_at', 'status', 'language', 'order_id', 'assignee', 'reply_count',
            'first_reply_minutes', 'resolution_minutes', 'satisfaction_score'
        ],
        updated='updated_at'
    ) }}

),

latest as (

    -- a ticket is one, though a file may list several states of it
    select
        *,
        row_number() over (
            partition by row_key
            order by
                updated_at desc nulls last,
                _as_of desc nulls last,
                occurrence_number asc nulls last
        ) as latest_number
    from newest

),

typed as (

    select
        -- keys
        row_key as ticket_key,
        _seller_id as seller_id,
        ticket_id,
        order_id as amazon_order_id,
        assignee as agent_id,

        -- attributes
        folder_marketplace_code,
        lower(status) as ticket_status,
        channel as contact_channel_name,
        {{ language_code('language') }} as language_code,
        tags as tags_text,

        -- measures: as the helpdesk counts
        cast(reply_count as bigint) as stated_reply_count,
        cast(reopen_count as bigint) as stated_reopen_count,
        cast(first_reply_minutes as bigint) as stated_first_reply_minutes,
        cast(first_reply_business_minutes as bigint)
            as stated_first_reply_business_minutes,
        cast(resolution_minutes as bigint) as stated_resolution_minutes,
        cast(satisfaction_score as decimal(9, 2)) as satisfaction_score,

        -- times
        {{ instant_columns('created_at', 'created') }},
        {{ instant_columns('updated_at', 'updated') }},
        {{ instant_columns('solved_at', 'solved') }}

    from latest
    where latest_number = 1

)

select * from typed
