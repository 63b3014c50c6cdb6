{# One row a month, so that a mart finds all that holds for its month by one join. #}
with

parameters as (

    select * from {{ ref('cause_parameters') }}

),

months as (

    select distinct month_start_date from {{ ref('dim_dates') }}

)

select
    months.month_start_date,
    {% for code, type in [
        ('signal_window_months', 'integer'),
        ('trend_months', 'integer'),
        ('minimum_base_count', 'bigint'),
        ('minimum_case_count', 'bigint'),
        ('minimum_ratio', 'decimal(9, 4)'),
        ('false_discovery_share', 'decimal(9, 6)'),
        ('exact_test_limit', 'bigint'),
        ('action_before_months', 'integer'),
        ('action_after_months', 'integer'),
        ('worthwhile_effect_share', 'decimal(9, 6)'),
    ] -%}
        max(case
            when parameters.parameter_code = '{{ code }}'
                then cast(parameters.parameter_value as {{ type }})
        end) as {{ code }}{{ '' if loop.last else ',' }}
    {% endfor -%}
from months

inner join parameters
    on months.month_start_date between parameters.valid_from and parameters.valid_to

group by months.month_start_date
