{# Sums of columns under their own names; with a condition only of the rows that fulfil
   it and with a word before the name. Doubles (`…_cases`) come in any order, so the last
   digits of their sum are cut off. #}
{% macro summed(columns, relation, condition=none, before='') -%}
    {%- for column in columns -%}
        {%- set is_double = column.endswith('_cases') %}
        {% if is_double %}round({% endif %}coalesce(sum(
            {%- if condition %}case when {{ condition }} then {% endif -%}
            {{ relation }}.{{ column }}
            {%- if condition %} end{% endif -%}
        ), 0){% if is_double %}, 9){% endif %} as {{ before }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
