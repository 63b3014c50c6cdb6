-- One row is one conversation of the helpdesk: a buyer asks about an order, most about
-- a return. A rule answers at once, a person later, at weekends much later, or never.
create or replace temp table conversations as
with

returned as (

    select
        order_key,
        min(requested_at) as requested_at,
        min(refunded_at) as refunded_at
    from unit_starts
    where unit_kind != 'stock'
    group by order_key

),

asked as (

    select
        orders.order_key,
        orders.scope_id,
        orders.seller_no,
        orders.zone_no,
        orders.amazon_order_id,
        returned.order_key is not null as is_return_linked,
        case
            when returned.order_key is null
                then later(orders.delivered_at, 0.2 + u(orders.order_key, 'asks') * 9)
            when u(orders.order_key, 'waits') < 0.3
                and returned.refunded_at > later(returned.requested_at, 6)
                then later(returned.refunded_at, -0.5 - u(orders.order_key, 'asks') * 4)
            else later(returned.requested_at, -0.4 + u(orders.order_key, 'asks') * 3)
        end as asked_at
    from orders
    left join returned on orders.order_key = returned.order_key
    where
        not orders.is_cancelled
        and not orders.is_multi_channel
        and u(orders.order_key, 'writes')
        < case when returned.order_key is null then 0.025 else 0.3 end

),

paced as (

    select
        asked.*,
        scopes.seller_id,
        scopes.marketplace_code,
        case
            when u(order_key, 'foreign') >= 0.08 then scopes.language
            when scopes.marketplace_code = 'US' then 'es'
            when scopes.marketplace_code = 'CA' then 'fr'
            when scopes.marketplace_code = 'DE' then 'tr'
            else scopes.language
        end as language,
        u(order_key, 'answered by rule') < 0.6 as has_automatic,
        u(order_key, 'impatient') < 0.25 as is_impatient,
        u(order_key, 'note') < 0.12 as has_note,
        u(order_key, 'second round') < 0.4 as has_second,
        u(order_key, 'thanks') < 0.35 as is_thanks,
        case
            when u(order_key, 'no answer') < 0.07 then null
            when u(order_key, 'slow answer') < 0.06
                then later(asked_at, 2.2 + u(order_key, 'answer') * 3)
            else later(
                asked_at,
                0.01 + u(order_key, 'answer') * u(order_key, 'answer too')
                -- Nobody works on Sundays, and on Saturdays only one of the sellers.
                + case
                    when dayofweek(local_time(asked_at, asked.zone_no)) = 0 then 0.7
                    when
                        dayofweek(local_time(asked_at, asked.zone_no)) = 6
                        and asked.seller_no = 1
                        then 1.4
                    else 0
                end
            )
        end as answered_at
    from asked
    inner join scopes on asked.scope_id = scopes.scope_id

),

second as (

    select
        *,
        later(asked_at, 0.05 + u(order_key, 'impatience') * 0.6) as nudged_at,
        case when has_second
            then later(answered_at, 0.1 + u(order_key, 'again') * 1.8)
        end as again_at
    from paced

)

select
    * replace (
        is_impatient and coalesce(nudged_at < answered_at, true) as is_impatient
    ),
    case when not is_thanks and u(order_key, 'no second answer') >= 0.1
        then later(again_at, 0.02 + u(order_key, 'second answer') * 0.9)
    end as answered_again_at,
    cast(order_key * 7 + 40000 as varchar) as ticket_id,
    if(u(order_key, 'order unknown') < 0.12, null, amazon_order_id) as stated_order_id,
    agent_name(order_key, 'agent', seller_no, language) as agent,
    agent_name(order_key, if(u(order_key, 'handed over') < 0.3, 'other agent', 'agent'),
        seller_no, language) as second_agent
from second;

-- One row is one message that was sent.
create or replace temp table messages as
with

spoken as (

    select
        *,
        unnest([
            {n: 0, kind: 'buyer', sent_at: asked_at, sender: null, is_note: false},
            {
                n: 1, kind: 'system',
                sent_at: if(has_automatic, asked_at + interval 40 second, null),
                sender: null, is_note: false
            },
            {
                n: 2, kind: 'buyer', sent_at: if(is_impatient, nudged_at, null),
                sender: null, is_note: false
            },
            {
                n: 3, kind: 'agent',
                sent_at: if(has_note, answered_at - interval 4 minute, null),
                sender: agent, is_note: true
            },
            {n: 4, kind: 'agent', sent_at: answered_at, sender: agent, is_note: false},
            {n: 5, kind: 'buyer', sent_at: again_at, sender: null, is_note: false},
            {
                n: 6, kind: 'agent', sent_at: answered_again_at, sender: second_agent,
                is_note: false
            }
        ], recursive := true)
    from conversations

)

select * from spoken where sent_at <= getvariable('horizon');
