with

bands as (

    select * from {{ ref('score_bands') }}

)

select
    band_code,
    band_order,
    band_name,
    lower_score,
    upper_score,
    band_text,
    valid_from,
    valid_to
from bands
