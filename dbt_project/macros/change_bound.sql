{# Lower or upper end of the 95 % interval of a change between two values that have
   intervals of their own (Newcombe's hybrid method for two shares, MOVER in general):
   the change, less the distances in which it shrinks, as independent errors. Unlike a
   comparison of the two intervals it is neither too strict nor undefined at 0 and 1. #}
{% macro change_bound(now, before, side) -%}
    {%- set near, far = ('low', 'high') if side == 'low' else ('high', 'low') -%}
    cast(
        cast({{ now }}.measure_value - {{ before }}.measure_value as double)
        {{ '-' if side == 'low' else '+' }} sqrt(
            power(
                cast({{ now }}.measure_value - {{ now }}.measure_value_{{ near }}
                as double), 2
            )
            + power(
                cast({{ before }}.measure_value_{{ far }} - {{ before }}.measure_value
                as double), 2
            )
        ) as decimal(24, 6)
    )
{%- endmacro %}
