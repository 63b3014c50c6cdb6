{# What the marts about return rates and policies take for granted, in one place. #}
with

parameters as (

    select * from {{ ref('return_rate_parameters') }}

),

assumptions as (

    select * from {{ ref('policy_assumptions') }}

)

select
    parameter_code as assumption_code,
    parameter_value as low_value,
    parameter_value as assumed_value,
    parameter_value as high_value,
    unit_name,
    valid_from,
    valid_to
from parameters

union all

select
    assumption_code,
    low_value,
    assumed_value,
    high_value,
    unit_name,
    valid_from,
    valid_to
from assumptions
