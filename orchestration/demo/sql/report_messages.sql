-- Messages as the helpdesks of the two sellers export them: one in our own layout, one
-- as Zendesk's comments, whose rules write as a member of staff.
insert into report_lines by name
select
    documents.document_id,
    order_key * 8 + n as sort_key,
    0 as amount,
    case documents.layout
        when 'messages'
            then csv([
                'm' || ticket_id || '-' || n, ticket_id, iso(sent_at), kind, sender,
                cast(kind = 'system' as varchar), cast(not is_note as varchar),
                if(n = 5 and is_thanks, 'true', ''), stated_order_id, language, 'email',
                'Question about "my order"', 'Please help, buyer@example.com'
            ])
        else csv([
            cast(order_key * 8 + n + 9000000 as varchar), ticket_id,
            strftime(sent_at, '%Y-%m-%dT%H:%M:%SZ'), cast(not is_note as varchar),
            if(kind = 'buyer', 'end-user', if(kind = 'system', 'admin', 'agent')),
            case kind
                when 'buyer' then digits(order_key, 'buyer', 10)
                else '77' || coalesce(digits(hash(sender), 'author', 8), '00000000')
            end,
            case kind
                when 'buyer' then 'buyer-' || digits(order_key, 'buyer', 6)
                    || '@example.com'
                else coalesce(sender, 'rules') || '@example.com'
            end,
            if(kind = 'system', 'rule', 'email'), stated_order_id, language,
            'Hello, where is my refund?'
        ])
    end as line
from messages
inner join documents
    on documents.layout = if(seller_no = 1, 'messages', 'zendesk_comments');

insert into report_lines by name
select
    documents.document_id,
    order_key as sort_key,
    0 as amount,
    csv([
        ticket_id, iso(asked_at),
        iso(coalesce(last_at, asked_at)),
        if(is_solved, iso(coalesce(last_at, asked_at) + interval 5 minute), ''),
        if(is_solved, 'solved', 'open'), 'email', language, stated_order_id, agent,
        if(is_return_linked, 'return', 'question'), cast(replies as varchar),
        cast(if(again_at <= getvariable('horizon'), 1, 0) as varchar),
        cast(date_diff('minute', asked_at, first_reply_at) as varchar),
        'Question about "my order"', 'buyer@example.com'
    ]) as line
from (
    select
        conversations.*,
        said.replies,
        said.first_reply_at,
        said.last_at,
        said.first_reply_at is not null
        and (again_at is null or is_thanks or said.replies > 1) as is_solved
    from conversations
    inner join (
        select
            order_key,
            count(*) filter (where kind = 'agent' and not is_note) as replies,
            min(sent_at) filter (where kind = 'agent' and not is_note)
                as first_reply_at,
            max(sent_at) as last_at
        from messages
        group by order_key
    ) as said on conversations.order_key = said.order_key
    where conversations.seller_no = 1
)
inner join documents on documents.layout = 'tickets';
