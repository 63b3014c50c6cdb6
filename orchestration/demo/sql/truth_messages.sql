-- One row is one message of the helpdesk and the order it is about, named in it or not.
create or replace temp table truth_messages as
select
    case seller_no
        when 1 then 'm' || ticket_id || '-' || n
        else cast(order_key * 8 + n + 9000000 as varchar)
    end as message_id,
    ticket_id,
    seller_id,
    marketplace_code,
    amazon_order_id,
    stated_order_id is not null as has_order_id,
    is_return_linked,
    sent_at,
    kind as sender_kind,
    kind = 'system' as is_automatic,
    not is_note as is_public,
    sender as agent,
    language as language_code,
    n = 5 and is_thanks as needs_no_response
from messages
order by order_key, n;

-- One row is one wait of a buyer, from the first unanswered message to a person's reply.
create or replace temp table truth_conversations as
with

waits as (

    select
        *,
        unnest([
            {
                segment_number: 1, began_at: asked_at,
                ended_at: answered_at, replied_by: agent,
                buyer_messages: 1 + if(
                    is_impatient and nudged_at <= getvariable('horizon'), 1, 0
                )
            },
            {
                segment_number: 2,
                began_at: if(is_thanks and seller_no = 1, null, again_at),
                ended_at: answered_again_at, replied_by: second_agent,
                buyer_messages: 1
            }
        ], recursive := true)
    from conversations

)

select
    ticket_id,
    segment_number,
    seller_id,
    marketplace_code,
    amazon_order_id,
    language as language_code,
    began_at as first_buyer_message_at,
    if(ended_at <= getvariable('horizon'), ended_at, null) as replied_at,
    if(ended_at <= getvariable('horizon'), replied_by, null) as agent,
    buyer_messages as buyer_message_count,
    segment_number = 1 and has_automatic as has_automatic_reply
from waits
where began_at <= getvariable('horizon')
order by order_key, segment_number;
