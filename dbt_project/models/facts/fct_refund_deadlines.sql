{# How the refund deadline of each return was met. A deadline is judged once its day has
   passed and settlements reach beyond it, refunded or not: counting quick refunds before
   would make the newest month look better than it will be. #}
with

returns as (

    select * from {{ ref('fct_return_progress') }}

),

checks as (

    select * from {{ ref('fct_refund_checks') }}

),

classified as (

    select
        *,
        case
            when refund_status in ('not_applicable', 'unknown') then refund_status
            when refunded_date_local < received_date then 'before_receipt'
            when refund_due_date is null then 'no_deadline'
            when refunded_date_local <= refund_due_date then 'on_time'
            when refunded_date_local > refund_due_date then 'late'
            when refunds_known_until_date > refund_due_date then 'missing'
            else 'not_yet_due'
        end as deadline_status
    from returns

)

select
    -- keys
    classified.return_key,
    classified.seller_id,
    classified.marketplace_code,
    classified.amazon_order_id,
    classified.sku,

    -- attributes
    classified.channel,
    classified.refund_status,
    classified.deadline_status,
    classified.not_counted_reason,

    -- measures
    cast({{ dbt.datediff(
        'classified.received_date', 'classified.refunded_date_local', 'day'
    ) }} as integer) as receipt_to_refund_days,
    cast({{ dbt.datediff(
        'classified.requested_date', 'classified.refunded_date_local', 'day'
    ) }} as integer) as request_to_refund_days,

    -- flags
    classified.is_counted,
    coalesce(
        classified.deadline_status in ('before_receipt', 'on_time', 'late', 'missing')
        and classified.refunds_known_until_date > classified.refund_due_date,
        false
    ) as is_due,
    coalesce(checks.is_amount_checked, false) as is_amount_checked,
    coalesce(checks.is_partially_refunded, false) as is_partially_refunded,
    coalesce(checks.is_double_refunded, false) as is_double_refunded,

    -- times
    classified.requested_date,
    classified.received_date,
    classified.refund_due_date,
    classified.refunded_date_local,
    classified.month_start_date

from classified

left join checks
    on classified.return_key = checks.return_key
