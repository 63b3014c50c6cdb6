{# Difference in differences, month by month: what the touched rate did less what the
   untouched one did at the same time. The untouched rate is weighed as the touched
   lines lie over months and places, so the same season and the same mix stand on both
   sides. Errors are of shares; one case and one non-case are added for them (Agresti
   and Caffo 2000), so that no case in twenty is not taken for never. #}
{%- set action = ['seller_id', 'action_id', 'measure_code'] %}
{%- set periods = {
    'before': "('early_before', 'late_before')", 'after': "('after')",
    'early': "('early_before')", 'late': "('late_before')",
} %}

with

groups as (

    select
        *,
        cast(treated_base_count as double) * comparison_case_count
        / comparison_base_count as weighed_cases,
        cast(treated_base_count as double) * treated_base_count
        / comparison_base_count as weighed_squares
    from {{ ref('kpi_action_groups_by_action_month') }}
    where comparison_base_count > 0

),

ends as (

    select
        {{ action | join(', ') }},
        month_start_date
    from groups
    where period_type = 'after'
    group by {{ action | join(', ') }}, month_start_date

),

summed as (

    select
        {% for column in action %}ends.{{ column }},
        {% endfor -%}
        ends.month_start_date,
        {% for period, types in periods.items() -%}
            {% for column in [
                'treated_case_count', 'treated_base_count', 'comparison_case_count',
                'comparison_base_count', 'weighed_cases', 'weighed_squares'
            ] -%}
                coalesce(sum(case
                    when groups.period_type in {{ types }} then groups.{{ column }}
                end), 0) as {{ period }}_{{ column }}{{ ',' if not loop.last }}
            {% endfor -%}
            {{ ',' if not loop.last }}
        {% endfor %}
    from ends
    inner join groups
        on
            {{ equal_columns('ends', 'groups', action) }}
            and (
                groups.period_type != 'after'
                or ends.month_start_date >= groups.month_start_date
            )
    group by
        {% for column in action %}ends.{{ column }}, {% endfor -%}
        ends.month_start_date

),

rated as (

    select
        *,
        {% for period in periods -%}
            {{ period }}_treated_case_count
            / nullif(cast({{ period }}_treated_base_count as double), 0)
                as {{ period }}_treated,
            {{ period }}_weighed_cases
            / nullif(cast({{ period }}_treated_base_count as double), 0)
                as {{ period }}_comparison,
            {{ difference_variance(period) }} as {{ period }}_variance
            {{- ',' if not loop.last }}
        {% endfor %}
    from summed

),

compared as (

    select
        *,
        after_treated - before_treated - (after_comparison - before_comparison)
            as effect,
        sqrt(before_variance + after_variance) as effect_error,
        late_treated - early_treated - (late_comparison - early_comparison) as trend,
        sqrt(early_variance + late_variance) as trend_error
    from rated

)

select
    -- keys
    seller_id,
    action_id,
    measure_code,
    month_start_date,

    -- measures
    {% for period in ['before', 'after'] -%}
        cast({{ period }}_treated_case_count as bigint) as {{ period }}_case_count,
        cast({{ period }}_treated_base_count as bigint) as {{ period }}_base_count,
        cast({{ period }}_comparison_case_count as bigint)
            as {{ period }}_comparison_case_count,
        cast({{ period }}_comparison_base_count as bigint)
            as {{ period }}_comparison_base_count,
        cast({{ period }}_treated as decimal(9, 6)) as {{ period }}_rate,
        cast({{ period }}_comparison as decimal(9, 6)) as {{ period }}_comparison_rate,
    {% endfor -%}
    {% for difference in ['effect', 'trend'] -%}
        cast({{ difference }} as decimal(9, 6)) as {{ difference }}_difference,
        cast({{ difference }} - 1.959964 * {{ difference }}_error as decimal(9, 6))
            as {{ difference }}_difference_low,
        cast({{ difference }} + 1.959964 * {{ difference }}_error as decimal(9, 6))
            as {{ difference }}_difference_high{{ ',' if not loop.last }}
    {% endfor %}
from compared
