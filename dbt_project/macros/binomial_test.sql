{# A subquery: the rows of `relation` with the chance of as many or more successes as
   `observed` in `trials`, if each succeeds with chance expected / trials. Null where
   not `is_tested`; 1 where fewer than `minimum` or no more than expected were
   observed, which is never below the exact value. Each term of the tail is the one
   before it times a ratio, so logarithms of the ratios add up to the term's without a
   factorial; terms are added until what is left out is far below the last digit. Past
   `exact_test_limit` successes Chernoff's bound stands for the sum: it is never
   smaller. `relation` holds `test_key` and that limit; `days` is any relation of more
   `date`s than the limit. #}
{% macro binomial_test(
    relation, p_value, is_tested, observed, trials, expected, minimum, days
) -%}
(
    with tests as (

        select
            test_key,
            exact_test_limit,
            {{ observed }} as observed,
            {{ trials }} as trials,
            cast({{ expected }} as double) as expected
        from {{ relation }}
        where
            {{ is_tested }}
            and {{ observed }} >= {{ minimum }}
            and {{ observed }} > {{ expected }}

    ),

    numbers as (

        select row_number() over (order by date asc nulls last) as number
        from {{ days }}

    ),

    terms as (

        select
            tests.test_key,
            tests.observed,
            numbers.number,
            tests.trials * ln(1 - tests.expected / tests.trials)
            + sum(ln(
                cast(tests.trials - numbers.number + 1 as double) / numbers.number
                * tests.expected / (tests.trials - tests.expected)
            )) over (
                partition by tests.test_key
                order by numbers.number asc nulls last
                rows between unbounded preceding and current row
            ) as log_term
        from tests
        inner join numbers
            on
                numbers.number <= tests.trials
                and numbers.number <= tests.observed + 10 * sqrt(tests.observed) + 20
        where tests.observed <= tests.exact_test_limit

    ),

    tails as (

        select
            test_key,
            least(1.0, sum(exp(log_term))) as tail
        from terms
        where number >= observed
        group by test_key

        union all

        select
            test_key,
            exp(-(
                observed * ln(observed / expected)
                + (trials - observed)
                * coalesce(ln(nullif(trials - observed, 0) / (trials - expected)), 0)
            )) as tail
        from tests
        where observed > exact_test_limit

    )

    select
        {{ relation }}.*,
        case when {{ is_tested }} then coalesce(tails.tail, 1.0) end as {{ p_value }}
    from {{ relation }}
    left join tails
        on {{ relation }}.test_key = tails.test_key
)
{%- endmacro %}
