with

sellers as (

    select * from {{ ref('int_sellers__data_as_of') }}

)

select
    seller_id,
    cast(landed_file_count as bigint) as landed_file_count,
    cast(refused_file_count as bigint) as refused_file_count,
    first_covered_date,
    data_as_of_date
from sellers
