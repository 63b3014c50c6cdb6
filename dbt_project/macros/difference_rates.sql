{# Rates of one period: the touched one, the untouched one weighed as the touched lines
   lie, and the variance of their difference. #}
{% macro difference_rates(period) -%}
    {{ period }}_treated_case_count
    / nullif(cast({{ period }}_treated_base_count as double), 0)
        as {{ period }}_treated,
    {{ period }}_weighed_cases
    / nullif(cast({{ period }}_treated_base_count as double), 0)
        as {{ period }}_comparison,
    {{ difference_variance(period) }} as {{ period }}_variance
{%- endmacro %}
