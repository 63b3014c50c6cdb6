{# Verdicts, strictest doubt first. A rate is to fall and the share on time to rise:
   the ends of `gain` say how far it moved the wanted way. #}
{%- set action = ['seller_id', 'action_id', 'measure_code'] %}
{%- set texts = ['action_type', 'aim_name', 'action_text'] %}
{%- set amounts = ['other_action_count', 'action_cost_amount', 'currency_code'] %}
{%- set compared = [] %}
{%- for period in ['before', 'after'] %}
    {%- for column in [
        'case_count', 'base_count', 'comparison_case_count', 'comparison_base_count',
        'rate', 'comparison_rate'
    ] %}{% do compared.append(period ~ '_' ~ column) %}{% endfor %}
{%- endfor %}
{%- for column in ['effect_difference', 'trend_difference'] %}
    {%- do compared.extend([column, column ~ '_low', column ~ '_high']) %}
{%- endfor %}

with

measures as (

    select
        {{ action | join(', ') }},
        {{ (texts + amounts) | join(', ') }},
        is_target,
        started_date,
        bool_and(target_code = 'unknown') as is_unknown,
        cast({{ dbt.date_trunc('month', 'started_date') }} as date) as start_month,
        case when measure_code = 'on_time_share' then -1 else 1 end as wanted_sign
    from {{ ref('fct_action_measures') }}
    group by
        {{ (action + texts + amounts) | join(', ') }},
        is_target,
        started_date

),

groups as (

    select
        {{ action | join(', ') }},
        max(case when period_type = 'after' then 1 else 0 end) as after_count
    from {{ ref('kpi_action_groups_by_action_month') }}
    group by {{ action | join(', ') }}

),

gained as (

    select
        measures.*,
        coalesce(differences.month_start_date, measures.start_month)
            as month_start_date,
        {{ qualified(compared, 'differences') }},
        groups.after_count,
        thresholds.minimum_base_count,
        thresholds.worthwhile_effect_share,
        case measures.wanted_sign
            when 1 then -differences.effect_difference_high
            else differences.effect_difference_low
        end as gain_low,
        case measures.wanted_sign
            when 1 then -differences.effect_difference_low
            else differences.effect_difference_high
        end as gain_high

    from measures

    inner join {{ ref('dim_cause_parameters') }} as thresholds
        on measures.start_month = thresholds.month_start_date

    left join groups
        on {{ equal_columns('measures', 'groups', action) }}

    left join {{ ref('kpi_action_differences_by_action_month') }} as differences
        on {{ equal_columns('measures', 'differences', action) }}

),

judged as (

    select
        *,
        case
            when is_unknown then 'unknown_target'
            when after_count is null then 'not_measured'
            when after_count = 0 then 'too_recent'
            when effect_difference is null then 'no_comparison_group'
            when
                least(
                    before_base_count, after_base_count, before_comparison_base_count,
                    after_comparison_base_count
                ) < minimum_base_count
                then 'sample_too_small'
            when trend_difference_low > 0 or trend_difference_high < 0
                then 'trends_differ'
            when other_action_count > 0 then 'other_action_at_once'
            when gain_low > 0 then 'improved'
            when gain_high < 0 then 'worsened'
            when
                gain_high < worthwhile_effect_share
                * case when wanted_sign = 1 then before_rate else 1 - before_rate end
                then 'no_worthwhile_effect'
            else 'interval_spans_zero'
        end as verdict_reason_code
    from gained

)

select
    -- keys
    {{ qualified(action, 'judged') }},
    judged.month_start_date,

    -- attributes
    {{ qualified(texts, 'judged') }},
    case
        when judged.verdict_reason_code = 'improved' then 'success'
        when judged.verdict_reason_code in ('worsened', 'no_worthwhile_effect')
            then 'failure'
        else 'unclear'
    end as verdict_status,
    judged.verdict_reason_code,
    lessons.lesson_text,
    lessons.lesson_zh_text,

    -- measures
    {{ qualified(compared, 'judged') }},
    -cast(judged.effect_difference as double) * judged.wanted_sign
    * judged.after_base_count as gained_cases,
    {{ qualified(amounts, 'judged') }},

    -- flags
    judged.is_target,
    row_number() over (
        partition by judged.seller_id, judged.action_id, judged.measure_code
        order by judged.month_start_date desc nulls last
    ) = 1 as is_latest,

    -- times
    judged.started_date

from judged

left join {{ ref('dim_action_lessons') }} as lessons
    on
        judged.verdict_reason_code = lessons.verdict_reason_code
        and judged.month_start_date between lessons.valid_from and lessons.valid_to
