with

parameters as (

    select * from {{ ref('recovery_parameters') }}

)

select
    parameter_code,
    parameter_value,
    unit_name,
    valid_from,
    valid_to
from parameters
