{# Difference in differences, month by month: what the touched rate did less what the
   untouched one did at the same time. The untouched rate is weighed as the touched
   lines lie over months and places, so the same season and the same mix stand on both
   sides. Errors are of shares; one case and one non-case are added for them (Agresti
   and Caffo 2000), so that no case in twenty is not taken for never. #}
{%- set action = ['seller_id', 'action_id', 'measure_code'] %}
{%- set counted = [
    'treated_case_count', 'treated_base_count', 'comparison_case_count',
    'comparison_base_count', 'weighed_cases', 'weighed_squares'
] %}

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
        {{ qualified(action, 'ends') }},
        ends.month_start_date,
        {{ summed(counted, 'groups', "groups.period_type != 'after'", 'before_') }},
        {{ summed(counted, 'groups', "groups.period_type = 'after'", 'after_') }},
        {{ summed(
            counted, 'groups', "groups.period_type = 'early_before'", 'early_'
        ) }},
        {{ summed(counted, 'groups', "groups.period_type = 'late_before'", 'late_') }}
    from ends
    inner join groups
        on
            {{ equal_columns('ends', 'groups', action) }}
            and (
                groups.period_type != 'after'
                or ends.month_start_date >= groups.month_start_date
            )
    group by
        {{ qualified(action, 'ends') }},
        ends.month_start_date

),

rated as (

    select
        *,
        {{ difference_rates('before') }},
        {{ difference_rates('after') }},
        {{ difference_rates('early') }},
        {{ difference_rates('late') }}
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
    cast(before_treated_case_count as bigint) as before_case_count,
    cast(before_treated_base_count as bigint) as before_base_count,
    cast(before_comparison_case_count as bigint) as before_comparison_case_count,
    cast(before_comparison_base_count as bigint) as before_comparison_base_count,
    cast(before_treated as decimal(9, 6)) as before_rate,
    cast(before_comparison as decimal(9, 6)) as before_comparison_rate,
    cast(after_treated_case_count as bigint) as after_case_count,
    cast(after_treated_base_count as bigint) as after_base_count,
    cast(after_comparison_case_count as bigint) as after_comparison_case_count,
    cast(after_comparison_base_count as bigint) as after_comparison_base_count,
    cast(after_treated as decimal(9, 6)) as after_rate,
    cast(after_comparison as decimal(9, 6)) as after_comparison_rate,
    cast(effect as decimal(9, 6)) as effect_difference,
    cast(effect - 1.959964 * effect_error as decimal(9, 6)) as effect_difference_low,
    cast(effect + 1.959964 * effect_error as decimal(9, 6)) as effect_difference_high,
    cast(trend as decimal(9, 6)) as trend_difference,
    cast(trend - 1.959964 * trend_error as decimal(9, 6)) as trend_difference_low,
    cast(trend + 1.959964 * trend_error as decimal(9, 6)) as trend_difference_high
from compared
