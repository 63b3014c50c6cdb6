with

waits as (

    select * from {{ ref('kpi_contact_response_by_cut_month') }}
    where cut_code = 'all'

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,

    -- measures
    wait_count,
    conversation_count,
    return_linked_count,
    repeated_question_count,
    automatic_reply_count,
    answered_count,
    open_count,
    answered_hours,
    due_in_24_hours_count,
    within_24_hours_count,
    due_in_48_hours_count,
    within_48_hours_count,
    unanswered_after_24_hours_count,
    only_automatic_in_24_hours_count,
    resolved_count,
    resolution_stated_count,
    response_p50_hours,
    response_p75_hours,
    response_p90_hours,
    response_p95_hours,
    first_response_p50_hours,
    first_response_p75_hours,
    first_response_p90_hours,
    first_response_p95_hours,
    resolution_p50_hours,
    resolution_p75_hours,
    resolution_p90_hours,
    resolution_p95_hours,
    within_24_hours_share,
    within_24_hours_share_low,
    within_24_hours_share_high,
    within_48_hours_share,
    within_48_hours_share_low,
    within_48_hours_share_high,
    automatic_reply_share
from waits
