{# The same figures for everything at once (cut `all`) and cut by one thing at a time:
   each wait is in one row of every cut. Percentiles are Kaplan-Meier estimates: a wait
   that is still open counts for as long as it was watched, not as answered and not as
   endless. #}
{%- set cuts = {
    'all': "'all'",
    'agent': 'agent_id',
    'automatic_reply': "case when has_automatic_reply then 'yes' else 'no' end",
    'hour': 'cast(asked_hour as ' ~ dbt.type_string() ~ ')',
    'language': 'language_code',
    'return_linked': "case when is_return_linked then 'yes' else 'no' end",
    'weekday': 'cast(asked_iso_weekday as ' ~ dbt.type_string() ~ ')',
} %}
{%- set keys = [
    'seller_id', 'marketplace_code', 'channel', 'month_start_date', 'cut_code',
    'cut_value',
] %}
with

waits as (

    {% for cut, value in cuts.items() %}
        select
            *,
            '{{ cut }}' as cut_code,
            {{ value }} as cut_value
        from {{ ref('fct_contact_waits') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

clocks as (

    {% for clock, (minutes, has_ended, is_clocked) in {
        'response': ('wait_minutes', 'is_answered', 'true'),
        'first_response': ('wait_minutes', 'is_answered', 'is_first_wait'),
        'resolution': ('resolution_minutes', 'is_resolved', 'is_first_wait'),
    }.items() %}
        select
            *,
            '{{ clock }}' as clock_code,
            {{ minutes }} as clock_minutes,
            {{ has_ended }} as has_ended
        from waits
        where {{ is_clocked }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

steps as (

    select *
    from {{ survival_steps(
        'clocks', keys + ['clock_code'], 'clock_minutes', 'has_ended'
    ) }} as survival

),

percentiles as (

    select
        {% for clock in ['response', 'first_response', 'resolution'] %}
            {% for percent in [50, 75, 90, 95] %}
                {{ survival_percentile(
                    "clock_code = '" ~ clock ~ "'", percent
                ) }} as {{ clock }}_p{{ percent }}_hours,
            {% endfor %}
        {% endfor %}
        {{ keys | join(', ') }}
    from steps
    group by {{ keys | join(', ') }}

),

summed as (

    select
        {{ keys | join(', ') }},

        -- measures
        count(*) as wait_count,
        count(case when is_first_wait then 1 end) as conversation_count,
        count(case when is_return_linked then 1 end) as return_linked_count,
        count(case when has_repeated_question then 1 end) as repeated_question_count,
        count(case when has_automatic_reply then 1 end) as automatic_reply_count,
        count(case when is_answered then 1 end) as answered_count,
        count(case when not is_answered then 1 end) as open_count,
        cast(
            sum(case when is_answered then wait_minutes end) / 60 as decimal(18, 2)
        ) as answered_hours,
        {%- for hours in [24, 48] %}
            count(case when is_due_in_{{ hours }}_hours then 1 end)
                as due_in_{{ hours }}_hours_count,
            {{ count_within(
                'is_due_in_' ~ hours ~ '_hours', 'is_within_' ~ hours ~ '_hours'
            ) }} as within_{{ hours }}_hours_count,
        {%- endfor %}
        {{ count_within('is_due_in_24_hours', 'not is_answered') }}
            as unanswered_after_24_hours_count,
        {{ count_within(
            'is_due_in_24_hours', 'has_automatic_reply and not is_within_24_hours'
        ) }} as only_automatic_in_24_hours_count,
        count(case when is_resolved then 1 end) as resolved_count,
        count(case when resolution_source = 'stated' then 1 end)
            as resolution_stated_count
    from waits
    group by {{ keys | join(', ') }}

)

select
    summed.*,
    {%- for clock in ['response', 'first_response', 'resolution'] %}
        {%- for percent in [50, 75, 90, 95] %}
            percentiles.{{ clock }}_p{{ percent }}_hours,
        {%- endfor %}
    {%- endfor %}
    {%- for hours in [24, 48] %}
        {%- set part = 'within_' ~ hours ~ '_hours_count' %}
        {%- set whole = 'due_in_' ~ hours ~ '_hours_count' %}
        {{ share(part, whole) }} as within_{{ hours }}_hours_share,
        {{ wilson_bound(part, whole, 'low') }} as within_{{ hours }}_hours_share_low,
        {{ wilson_bound(part, whole, 'high') }} as within_{{ hours }}_hours_share_high,
    {%- endfor %}
    {{ share('automatic_reply_count', 'wait_count') }} as automatic_reply_share

from summed

inner join percentiles
    on
        {{ equal_columns('summed', 'percentiles', keys) }}
