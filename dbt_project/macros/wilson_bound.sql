{# Lower or upper end of the 95 % Wilson score interval of a share: where the true share
   plausibly lies, given how few cases were seen. Unlike share ± 1.96 standard errors it
   stays within 0 and 1 and is honest at 0 of 3. Null when there are no cases. The
   square of 1.959964 (the 97.5 % point of the normal distribution) is 3.841459. #}
{% macro wilson_bound(numerator, denominator, side) -%}
    cast(
        case
            when {{ denominator }} > 0 and {{ numerator }} <= {{ denominator }}
                then {{ 'greatest(0.0' if side == 'low' else 'least(1.0' }}, (
                    cast({{ numerator }} as double) + 3.841459 / 2
                    {{ '-' if side == 'low' else '+' }} 1.959964 * sqrt(
                        cast({{ numerator }} as double)
                        * (1 - cast({{ numerator }} as double) / {{ denominator }})
                        + 3.841459 / 4
                    )
                ) / ({{ denominator }} + 3.841459))
        end as decimal(9, 6)
    )
{%- endmacro %}
