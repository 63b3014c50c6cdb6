{# The last day on which refunding a received return is on time. A deadline of the
   marketplace goes before the one for everywhere; which of its versions holds is
   decided by the day of receipt. No rule in business days can be applied where the
   marketplace, and with it the calendar, is unknown. #}
with

returns as (

    select * from {{ ref('int_returns__located') }}

),

deadlines as (

    select * from {{ ref('refund_deadlines') }}

),

days as (

    select * from {{ ref('int_marketplaces__business_days') }}

),

ranked as (

    select
        returns.return_key,
        returns.marketplace_code,
        returns.received_date,
        deadlines.day_kind,
        deadlines.deadline_days,
        row_number() over (
            partition by returns.return_key
            order by
                case when deadlines.marketplace_code = 'default' then 1 else 0 end asc
                nulls last
        ) as preference_number
    from returns
    inner join deadlines
        on
            returns.channel = deadlines.channel
            and deadlines.marketplace_code in (returns.marketplace_code, 'default')
            and returns.received_date
            between deadlines.valid_from and deadlines.valid_to
    where deadlines.clock_start = 'received'

),

due as (

    select
        ranked.return_key,
        ranked.day_kind as refund_deadline_day_kind,
        ranked.deadline_days as refund_deadline_days,
        case
            when ranked.day_kind = 'calendar'
                then cast({{ dbt.dateadd(
                    'day', 'ranked.deadline_days', 'ranked.received_date'
                ) }} as date)
            else due_days.date_day
        end as refund_due_date
    from ranked
    left join days as received_days
        on
            ranked.marketplace_code = received_days.marketplace_code
            and ranked.received_date = received_days.date_day
    left join days as due_days
        on
            ranked.marketplace_code = due_days.marketplace_code
            and received_days.business_day_number + ranked.deadline_days
            = due_days.business_day_number
            and due_days.is_business_day
    where ranked.preference_number = 1

)

select * from due
