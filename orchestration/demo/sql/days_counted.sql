-- One row is one day of orders of one scope and channel, with what account health
-- counts against it.
select
    lines.scope_id,
    lines.day,
    lines.channel,
    count(distinct lines.order_key) as orders,
    count(distinct lines.order_key) filter (where lines.is_cancelled) as cancelled,
    count(distinct lines.order_key) filter (where lines.is_shipped_late)
        as shipped_late,
    count(distinct lines.order_key) filter (where feedback.rating <= 2) as negative,
    count(distinct lines.order_key) filter (where refunds.kind = 'a_to_z') as claims,
    count(distinct lines.order_key) filter (where refunds.kind = 'chargeback')
        as chargebacks
from lines
left join feedback on lines.order_key = feedback.order_key
left join refunds on lines.line_key = refunds.line_key
where not lines.is_multi_channel
group by lines.scope_id, lines.day, lines.channel
order by lines.scope_id, lines.day, lines.channel;
