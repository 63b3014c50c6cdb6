{# The columns of one relation, as a select or a grouping lists them. #}
{% macro qualified(columns, relation) -%}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
