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
    {{ threshold('signal_window_months', 'integer') }},
    {{ threshold('trend_months', 'integer') }},
    {{ threshold('minimum_base_count', 'bigint') }},
    {{ threshold('minimum_case_count', 'bigint') }},
    {{ threshold('minimum_ratio', 'decimal(9, 4)') }},
    {{ threshold('false_discovery_share', 'decimal(9, 6)') }},
    {{ threshold('exact_test_limit', 'bigint') }},
    {{ threshold('action_before_months', 'integer') }},
    {{ threshold('action_after_months', 'integer') }},
    {{ threshold('worthwhile_effect_share', 'decimal(9, 6)') }}
from months

inner join parameters
    on months.month_start_date between parameters.valid_from and parameters.valid_to

group by months.month_start_date
