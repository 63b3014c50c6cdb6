{# A subquery: the Kaplan-Meier estimate of the share of cases that last longer than each
   duration at which one ended, for each group of `keys`. `relation` has one row a case
   with its `duration` so far and whether it `is_ended`; one still going on is no longer
   at risk after its duration, so it counts for as long as it was watched and no longer.
   A share of 0 has no logarithm: -1000 stands for it. #}
{% macro survival_steps(relation, keys, duration, is_ended) -%}
(
    with durations as (

        select
            {{ keys | join(', ') }},
            {{ duration }} as duration,
            count(*) as case_count,
            sum(case when {{ is_ended }} then 1 else 0 end) as ended_count
        from {{ relation }}
        where {{ duration }} is not null
        group by {{ keys | join(', ') }}, {{ duration }}

    ),

    watched as (

        select
            *,
            sum(case_count) over (
                partition by {{ keys | join(', ') }}
                order by duration desc nulls last
                rows between unbounded preceding and current row
            ) as at_risk_count
        from durations

    )

    select
        {{ keys | join(', ') }},
        duration,
        case_count,
        ended_count,
        at_risk_count,
        exp(sum(
            case
                when ended_count = at_risk_count then -1000
                else ln(1 - cast(ended_count as double) / at_risk_count)
            end
        ) over (
            partition by {{ keys | join(', ') }}
            order by duration asc nulls last
            rows between unbounded preceding and current row
        )) as surviving_share
    from watched
)
{%- endmacro %}
