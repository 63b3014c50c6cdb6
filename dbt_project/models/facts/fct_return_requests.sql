{# Amazon's three ways in which a request goes wrong: no answer in time, a rejection
   against the policy, a complaint. An answer decides it, or is a refund in time; later
   refunds and moved goods only prove that there was one. Hours are not made of days. #}
{%- set order = ['seller_id', 'amazon_order_id'] %}
{%- set place = ['seller_id', 'marketplace_code'] %}
{%- set is_answer = "events.stage_code in ('authorised', 'label_issued', 'closed')" %}
{%- set is_rejected = "coalesce(asked.return_status = 'rejected', false)" %}
{%- set wait = minutes_between('asked.requested_at', 'events.event_at') %}
{%- set days = dbt.datediff('asked.requested_date', 'events.event_date_local', 'day') %}
{%- set is_refund = "events.stage_code = 'refunded' and rules.deadline_hours" %}
{%- set is_quick = is_refund ~ ' * 60 >= ' ~ wait %}
{%- set is_near = is_refund ~ ' >= 24 * ' ~ days %}
with

requests as (

    select
        asked.seller_id,
        asked.amazon_order_id,
        coalesce(
            asked.amazon_rma_id,
            'on ' || cast(asked.requested_date as {{ dbt.type_string() }})
        ) as request_id,
        min(asked.marketplace_code) as marketplace_code,
        min(asked.channel) as channel,
        count(distinct asked.return_key) as return_count,
        count(events.return_event_key) as trace_count,
        bool_or(asked.is_counted) as is_counted,
        bool_or(asked.return_status is not null) as has_status,
        bool_or({{ is_rejected }}) as is_rejected,
        bool_or({{ is_rejected }} and asked.is_in_policy) as is_wrongly_rejected,
        min(asked.requested_at) as requested_at,
        min(asked.requested_date) as requested_date,
        min(rules.deadline_hours) as deadline_hours,
        min(case when {{ is_answer }} or {{ is_quick }} then events.event_at end)
            as answered_at,
        min(case
            when {{ is_answer }} or {{ is_near }}
                then events.event_date_local
        end) as answered_date_local,
        min(events.event_date_local) as traced_date_local
    from {{ ref('fct_returns') }} as asked
    inner join {{ ref('response_deadlines') }} as rules
        on
            rules.deadline_type = 'answer_request'
            and rules.marketplace_code = 'default'
            and asked.requested_date between rules.valid_from and rules.valid_to
    left join {{ ref('fct_return_events') }} as events
        on
            asked.return_key = events.return_key
            and events.stage_code not in ('requested', 'other')
    where asked.channel in ('mfn', 'seller_flex')
    group by asked.seller_id, asked.amazon_order_id, request_id

),

timed as (

    select
        requests.*,
        {{ minutes_between('requests.requested_at', 'requests.answered_at') }}
            as answer_minutes,
        {{ dbt.datediff('requests.requested_date', 'answered_date_local', 'day') }}
            as answer_days,
        {{ dbt.datediff('requests.requested_date', 'traced_date_local', 'day') }}
            as trace_days,
        {{ dbt.datediff('requests.requested_date', 'data_as_of_date', 'day') }}
            as observed_days,
        coalesce(windows.window_status, 'uncovered') as feedback_status,
        read_days.covered_date is not null as is_read_day,
        coalesce(orders.negative_feedback_date >= requests.requested_date, false)
            as has_negative_feedback
    from requests
    inner join {{ ref('dim_sellers') }} as sellers
        on requests.seller_id = sellers.seller_id
    left join {{ ref('fct_returned_orders') }} as orders
        on {{ equal_columns('requests', 'orders', order) }}
    left join {{ ref('fct_feedback_windows') }} as windows
        on {{ equal_columns('requests', 'windows', order) }}
    left join {{ ref('dim_report_days') }} as read_days
        on
            {{ equal_columns('requests', 'read_days', place) }}
            and read_days.report_code = 'seller_feedback'
            and requests.requested_date = read_days.covered_date

),

judged as (

    select
        *,
        case
            when (observed_days - 1) * 24 < deadline_hours then 'not_yet_due'
            when answer_minutes <= deadline_hours * 60 then 'in_time'
            when answer_minutes is not null then 'late'
            when (answer_days + 1) * 24 <= deadline_hours then 'in_time'
            when (answer_days - 1) * 24 >= deadline_hours then 'late'
            when answer_days is not null then 'undecided'
            when (trace_days + 1) * 24 <= deadline_hours then 'in_time'
            when trace_count = 0 and has_status then 'unanswered'
            else 'undecided'
        end as response_status
    from timed

)

select
    -- keys
    {{ surrogate_key(['seller_id', 'amazon_order_id', 'request_id']) }} as request_key,
    seller_id,
    marketplace_code,
    channel,
    amazon_order_id,
    request_id,

    -- attributes
    response_status,
    feedback_status,
    case when not is_counted then 'request_cancelled' end as not_counted_reason,

    -- measures
    return_count,
    answer_minutes,
    cast(answer_days as integer) as answer_days,

    -- flags
    is_counted,
    response_status in ('in_time', 'late', 'unanswered')
    and requested_at is not null
    and (answered_at is not null or response_status = 'unanswered')
        as is_response_judged,
    response_status != 'not_yet_due'
    and (answer_days is not null or response_status = 'unanswered')
        as is_day_judged,
    coalesce(answer_days * 24 <= deadline_hours, false) as is_within_deadline_days,
    feedback_status = 'covered'
    or (feedback_status = 'not_yet_due' and is_read_day) as is_feedback_read,
    is_rejected,
    is_wrongly_rejected,
    has_negative_feedback,
    response_status in ('late', 'unanswered')
    or is_wrongly_rejected
    or has_negative_feedback as is_dissatisfied,

    -- times
    requested_at,
    requested_date,
    answered_at,
    cast({{ dbt.date_trunc('month', 'requested_date') }} as date) as month_start_date
from judged
