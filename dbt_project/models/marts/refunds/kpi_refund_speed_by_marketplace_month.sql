with

deadlines as (

    select * from {{ ref('fct_refund_deadlines') }}
    where is_counted and month_start_date is not null

),

days as (

    select * from {{ ref('kpi_refund_days_by_marketplace_month') }}

),

counted as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        count(*) as return_count,
        count(*) filter (where refund_status = 'not_applicable')
            as no_refund_due_count,
        count(*) filter (where refund_status = 'unknown') as unknown_count,
        count(*) filter (where refund_status = 'done') as refunded_count,
        count(*) filter (where refund_status = 'open') as open_count,
        count(*) filter (where deadline_status = 'no_deadline') as no_deadline_count,
        count(*) filter (where is_due) as due_count,
        {{ count_within('is_due', "deadline_status in ('on_time', 'before_receipt')") }}
            as on_time_count,
        {{ count_within('is_due', "deadline_status = 'late'") }} as late_count,
        {{ count_within('is_due', "deadline_status = 'missing'") }} as missing_count,
        count(*) filter (where deadline_status = 'before_receipt')
            as refunded_before_receipt_count,
        count(*) filter (where is_amount_checked) as amount_checked_count,
        {{ count_within('is_amount_checked', 'is_partially_refunded') }}
            as partial_count,
        {{ count_within("refund_status = 'done'", 'is_double_refunded') }}
            as double_count
    from deadlines
    group by seller_id, marketplace_code, channel, month_start_date

),

clocked as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        max(p50_days) filter (where clock_code = 'receipt')
            as receipt_to_refund_p50_days,
        max(p90_days) filter (where clock_code = 'receipt')
            as receipt_to_refund_p90_days,
        max(p50_days) filter (where clock_code = 'request')
            as request_to_refund_p50_days,
        max(p90_days) filter (where clock_code = 'request')
            as request_to_refund_p90_days
    from days
    group by seller_id, marketplace_code, channel, month_start_date

)

select
    counted.*,
    clocked.receipt_to_refund_p50_days,
    clocked.receipt_to_refund_p90_days,
    clocked.request_to_refund_p50_days,
    clocked.request_to_refund_p90_days,
    {{ share('counted.on_time_count', 'counted.due_count') }} as on_time_share,
    {{ wilson_bound('counted.on_time_count', 'counted.due_count', 'low') }}
        as on_time_share_low,
    {{ wilson_bound('counted.on_time_count', 'counted.due_count', 'high') }}
        as on_time_share_high,
    {{ share('counted.partial_count', 'counted.amount_checked_count') }}
        as partial_share,
    {{ share('counted.double_count', 'counted.refunded_count') }} as double_share,
    {{ share(
        'counted.refunded_count + counted.open_count',
        'counted.return_count - counted.no_refund_due_count'
    ) }} as known_share

from counted

left join clocked
    on
        counted.seller_id = clocked.seller_id
        and counted.marketplace_code = clocked.marketplace_code
        and counted.channel = clocked.channel
        and counted.month_start_date = clocked.month_start_date
