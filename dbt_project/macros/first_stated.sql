{# A column as the first of these relations states it, under its own name. #}
{% macro first_stated(column, relations) -%}
    coalesce(
        {%- for relation in relations %}
        {{ relation }}.{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    ) as {{ column }}
{%- endmacro %}
