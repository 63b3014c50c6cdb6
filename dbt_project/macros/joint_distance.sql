{# How far several distances reach together: those that hang together (`is_dependent`)
   added up, that sum and each of the others as independent errors. #}
{% macro joint_distance(distance, is_dependent) -%}
    sqrt(
        power(
            coalesce(sum(case when {{ is_dependent }} then {{ distance }} end), 0), 2
        )
        + coalesce(
            sum(case when not {{ is_dependent }} then power({{ distance }}, 2) end), 0
        )
    )
{%- endmacro %}
