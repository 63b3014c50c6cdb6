{# Whether two shares of separate cases differ by more than chance: 0 lies outside the
   95 % interval of their difference (Newcombe's, made of the two Wilson intervals, the
   columns `<share>_low` and `<share>_high`). False where one of them is unknown. #}
{% macro shares_differ(one, other) -%}
    coalesce(
        abs({{ one }} - {{ other }}) > sqrt(
            case
                when {{ one }} > {{ other }}
                    then
                        power({{ one }} - {{ one }}_low, 2)
                        + power({{ other }}_high - {{ other }}, 2)
                else
                    power({{ one }}_high - {{ one }}, 2)
                    + power({{ other }} - {{ other }}_low, 2)
            end
        ),
        false
    )
{%- endmacro %}
