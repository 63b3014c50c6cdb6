{# How far each return has come and until which day that is known. Nothing is called
   open beyond the day its evidence reaches to: receipts are known until the newest
   delivery of the return report that covers the request, refunds as far as settlements
   reach without a gap. #}
with

returns as (

    select
        *,
        coalesce(requested_date, ordered_date, received_date) as refundable_from_date
    from {{ ref('fct_returns') }}

),

refunded as (

    select * from {{ ref('fct_refunded_returns') }}

),

periods as (

    select * from {{ ref('int_settlement_periods__merged') }}

),

report_days as (

    select * from {{ ref('dim_report_days') }}
    where report_code = 'mfn_returns'

),

sellers as (

    select * from {{ ref('dim_seller_marketplaces') }}

)

select
    -- keys
    returns.return_key,
    returns.seller_id,
    returns.marketplace_code,
    returns.amazon_order_id,
    returns.sku,

    -- attributes
    returns.channel,
    case
        when returns.received_date is not null then 'done'
        when returns.is_returnless then 'not_applicable'
        when returns.return_status in ('closed', 'rejected') then 'not_applicable'
        -- reports that never state a delivery leave receipts unknown, not open
        when not sellers.has_stated_receipts then 'unknown'
        else 'open'
    end as receipt_status,
    coalesce(refunded.refund_status, 'unknown') as refund_status,
    returns.not_counted_reason,

    -- measures
    returns.returned_quantity,
    coalesce(refunded.refunded_quantity, 0) as refunded_quantity,
    coalesce(refunded.refund_count, 0) as refund_count,

    -- flags
    returns.is_counted,

    -- times
    returns.requested_date,
    returns.received_date,
    returns.refund_due_date,
    refunded.first_refunded_date_local,
    -- the day on which all units were refunded
    case
        when refunded.refund_status = 'done' then refunded.last_refunded_date_local
    end as refunded_date_local,
    report_days.known_until_date as receipts_known_until_date,
    periods.covered_end_date as refunds_known_until_date,
    {{ return_month() }} as month_start_date

from returns

left join refunded
    on returns.return_key = refunded.return_key

inner join sellers
    on
        returns.seller_id = sellers.seller_id
        and returns.marketplace_code = sellers.marketplace_code

left join periods
    on
        returns.seller_id = periods.seller_id
        and returns.marketplace_code = periods.marketplace_code
        and returns.refundable_from_date
        between periods.covered_start_date and periods.covered_end_date

left join report_days
    on
        returns.seller_id = report_days.seller_id
        and returns.marketplace_code = report_days.marketplace_code
        and returns.requested_date = report_days.covered_date
