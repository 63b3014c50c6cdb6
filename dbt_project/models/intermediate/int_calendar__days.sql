{# The only list of days; generated once, read by every calendar. #}

with

days as (

    {{ dbt.date_spine(
        datepart='day',
        start_date="cast('2015-01-01' as date)",
        end_date="cast('2036-01-01' as date)"
    ) }}

)

select cast(date_day as date) as date_day
from days
