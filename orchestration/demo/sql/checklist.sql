-- One row is one time frame of a marketplace: requests for returns and those Amazon
-- holds against the seller, waits of buyers and how they ended.
select
    frames.days,
    (
        select count(*) from all_requests
        where seller_id = $seller and marketplace_code = $market
        and requested_at >= $day - to_days(frames.days) and requested_at < $day
    ) as asked,
    (
        select count(*) from all_requests
        where seller_id = $seller and marketplace_code = $market
        and requested_at >= $day - to_days(frames.days) and requested_at < $day
        and is_dissatisfied
    ) as dissatisfied,
    count(waits.began_at) as waits,
    count(*) filter (where waits.hours <= 24) as in_time,
    count(*) filter (where waits.hours > 24) as late,
    count(*) filter (
        where waits.hours is null and waits.began_at < $day - interval 1 day
    ) as unanswered,
    coalesce(round(avg(waits.hours), 1), 0) as average_hours
from (select unnest($frames) as days) as frames
left join (
    select
        first_buyer_message_at as began_at,
        case when replied_at < $day
            then date_diff('minute', first_buyer_message_at, replied_at) / 60
        end as hours
    from all_conversations
    where seller_id = $seller and marketplace_code = $market
) as waits
    on waits.began_at >= $day - to_days(frames.days)
    and waits.began_at < $day
group by frames.days
order by frames.days;
