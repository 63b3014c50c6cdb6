{# A subquery: of `candidates` (rows with the `keys`, `is_default`, `valid_from`,
   `valid_to`) the one that is in force on each day, a member's own before the default
   one. A row of 2027 leaves 2026 to the default: time decides first. #}
{% macro own_before_default(candidates, keys) -%}
(
    with starts as (

        select
            {{ keys | join(', ') }},
            valid_from as start_date
        from {{ candidates }}

        union distinct

        -- where a row ends, the default one may hold again
        select
            {{ keys | join(', ') }},
            cast({{ dbt.dateadd('day', 1, 'valid_to') }} as date) as start_date
        from {{ candidates }}
        where valid_to < cast('9999-12-31' as date)

    ),

    spans as (

        select
            *,
            lead(start_date) over (
                partition by {{ keys | join(', ') }} order by start_date asc nulls last
            ) as next_start_date
        from starts

    ),

    preferred as (

        select
            candidates.*,
            spans.start_date,
            spans.next_start_date,
            row_number() over (
                partition by
                    {% for key in keys %}candidates.{{ key }}, {% endfor -%}
                    spans.start_date
                order by case when candidates.is_default then 1 else 0 end asc nulls last
            ) as preference_number
        from spans
        inner join {{ candidates }} as candidates
            on
                spans.start_date between candidates.valid_from and candidates.valid_to
                {%- for key in keys %}
                and spans.{{ key }} = candidates.{{ key }}
                {%- endfor %}

    )

    select
        *,
        start_date as in_force_from,
        case
            when next_start_date is null then valid_to
            else cast({{ dbt.dateadd('day', -1, 'next_start_date') }} as date)
        end as in_force_to
    from preferred
    where preference_number = 1
)
{%- endmacro %}
