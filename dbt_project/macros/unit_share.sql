{# One unit's share of an amount for `units` units: what is due up to unit `number` less
   what was due before it, both rounded to cents, so that the shares add up. #}
{% macro unit_share(amount, number, units) -%}
    cast(
        cast(
            round(cast({{ amount }} as double) * {{ number }} / {{ units }}, 2)
            as decimal(18, 2)
        )
        - cast(
            round(cast({{ amount }} as double) * ({{ number }} - 1) / {{ units }}, 2)
            as decimal(18, 2)
        ) as decimal(18, 2)
    )
{%- endmacro %}
