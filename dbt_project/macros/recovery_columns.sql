{# Value of goods that have an end, in the marts that add units up: shares are taken of
   what is known on both sides, so a recovery of unknown cost is in neither. #}
{% macro recovery_columns() -%}
    count(case when is_recovery_known then 1 end) as recovery_known_count,
    cast(
        sum(case when is_recovery_known then cost_of_goods_amount end) as decimal(18, 2)
    ) as recovered_cost_amount,
    cast(sum(case when is_recovery_known then recovered_amount end) as decimal(18, 2))
        as recovered_amount,
    cast(sum(write_off_amount) as decimal(18, 2)) as write_off_amount,
    count(case when forgone_amount > 0 then 1 end) as forgone_count,
    cast(sum(forgone_amount) as decimal(18, 2)) as forgone_amount,
    count(
        case
            when
                outcome_code in ('resold', 'liquidated')
                and recovered_amount is not null
                and list_price_amount is not null
                then 1
        end
    ) as price_known_count,
    count(case when is_low_price then 1 end) as low_price_count
{%- endmacro %}
