{# What is known about the returns that began in a month. #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}

),

progress as (

    select * from {{ ref('fct_return_progress') }}

),

counts as (

    select
        returns.seller_id,
        returns.month_start_date,
        count(*) as return_count,
        count(*) filter (where returns.order_match_class = 'order_line')
            as with_order_line,
        count(*) filter (where returns.marketplace_code != 'unknown')
            as with_marketplace,
        count(*) filter (where returns.return_reason_family != 'unclassified')
            as with_reason,
        count(*) filter (where returns.received_date is not null) as with_receipt,
        count(*) filter (where progress.refund_status != 'not_applicable')
            as expecting_refund,
        count(*) filter (where progress.refund_status in ('done', 'open'))
            as with_refund,
        count(*) filter (where returns.attribution_verdict in ('agrees', 'contradicts'))
            as with_verdict

    from returns

    inner join progress
        on returns.return_key = progress.return_key

    where returns.is_counted and returns.month_start_date is not null

    group by returns.seller_id, returns.month_start_date

),

measures as (

    select
        listed.coverage_measure,
        listed.note
    from (
        values
        ('returns_with_order_line', 'the landed orders hold the line that came back'),
        ('returns_with_marketplace', 'folder, report or order names the marketplace'),
        ('returns_with_known_reason', 'the reason code is in the seed return_reasons'),
        ('returns_with_received_date', 'the report states when the parcel arrived'),
        ('returns_with_refund_evidence', 'settlements tell whether it was refunded'),
        ('returns_with_verdict', 'a finding agrees with the reason or contradicts it')
    ) as listed (coverage_measure, note)

),

spread as (

    select
        counts.seller_id,
        counts.month_start_date,
        measures.coverage_measure,
        case measures.coverage_measure
            when 'returns_with_order_line' then counts.with_order_line
            when 'returns_with_marketplace' then counts.with_marketplace
            when 'returns_with_known_reason' then counts.with_reason
            when 'returns_with_received_date' then counts.with_receipt
            when 'returns_with_refund_evidence' then counts.with_refund
            when 'returns_with_verdict' then counts.with_verdict
        end as covered_count,
        case measures.coverage_measure
            when 'returns_with_refund_evidence' then counts.expecting_refund
            else counts.return_count
        end as total_count,
        measures.note
    from counts
    cross join measures

)

select
    *,
    {{ share('covered_count', 'total_count') }} as coverage_share
from spread
