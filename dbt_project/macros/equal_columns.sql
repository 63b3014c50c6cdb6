{# A join's condition: both relations hold the same in each of the columns. #}
{% macro equal_columns(left, right, columns) -%}
    {%- for column in columns -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}
        {{- ' and ' if not loop.last -}}
    {%- endfor -%}
{%- endmacro %}
