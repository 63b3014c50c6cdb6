{# Minutes from one instant to another to the second, weekends and nights with them. The
   engines' own minutes count how often the clock passes a full one. #}
{% macro minutes_between(from_instant, to_instant) -%}
    cast(
        cast({{ dbt.datediff(from_instant, to_instant, 'second') }} as double) / 60
        as decimal(18, 2)
    )
{%- endmacro %}
