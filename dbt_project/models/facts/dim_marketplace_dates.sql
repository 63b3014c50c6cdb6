with

days as (

    select * from {{ ref('int_marketplaces__business_days') }}

)

select
    marketplace_code,
    date_day as date,
    holiday_name,
    is_business_day,
    cast(business_day_number as bigint) as business_day_number
from days
