{# Variance of `further_units`: of chance, of a rate known from `rate_units`, and of
   delays learned from `delay_units` returns (by the derivatives of the chance). #}
{% macro further_units_variance(
    open_units, rate, developed, rate_units, delay_units
) -%}
    (
        {{ open_units }} * {{ rate }} * (1 - {{ rate }}) * (1 - {{ developed }})
        / power(1 - {{ rate }} * {{ developed }}, 2)
        + power({{ open_units }}, 2) * (
            power(1 - {{ developed }}, 2) * {{ rate }} * (1 - {{ rate }})
            / ({{ rate_units }} + 1)
            + power({{ rate }} * (1 - {{ rate }}), 2) * {{ developed }}
            * (1 - {{ developed }}) / {{ delay_units }}
        ) / power(1 - {{ rate }} * {{ developed }}, 4)
    )
{%- endmacro %}
