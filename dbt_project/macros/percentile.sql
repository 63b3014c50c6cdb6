{# The interpolated percentile of a group, exact on every engine; `fraction` 0 to 1. #}
{% macro percentile(column, fraction) -%}
    {{ return(adapter.dispatch('percentile', 'returns_warehouse')(column, fraction)) }}
{%- endmacro %}

{% macro default__percentile(column, fraction) -%}
    quantile_cont({{ column }}, {{ fraction }})
{%- endmacro %}

{% macro spark__percentile(column, fraction) -%}
    percentile({{ column }}, {{ fraction }})
{%- endmacro %}
