{# Whether what went wrong was followed by bad feedback. Both sides of a comparison are
   watched from the same day on, the one on which it shows whether the order is exposed:
   a rating from before cannot come of it, and an order rated early would have no time
   left to be exposed. #}
{%- set order = ['seller_id', 'amazon_order_id'] %}
{%- set reason -%}
    case
        when window_status != 'covered' then window_status
        when watched_from_date >= window_end_date then 'watched_after_window'
        when negative_feedback_date < watched_from_date then 'rated_before'
    end
{%- endset %}
with

orders as (

    select
        orders.*,
        windows.window_status,
        windows.window_end_date
    from {{ ref('fct_returned_orders') }} as orders
    inner join {{ ref('fct_feedback_windows') }} as windows
        on
            {{ equal_columns('orders', 'windows', order) }}

),

returns as (

    select
        pieces.seller_id,
        pieces.amazon_order_id,
        min(pieces.stated_fault_party) as stated_fault_party,
        max(case when deadlines.is_due then deadlines.refund_due_date end)
            as refund_due_date,
        bool_or(deadlines.is_due and deadlines.deadline_status in ('late', 'missing'))
            as is_refund_slow,
        bool_or(
            deadlines.is_partially_refunded
            or coalesce(
                pieces.return_status = 'rejected' and pieces.is_in_policy
                or pieces.label_payer = 'buyer'
                and pieces.expected_label_payer = 'seller',
                false
            )
        ) as is_wrongly_judged
    from {{ ref('fct_returns') }} as pieces
    inner join {{ ref('fct_refund_deadlines') }} as deadlines
        on pieces.return_key = deadlines.return_key
    where pieces.is_counted
    group by pieces.seller_id, pieces.amazon_order_id

),

waits as (

    select
        waits.seller_id,
        waits.amazon_order_id,
        max(waits.asked_date_local) as last_asked_date,
        bool_or(not waits.is_within_24_hours) as is_answer_slow
    from {{ ref('fct_contact_waits') }} as waits
    inner join orders
        on
            {{ equal_columns('waits', 'orders', order) }}
            -- buyers ask the day before how to send it back
            and waits.asked_date_local
            >= {{ dbt.dateadd('day', -1, 'orders.first_returned_date') }}
    where waits.is_due_in_24_hours
    group by waits.seller_id, waits.amazon_order_id

),

exposures as (

    select
        seller_id,
        amazon_order_id,
        'slow_refund' as exposure_code,
        refund_due_date as from_date,
        is_refund_slow as is_exposed
    from returns
    where refund_due_date is not null

    union all

    select
        seller_id,
        amazon_order_id,
        'slow_answer' as exposure_code,
        cast({{ dbt.dateadd('day', 1, 'last_asked_date') }} as date) as from_date,
        is_answer_slow
    from waits

    union all

    -- a judgement has no day: the order is watched from its return on
    select
        seller_id,
        amazon_order_id,
        'wrongly_judged' as exposure_code,
        cast(null as date) as from_date,
        is_wrongly_judged
    from returns

),

watched as (

    select
        orders.*,
        exposures.exposure_code,
        coalesce(exposures.from_date, orders.first_returned_date)
            as watched_from_date,
        exposures.is_exposed,
        returns.stated_fault_party
    from exposures
    inner join orders
        on
            {{ equal_columns('exposures', 'orders', order) }}
    inner join returns
        on
            {{ equal_columns('exposures', 'returns', order) }}

)

select
    -- keys
    {{ surrogate_key(['seller_id', 'amazon_order_id', 'exposure_code']) }}
        as feedback_exposure_key,
    seller_id,
    marketplace_code,
    channel,
    amazon_order_id,

    -- attributes
    exposure_code,
    coalesce(stated_fault_party, 'unknown') as stated_fault_party,
    {{ reason }} as not_counted_reason,

    -- flags
    {{ reason }} is null as is_counted,
    coalesce(is_exposed, false) as is_exposed,
    coalesce(negative_feedback_date >= watched_from_date, false)
        as has_negative_feedback,

    -- times
    watched_from_date,
    month_start_date
from watched
