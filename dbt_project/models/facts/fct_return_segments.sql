{# From a return's start to its refund, cut at the steps it passed on the way. A step
   told out of order is passed over: the time runs on. Two cohorts: `completed`
   counts whole returns in the month of the refund; `started` all returns watched for
   the window, in the month they began, with their days within it, finished or not. #}
with

progress as (

    select
        *,
        -- the report of fba returns knows no request: there the receipt is the start
        coalesce(requested_date, received_date) as started_date
    from {{ ref('fct_return_progress') }}
    where is_counted and refund_status in ('done', 'open')

),

milestones as (

    select * from {{ ref('fct_return_milestones') }}

),

parameters as (

    select * from {{ ref('score_parameters') }}
    where parameter_code = 'handling_window_days'

),

timed as (

    select
        progress.*,
        milestones.shipped_date,
        milestones.inspected_date,
        cast({{ dbt.dateadd(
            'day', 'cast(parameters.parameter_value as integer)', 'progress.started_date'
        ) }} as date) as window_end_date
    from progress
    inner join milestones
        on progress.return_key = milestones.return_key
    inner join parameters
        on progress.started_date between parameters.valid_from and parameters.valid_to
    where
        progress.refund_status = 'open'
        or progress.refunded_date_local >= progress.started_date

),

points as (

    {% for number, name, column, latest in [
        (1, 'request', 'requested_date', 'refunded_date_local'),
        (2, 'shipment', 'shipped_date', 'least(received_date, refunded_date_local)'),
        (3, 'receipt', 'received_date', 'refunded_date_local'),
        (4, 'inspection', 'inspected_date', 'refunded_date_local'),
    ] %}
        select
            return_key,
            {{ number }} as point_number,
            '{{ name }}' as point_name,
            {{ column }} as point_date
        from timed
        where
            {{ column }} >= started_date
            and {{ column }} <= coalesce({{ latest }}, {{ column }})
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

ordered as (

    select
        *,
        max(point_date) over (
            partition by return_key
            order by point_number asc nulls last
            rows between unbounded preceding and current row
        ) as newest_date
    from points

),

cut as (

    select
        *,
        lead(point_name) over (
            partition by return_key order by point_number asc nulls last
        ) as next_name,
        lead(point_date) over (
            partition by return_key order by point_number asc nulls last
        ) as next_date
    from ordered
    where point_date = newest_date

),

cohorts as (

    select
        *,
        'completed' as cohort_code,
        refunded_date_local as cut_date,
        cast({{ dbt.date_trunc('month', 'refunded_date_local') }} as date)
            as cohort_month_start_date
    from timed
    where refund_status = 'done'

    union all

    select
        *,
        'started' as cohort_code,
        least(refunded_date_local, window_end_date) as cut_date,
        cast({{ dbt.date_trunc('month', 'started_date') }} as date)
            as cohort_month_start_date
    from timed
    where window_end_date <= refunds_known_until_date

)

select
    -- keys
    {{ surrogate_key(['cohorts.return_key', 'cohorts.cohort_code', 'cut.point_name']) }}
        as return_segment_key,
    cohorts.return_key,
    cohorts.seller_id,
    cohorts.marketplace_code,

    -- attributes
    cohorts.channel,
    cohorts.amazon_order_id,
    cohorts.sku,
    cohorts.cohort_code,
    concat(cut.point_name, '_to_', coalesce(cut.next_name, 'refund')) as stage_code,

    -- measures
    cast({{ dbt.datediff(
        'cut.point_date', 'least(cut.next_date, cohorts.cut_date)', 'day'
    ) }} as integer) as segment_days,

    -- times
    cut.point_date as started_date,
    cohorts.cohort_month_start_date as month_start_date
from cohorts
inner join cut
    on cohorts.return_key = cut.return_key and cohorts.cut_date >= cut.point_date
