with

measures as (

    select * from {{ ref('measures') }}

)

select
    measure_code,
    measure_group_code,
    measure_name,
    measure_name_zh,
    unit_name,
    method_code,
    is_higher_better,
    is_judged,
    model_name,
    valid_from,
    valid_to
from measures
