{# Days from receipt and from request to the refund, as percentiles: open cases count as
   longer than any finished one, so a percentile that falls among them is null. A refund
   before receipt is a class of its own, not a negative duration. #}
with

deadlines as (

    select * from {{ ref('fct_refund_deadlines') }}
    where
        is_counted
        and month_start_date is not null
        and refund_status in ('done', 'open')

),

clocks as (

    select
        *,
        'receipt' as clock_code,
        receipt_to_refund_days as refund_days
    from deadlines
    where received_date is not null and deadline_status != 'before_receipt'

    union all

    select
        *,
        'request' as clock_code,
        request_to_refund_days as refund_days
    from deadlines
    where requested_date is not null

),

ranked as (

    select
        *,
        case
            when refund_days is not null
                then row_number() over (
                    partition by
                        seller_id, marketplace_code, channel, month_start_date,
                        clock_code
                    order by refund_days asc nulls last, return_key asc nulls last
                )
        end as refund_rank,
        count(*) over (
            partition by
                seller_id, marketplace_code, channel, month_start_date, clock_code
        ) as cases
    from clocks

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        clock_code,

        -- measures
        count(*) as case_count,
        count(refund_days) as refunded_count,
        {{ nearest_rank('refund_days', 'refund_rank', 'cases', 50) }} as p50_days,
        {{ nearest_rank('refund_days', 'refund_rank', 'cases', 90) }} as p90_days
    from ranked
    group by seller_id, marketplace_code, channel, month_start_date, clock_code

)

select * from summed
