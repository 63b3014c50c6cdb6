{# Amazon's rate is over requests whose faults are all known to Amazon. Ours is over
   those of which an answer's hour and the buyer's feedback can be read; what the rest
   can make of it is said by the least and the most it can be over all requests. #}
with

requests as (

    select
        *,
        is_response_judged and is_feedback_read as is_judged,
        response_status in ('late', 'unanswered') as is_late,
        response_status in ('not_yet_due', 'undecided') or not is_feedback_read
            as is_open_to_doubt
    from {{ ref('fct_return_requests') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,

        -- measures
        count(case when is_counted then 1 end) as request_count,
        count(case when not is_counted then 1 end) as cancelled_request_count,
        count(case when is_counted and response_status = 'not_yet_due' then 1 end)
            as response_not_yet_due_count,
        count(case when is_counted and is_response_judged then 1 end)
            as response_judged_count,
        {{ count_within('is_counted and is_response_judged', 'is_late') }}
            as late_response_count,
        {{ count_within(
            'is_counted and is_response_judged', "response_status = 'unanswered'"
        ) }} as unanswered_count,
        count(case when is_counted and is_day_judged then 1 end)
            as response_day_known_count,
        {{ count_within('is_counted and is_day_judged', 'is_within_deadline_days') }}
            as within_deadline_days_count,
        count(case when is_counted and is_rejected then 1 end) as rejected_count,
        count(case when is_counted and is_wrongly_rejected then 1 end)
            as invalid_rejection_count,
        count(case when is_counted and is_feedback_read then 1 end)
            as feedback_read_count,
        {{ count_within('is_counted and is_feedback_read', 'has_negative_feedback') }}
            as negative_feedback_count,
        count(case when is_counted and is_judged then 1 end) as judged_count,
        {{ count_within('is_counted and is_judged', 'is_dissatisfied') }}
            as dissatisfied_count,
        count(case when is_counted and is_dissatisfied then 1 end)
            as least_dissatisfied_count,
        count(case
            when is_counted and (is_dissatisfied or is_open_to_doubt) then 1
        end) as most_dissatisfied_count
    from requests
    group by seller_id, marketplace_code, channel, month_start_date

),

amazons as (

    select * from {{ ref('kpi_account_risk_by_marketplace_month') }}
    where metric_code = 'return_dissatisfaction_rate'

)

select
    summed.*,
    {{ share('judged_count', 'request_count') }} as judged_share,
    {% for rate, (part, whole) in {
        'late_response': ('late_response_count', 'response_judged_count'),
        'within_deadline_days':
            ('within_deadline_days_count', 'response_day_known_count'),
        'invalid_rejection': ('invalid_rejection_count', 'request_count'),
        'negative_return_feedback': ('negative_feedback_count', 'feedback_read_count'),
        'dissatisfaction': ('dissatisfied_count', 'judged_count'),
    }.items() %}
        {{ share(part, whole) }} as {{ rate }}_rate,
        {{ wilson_bound(part, whole, 'low') }} as {{ rate }}_rate_low,
        {{ wilson_bound(part, whole, 'high') }} as {{ rate }}_rate_high,
    {% endfor %}
    {{ share('least_dissatisfied_count', 'request_count') }}
        as least_dissatisfaction_rate,
    {{ share('most_dissatisfied_count', 'request_count') }}
        as most_dissatisfaction_rate,

    -- over Amazon's own window, beside Amazon's figure
    amazons.amazon_rate as amazon_dissatisfaction_rate,
    amazons.own_rate as own_dissatisfaction_rate_in_window,
    amazons.own_base_count as judged_in_window_count,
    amazons.own_less_amazon as own_less_amazon_dissatisfaction,
    amazons.difference_code,
    case when amazons.amazon_rate is not null then amazons.window_start_date end
        as amazon_window_start_date,
    case when amazons.amazon_rate is not null then amazons.window_end_date end
        as amazon_window_end_date

from summed

left join amazons
    on
        summed.seller_id = amazons.seller_id
        and summed.marketplace_code = amazons.marketplace_code
        and summed.channel = amazons.channel
        and summed.month_start_date = amazons.month_start_date
