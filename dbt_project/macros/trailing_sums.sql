{# A subquery: for each seller and month of `monthly` the `sums` over the
   `policy_window_months` up to it, by `keys`, beside what is assumed of `codes` on that
   month (each with its `_low` and `_high`). What is summed is exact, so that the order
   of rows never shows in a last digit. #}
{% macro trailing_sums(monthly, keys, sums, codes) -%}
(
    select
        months.seller_id,
        months.month_start_date,
        months.is_current
        {%- for key in keys %},
        monthly.{{ key }}
        {%- endfor %}
        {%- for code in codes %}
        {%- for ending in ['', '_low', '_high'] %},
        cast(max(assumed.{{ code }}{{ ending }}) as double) as {{ code }}{{ ending }}
        {%- endfor %}
        {%- endfor %}
        {%- for name in sums %},
        cast(sum(monthly.{{ name }}) as double) as {{ name }}
        {%- endfor %}
    from (
        select
            seller_id,
            month_start_date,
            month_start_date = max(month_start_date) over (partition by seller_id)
                as is_current
        from {{ monthly }}
        group by seller_id, month_start_date
    ) as months
    inner join {{ assumed_values(
        monthly, 'month_start_date', ['policy_window_months'] + codes, ranges=true
    ) }} as assumed
        on months.month_start_date = assumed.assumed_date
    inner join {{ monthly }} as monthly
        on
            months.seller_id = monthly.seller_id
            and months.month_start_date >= monthly.month_start_date
            and monthly.month_start_date > {{ dbt.dateadd(
                'month', '-cast(assumed.policy_window_months as integer)',
                'months.month_start_date'
            ) }}
    group by
        months.seller_id,
        months.month_start_date,
        months.is_current
        {%- for key in keys %},
        monthly.{{ key }}
        {%- endfor %}
)
{%- endmacro %}
