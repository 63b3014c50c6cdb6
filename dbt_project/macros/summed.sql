{# Sums of columns under their own names; with a condition only of the rows that fulfil
   it and with a word before the name. #}
{% macro summed(columns, relation, condition=none, before='') -%}
    {%- for column in columns -%}
        coalesce(sum(
            {%- if condition %}case when {{ condition }} then {% endif -%}
            {{ relation }}.{{ column }}
            {%- if condition %} end{% endif -%}
        ), 0) as {{ before }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
