{# Counts only where they can be added up; days as sums beside the number of cases, so
   that a mean can be had of any group. Percentiles are of no sum: they are in
   kpi_refund_days_by_marketplace_month. #}
with

deadlines as (

    select * from {{ ref('fct_refund_deadlines') }}
    where is_counted and month_start_date is not null

),

products as (

    select * from {{ ref('dim_products') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        sku,

        -- measures
        count(*) as return_count,
        count(*) filter (where refund_status = 'not_applicable')
            as no_refund_due_count,
        count(*) filter (where refund_status = 'unknown') as unknown_count,
        count(*) filter (where refund_status = 'done') as refunded_count,
        count(*) filter (where refund_status = 'open') as open_count,
        count(*) filter (where is_due) as due_count,
        count(*) filter (
            where is_due and deadline_status in ('on_time', 'before_receipt')
        ) as on_time_count,
        count(*) filter (where is_due and deadline_status = 'late') as late_count,
        count(*) filter (where is_due and deadline_status = 'missing')
            as missing_count,
        count(*) filter (where deadline_status = 'before_receipt')
            as refunded_before_receipt_count,
        count(*) filter (where is_amount_checked) as amount_checked_count,
        count(*) filter (where is_partially_refunded) as partial_count,
        count(*) filter (where is_double_refunded and refund_status = 'done')
            as double_count,
        count(*) filter (
            where receipt_to_refund_days >= 0 and deadline_status != 'before_receipt'
        ) as receipt_clock_count,
        cast(coalesce(sum(
            case
                when deadline_status != 'before_receipt' then receipt_to_refund_days
            end
        ), 0) as bigint) as receipt_to_refund_days,
        count(request_to_refund_days) as request_clock_count,
        cast(coalesce(sum(request_to_refund_days), 0) as bigint)
            as request_to_refund_days
    from deadlines
    group by seller_id, marketplace_code, channel, month_start_date, sku

)

select
    -- keys
    summed.seller_id,
    summed.marketplace_code,
    summed.channel,
    summed.month_start_date,
    summed.sku,
    products.asin,
    coalesce(products.category_name, 'unknown') as category_name,

    -- measures
    {% for measure in [
        'return_count', 'no_refund_due_count', 'unknown_count', 'refunded_count',
        'open_count', 'due_count', 'on_time_count', 'late_count', 'missing_count',
        'refunded_before_receipt_count', 'amount_checked_count', 'partial_count',
        'double_count', 'receipt_clock_count', 'receipt_to_refund_days',
        'request_clock_count', 'request_to_refund_days',
    ] -%}
        summed.{{ measure }},
    {% endfor -%}
    {{ share('summed.on_time_count', 'summed.due_count') }} as on_time_share,
    {{ wilson_bound('summed.on_time_count', 'summed.due_count', 'low') }}
        as on_time_share_low,
    {{ wilson_bound('summed.on_time_count', 'summed.due_count', 'high') }}
        as on_time_share_high

from summed

left join products
    on
        summed.seller_id = products.seller_id
        and summed.sku = products.sku
