{# Days of each marketplace, its business days counted through: the Nth business day
   after day D is the business day whose number is that of D plus N. #}
with

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

weekend_days as (

    select * from {{ ref('weekend_days') }}

),

holidays as (

    select * from {{ ref('stg_calendar__holidays') }}

),

days as (

    select * from {{ ref('int_calendar__days') }}

),

marketplace_days as (

    select
        marketplaces.marketplace_code,
        days.date_day,
        {{ iso_weekday('days.date_day') }} as iso_weekday
    from marketplaces
    cross join days

),

own_weekends as (

    -- the days on which a marketplace's own weekend is in force
    select
        marketplace_days.marketplace_code,
        marketplace_days.date_day
    from marketplace_days
    inner join weekend_days
        on
            marketplace_days.marketplace_code = weekend_days.marketplace_code
            and marketplace_days.date_day
            between weekend_days.valid_from and weekend_days.valid_to
    group by marketplace_days.marketplace_code, marketplace_days.date_day

),

flagged as (

    select
        marketplace_days.marketplace_code,
        marketplace_days.date_day,
        holidays.holiday_name,
        weekend_days.iso_weekday is null
        and holidays.holiday_date is null as is_business_day
    from marketplace_days
    left join own_weekends
        on
            marketplace_days.marketplace_code = own_weekends.marketplace_code
            and marketplace_days.date_day = own_weekends.date_day
    left join weekend_days
        on
            coalesce(own_weekends.marketplace_code, 'default')
            = weekend_days.marketplace_code
            and marketplace_days.iso_weekday = weekend_days.iso_weekday
            and marketplace_days.date_day
            between weekend_days.valid_from and weekend_days.valid_to
    left join holidays
        on
            marketplace_days.marketplace_code = holidays.marketplace_code
            and marketplace_days.date_day = holidays.holiday_date

),

numbered as (

    select
        *,
        sum(case when is_business_day then 1 else 0 end) over (
            partition by marketplace_code
            order by date_day nulls last
            rows between unbounded preceding and current row
        ) as business_day_number
    from flagged

)

select * from numbered
