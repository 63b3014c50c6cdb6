{# What measures are made of, in one shape. `added`: a mart, the measure's code, its
   numerator and its denominator, which are added over marketplaces, channels and both
   (the members `all`). `stated`: a mart, the code, a value and its lower and upper end,
   taken as the mart states them, because percentiles and scores do not add up. A mart
   is a table, what is known, of how much, and where they differ its rows, its month and
   its currency. Sums without a denominator have the value of their numerator. #}
{% macro measure_parts(added, stated) -%}
    (
        with

        parts as (

            {% for mart, code, numerator, denominator in added -%}
                {{ measure_keys(mart, code) }}
                    cast({{ numerator }} as decimal(24, 6)) as numerator_value,
                    cast({{ denominator }} as decimal(24, 6)) as denominator_value,
                    cast({{ mart[1] }} as decimal(24, 6)) as known_value,
                    cast({{ mart[2] }} as decimal(24, 6)) as total_value
                from {{ mart[0] }}
                where {{ mart[3] or 'true' }}
                {% if not loop.last %}union all{% endif %}
            {% endfor %}

        ),

        levels as (

            select * from (
                values (false, false), (false, true), (true, false), (true, true)
            ) as listed (is_all_marketplaces, is_all_channels)

        ),

        members as (

            select
                parts.*,
                case when levels.is_all_marketplaces then 'all'
                    else parts.marketplace_code end as marketplace_member,
                case when levels.is_all_channels then 'all' else parts.channel end
                    as channel_member
            from parts
            cross join levels

        )

        select
            seller_id,
            marketplace_member as marketplace_code,
            channel_member as channel,
            month_start_date,
            measure_code,
            currency_code,
            cast(sum(numerator_value) as decimal(24, 6)) as numerator_value,
            cast(sum(denominator_value) as decimal(24, 6)) as denominator_value,
            cast(null as decimal(24, 6)) as stated_value,
            cast(null as decimal(24, 6)) as stated_value_low,
            cast(null as decimal(24, 6)) as stated_value_high,
            cast(sum(known_value) as decimal(24, 6)) as known_value,
            cast(sum(total_value) as decimal(24, 6)) as total_value
        from members
        where month_start_date is not null
        group by
            seller_id,
            marketplace_member,
            channel_member,
            month_start_date,
            measure_code,
            currency_code

        {% for mart, code, value, low, high in stated -%}
            union all

            {{ measure_keys(mart, code) }}
                cast(null as decimal(24, 6)) as numerator_value,
                cast(null as decimal(24, 6)) as denominator_value,
                cast({{ value }} as decimal(24, 6)) as stated_value,
                cast({{ low }} as decimal(24, 6)) as stated_value_low,
                cast({{ high }} as decimal(24, 6)) as stated_value_high,
                cast({{ mart[1] }} as decimal(24, 6)) as known_value,
                cast({{ mart[2] }} as decimal(24, 6)) as total_value
            from {{ mart[0] }}
            where {{ mart[3] or 'true' }}
        {% endfor %}
    )
{%- endmacro %}


{# The keys of a measure's row, with the measure's own month and currency. #}
{% macro measure_keys(mart, code) -%}
    select
        seller_id,
        marketplace_code,
        channel,
        {{ mart[4] or 'month_start_date' }} as month_start_date,
        '{{ code }}' as measure_code,
        {{ mart[5] or "'none'" }} as currency_code,
{%- endmacro %}
