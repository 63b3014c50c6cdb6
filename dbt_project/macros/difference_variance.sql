{# Variance of a touched rate less its weighed comparison in one period. For errors
   only, a case and a non-case are added to each. The comparison's places weigh as much
   as the touched lines in them: the sum of squared weights over lines is
   `weighed_squares`. #}
{% macro difference_variance(period) -%}
    {%- set touched = '(' ~ period ~ '_treated_case_count + 1.0) / ('
        ~ period ~ '_treated_base_count + 2.0)' -%}
    {%- set untouched = '(' ~ period ~ '_comparison_case_count + 1.0) / ('
        ~ period ~ '_comparison_base_count + 2.0)' -%}
    {{ touched }} * (1 - {{ touched }}) / ({{ period }}_treated_base_count + 2.0)
    + {{ untouched }} * (1 - {{ untouched }}) * {{ period }}_weighed_squares
    / nullif(
        cast({{ period }}_treated_base_count as double)
        * {{ period }}_treated_base_count, 0
    )
{%- endmacro %}
