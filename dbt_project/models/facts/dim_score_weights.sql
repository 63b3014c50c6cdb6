with

weights as (

    select * from {{ ref('score_weights') }}

)

select
    part_code,
    part_order,
    part_name,
    weight_share,
    valid_from,
    valid_to
from weights
