-- One row is one time frame of a marketplace: requests for returns and those Amazon
-- holds against the seller, waits of buyers and how they ended.
with

frames as (

    select
        unnest(getvariable('frames')) as days,
        getvariable('day') as until_day

),

asked as (

    select
        frames.days,
        count(all_requests.request_id) as asked,
        count(*) filter (where all_requests.is_dissatisfied) as dissatisfied
    from frames
    left join all_requests
        on all_requests.seller_id = getvariable('seller')
        and all_requests.marketplace_code = getvariable('market')
        and all_requests.requested_at >= frames.until_day - to_days(frames.days)
        and all_requests.requested_at < frames.until_day
    group by frames.days

),

waits as (

    select
        frames.days,
        frames.until_day,
        all_conversations.first_buyer_message_at as began_at,
        case when all_conversations.replied_at < frames.until_day
            then date_diff(
                'minute',
                all_conversations.first_buyer_message_at,
                all_conversations.replied_at
            ) / 60
        end as hours
    from frames
    left join all_conversations
        on all_conversations.seller_id = getvariable('seller')
        and all_conversations.marketplace_code = getvariable('market')
        and all_conversations.first_buyer_message_at
        >= frames.until_day - to_days(frames.days)
        and all_conversations.first_buyer_message_at < frames.until_day

)

select
    waits.days,
    any_value(asked.asked) as asked,
    any_value(asked.dissatisfied) as dissatisfied,
    count(waits.began_at) as waits,
    count(*) filter (where waits.hours <= 24) as in_time,
    count(*) filter (where waits.hours > 24) as late,
    count(*) filter (
        where waits.hours is null and waits.began_at < waits.until_day - interval 1 day
    ) as unanswered,
    coalesce(round(avg(waits.hours), 1), 0) as average_hours
from waits
inner join asked on waits.days = asked.days
group by waits.days
order by waits.days;
