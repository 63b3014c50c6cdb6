{# How many units an amount pays for at a unit price: the whole number that fits within a
   cent a unit (a yen where there are no cents) and is not above `most`; else null. #}
{% macro whole_units(amount, unit_price, most, currency) -%}
    case
        when
            {{ unit_price }} > 0
            and round(cast({{ amount }} as double) / {{ unit_price }}) >= 1
            and round(cast({{ amount }} as double) / {{ unit_price }})
            <= coalesce({{ most }}, 999999999)
            and abs(
                cast({{ amount }} as double)
                - {{ unit_price }}
                * round(cast({{ amount }} as double) / {{ unit_price }})
            ) <= round(cast({{ amount }} as double) / {{ unit_price }})
            * case when {{ currency }} = 'JPY' then 1.0 else 0.010001 end
            then cast(
                round(cast({{ amount }} as double) / {{ unit_price }}) as bigint
            )
    end
{%- endmacro %}
