{# A share or rate: null, not 0, when there is nothing to divide by. #}
{% macro share(numerator, denominator) -%}
    cast(
        cast({{ numerator }} as double)
        / nullif(cast({{ denominator }} as double), 0) as decimal(9, 6)
    )
{%- endmacro %}
