{# A subquery: one row for each day of `days` with what is assumed on it, a column for
   each of `codes` (dim_return_assumptions) and, with `ranges`, `_low` and `_high`. #}
{% macro assumed_values(days, day, codes, ranges=false) -%}
(
    select
        needed.assumed_date
        {%- for code in codes %},
        max(case when assumption_code = '{{ code }}' then assumed_value end)
            as {{ code }}
        {%- if ranges %},
        max(case when assumption_code = '{{ code }}' then low_value end)
            as {{ code }}_low,
        max(case when assumption_code = '{{ code }}' then high_value end)
            as {{ code }}_high
        {%- endif %}
        {%- endfor %}
    from (select distinct {{ day }} as assumed_date from {{ days }}) as needed
    inner join {{ ref('dim_return_assumptions') }} as assumptions
        on needed.assumed_date between assumptions.valid_from and assumptions.valid_to
    group by needed.assumed_date
)
{%- endmacro %}
