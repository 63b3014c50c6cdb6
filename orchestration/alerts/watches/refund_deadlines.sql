-- One row is a returned parcel with a deadline of which no refund is known. Overdue it
-- is only where the files would show a refund; until then it may just not be seen yet.
with ends as (
    select
        seller_id,
        max(data_as_of_date) as data_as_of_date
    from fct_source_freshness
    group by seller_id
)

select
    deadlines.seller_id,
    deadlines.marketplace_code,
    deadlines.channel,
    deadlines.amazon_order_id,
    deadlines.sku,
    deadlines.refund_due_date,
    ends.data_as_of_date,
    'record' as scope_code,
    deadlines.return_key as subject_id,
    case
        when deadlines.refund_due_date >= ends.data_as_of_date
            then deadlines.refund_due_date - ends.data_as_of_date
    end as left_days,
    case
        when deadlines.deadline_status = 'missing'
            then ends.data_as_of_date - deadlines.refund_due_date
    end as overdue_days
from fct_refund_deadlines as deadlines
inner join ends on deadlines.seller_id = ends.seller_id
where
    deadlines.is_counted
    and deadlines.refund_status in ('open', 'unknown')
    and deadlines.refund_due_date is not null
order by deadlines.refund_due_date desc, deadlines.return_key
