{# From a buyer's first message that waits for an answer to the answer. The clock runs
   through nights and weekends, as Amazon's rule has it; business minutes are only what
   the helpdesk itself states, for the first segment of a ticket. #}
with

messages as (

    select * from {{ ref('fct_messages') }}
    where segment_key is not null

),

tickets as (

    select * from {{ ref('stg_operations__tickets') }}

),

observed as (

    -- how far the seller's helpdesk data reaches: never the wall clock
    select
        seller_id,
        max(seen_at) as observed_until_at
    from (
        select
            seller_id,
            sent_at as seen_at
        from {{ ref('fct_messages') }}

        union all

        select
            seller_id,
            greatest(created_at, updated_at, solved_at) as seen_at
        from tickets
    ) as sightings
    group by seller_id

),

positioned as (

    select
        *,
        row_number() over (
            partition by segment_key
            order by
                case when is_question then 0 else 1 end asc nulls last,
                sent_at asc nulls last,
                length(message_id) asc nulls last,
                message_id asc nulls last
        ) as position_number
    from messages

),

segments as (

    select
        segment_key,
        seller_id,
        ticket_id,
        -- of the first question
        max(case when position_number = 1 then marketplace_code end)
            as marketplace_code,
        max(case when position_number = 1 then channel end) as channel,
        max(case when position_number = 1 then amazon_order_id end) as amazon_order_id,
        max(case when position_number = 1 then language_code end) as language_code,
        max(case when position_number = 1 then contact_channel_name end)
            as contact_channel_name,
        max(case when position_number = 1 then sent_at end) as first_buyer_message_at,
        -- an answer ends the segment, so there is one at most
        max(case when is_answer then agent_id end) as agent_id,
        max(case when is_answer then sent_at end) as replied_at,
        sum(case when is_question then 1 else 0 end) as buyer_message_count,
        max(
            case when is_automatic and is_public and sender_kind != 'buyer' then 1 end
        ) is not null as has_automatic_reply,
        max(case when is_return_linked then 1 else 0 end) = 1 as is_return_linked
    from positioned
    group by segment_key, seller_id, ticket_id

),

numbered as (

    select
        *,
        row_number() over (
            partition by seller_id, ticket_id
            order by first_buyer_message_at asc nulls last, segment_key asc nulls last
        ) as segment_number
    from segments

)

select
    -- keys
    numbered.segment_key,
    numbered.seller_id,
    numbered.marketplace_code,
    numbered.channel,
    numbered.amazon_order_id,
    numbered.ticket_id,
    numbered.agent_id,

    -- attributes
    numbered.language_code,
    numbered.contact_channel_name,
    tickets.ticket_status,

    -- measures
    cast(numbered.segment_number as bigint) as segment_number,
    cast(numbered.buyer_message_count as bigint) as buyer_message_count,
    {{ minutes_between('numbered.first_buyer_message_at', 'numbered.replied_at') }}
        as response_minutes,
    case
        when numbered.replied_at is null
            then {{ minutes_between(
                'numbered.first_buyer_message_at', 'observed.observed_until_at'
            ) }}
    end as open_minutes,
    case
        when numbered.segment_number = 1
            then tickets.stated_first_reply_business_minutes
    end as stated_business_minutes,

    -- flags
    numbered.replied_at is null as is_open,
    numbered.has_automatic_reply,
    numbered.is_return_linked,

    -- times
    numbered.first_buyer_message_at,
    numbered.replied_at,
    observed.observed_until_at

from numbered

inner join observed
    on numbered.seller_id = observed.seller_id

left join tickets
    on
        numbered.seller_id = tickets.seller_id
        and numbered.ticket_id = tickets.ticket_id
