{# A document that names no marketplace covers every marketplace of its seller; the
   member `all` is the seller as a whole. #}
with

windows as (

    select * from {{ ref('fct_report_windows') }}

),

members as (

    select * from {{ ref('dim_seller_marketplaces') }}

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

)

select
    -- keys
    windows.seller_id,
    members.marketplace_code,
    windows.report_code,
    dates.date as covered_date,

    -- measures
    count(*) as document_count,

    -- times
    max(windows.known_until_date) as known_until_date

from windows

inner join members
    on
        windows.seller_id = members.seller_id
        and (
            members.marketplace_code = 'all'
            or windows.marketplace_code in ('unknown', members.marketplace_code)
        )

inner join sellers
    on windows.seller_id = sellers.seller_id

inner join dates
    on
        windows.window_start_date <= dates.date
        and windows.window_end_date >= dates.date
        and sellers.data_as_of_date >= dates.date

group by
    windows.seller_id,
    members.marketplace_code,
    windows.report_code,
    dates.date
