with

parameters as (

    select * from {{ ref('score_parameters') }}

)

select
    parameter_code,
    parameter_value,
    unit_name,
    valid_from,
    valid_to
from parameters
