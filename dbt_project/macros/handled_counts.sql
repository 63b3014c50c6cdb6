{# What one kind of actor did of a stage: events, those at fault, and the lower median of
   the days waited with its 95 % interval by order statistics (none below eight cases).
   `wait_rank` numbers the actor's `wait_count` known waits from the shortest. #}
{% macro handled_counts(name, actor_kind) -%}
    {%- set own = "actor_kind = '" ~ actor_kind ~ "'" -%}
    {%- set rank = "floor((wait_count - 1.959964 * sqrt(wait_count)) / 2)" -%}
    count(*) filter (where {{ own }}) as {{ name }}_count,
    count(*) filter (where {{ own }} and is_error) as {{ name }}_error_count,
    count(waited_days) filter (where {{ own }}) as {{ name }}_timed_count,
    max(waited_days) filter (
        where {{ own }} and wait_rank = floor((wait_count + 1) / 2.0)
    ) as {{ name }}_p50_days,
    max(waited_days) filter (where {{ own }} and wait_rank = {{ rank }})
        as {{ name }}_p50_days_low,
    max(waited_days) filter (
        where {{ own }} and {{ rank }} >= 1 and wait_rank = wait_count + 1 - {{ rank }}
    ) as {{ name }}_p50_days_high
{%- endmacro %}
