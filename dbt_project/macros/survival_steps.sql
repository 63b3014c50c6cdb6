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


{# Of the steps that fulfil `condition`, the hours (minutes over `per`) within which the
   given percent of the cases ended; null where so many were not seen to end. 1e-9: a share worked out by
   logarithms is not exactly a half. #}
{% macro survival_percentile(condition, percent, per=60) -%}
    cast(
        min(
            case
                when {{ condition }} and surviving_share <= {{ 1 - percent / 100 }} + 1e-9
                    then duration
            end
        ) / {{ per }} as decimal(18, 2)
    )
{%- endmacro %}
