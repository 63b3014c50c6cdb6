{# The state of a return as a report writes it, in lower case with `_`. #}
{% macro return_status(column) -%}
    case
        when lower({{ column }}) = 'canceled' then 'cancelled'
        else replace(lower({{ column }}), ' ', '_')
    end
{%- endmacro %}
