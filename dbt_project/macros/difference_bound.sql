{# Lower or upper end of the 95 % interval of `left - right`, two figures with intervals
   of their own (`_low`, `_high`): the distances to the ends that matter, added as
   independent errors (Newcombe). Unlike one of standard errors it holds for few cases. #}
{% macro difference_bound(left, right, side, type) -%}
    {%- set other = 'high' if side == 'low' else 'low' -%}
    cast(
        {{ left }} - {{ right }} {{ '-' if side == 'low' else '+' }} sqrt(
            power({{ left }} - {{ left }}_{{ side }}, 2)
            + power({{ right }} - {{ right }}_{{ other }}, 2)
        ) as {{ type }}
    )
{%- endmacro %}
