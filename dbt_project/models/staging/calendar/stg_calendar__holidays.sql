with

holidays as (

    select * from {{ source('calendar', 'holidays') }}

)

select
    marketplace_code,
    holiday_date,
    holiday_name
from holidays
