with

days as (

    select date_day as date
    from {{ ref('int_calendar__days') }}

),

described as (

    select
        date,
        cast({{ dbt.date_trunc('week', 'date') }} as date) as week_start_date,
        cast({{ dbt.date_trunc('month', 'date') }} as date) as month_start_date,
        cast({{ dbt.date_trunc('quarter', 'date') }} as date) as quarter_start_date,
        cast(extract(year from date) as bigint) as year_number,
        cast(extract(month from date) as bigint) as month_number,
        {{ iso_weekday('date') }} as iso_weekday
    from days

)

select * from described
