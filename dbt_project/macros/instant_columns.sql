{# Three columns of what a source gives as an instant (UTC) or only as a day: the instant
   (null where only the day is known), its precision and its day. No hour is invented. #}
{% macro instant_columns(column, name) -%}
    case
        when length({{ column }}) > 10 then cast({{ column }} as timestamp)
    end as {{ name }}_at,
    case
        when length({{ column }}) > 10 then 'second'
        when {{ column }} is not null then 'day'
    end as {{ name }}_precision,
    cast(substring({{ column }}, 1, 10) as date) as {{ name }}_date
{%- endmacro %}
