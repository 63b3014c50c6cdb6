{# A subquery: the rows of `relation` with the p-value of each corrected for the number
   of tests of its list (Benjamini and Hochberg 1995): calling all rows up to a q-value
   of 0.05 signals leaves at most 5 % false ones among them. Rows without p-value are
   no tests. `list` names the columns of a list, `test_key` breaks ties. #}
{% macro false_discovery(relation, p_value, list, q_value) -%}
(
    with ranked as (

        select
            *,
            {{ p_value }}
            * count({{ p_value }}) over (partition by {{ list }})
            / row_number() over (
                partition by {{ list }}
                order by {{ p_value }} asc nulls last, test_key asc nulls last
            ) as raised_{{ p_value }}
        from {{ relation }} as listed

    )

    select
        *,
        case
            when {{ p_value }} is not null
                then least(1.0, min(raised_{{ p_value }}) over (
                    partition by {{ list }}
                    order by {{ p_value }} desc nulls first, test_key desc nulls last
                    rows between unbounded preceding and current row
                ))
        end as {{ q_value }}
    from ranked
)
{%- endmacro %}
