{# A flag as reports write it (Y, true …); blank or anything else is false. #}
{% macro is_yes(column) -%}
    coalesce(lower({{ column }}) in ('y', 'yes', 'true'), false)
{%- endmacro %}
