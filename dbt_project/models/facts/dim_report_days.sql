{# A document that names no marketplace covers those its seller's documents of the kind
   have rows of, and what they cannot locate. The member `all` is the seller as a
   whole. #}
with

windows as (

    select * from {{ ref('fct_report_windows') }}

),

served as (

    select * from {{ ref('int_report_marketplaces__served') }}

),

members as (

    select * from {{ ref('dim_seller_marketplaces') }}

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

places as (

    select
        *,
        marketplace_code as covered_marketplace_code
    from windows

    union all

    select
        windows.*,
        served.marketplace_code as covered_marketplace_code
    from windows
    inner join served
        on
            windows.seller_id = served.seller_id
            and windows.report_code = served.report_code
    where windows.marketplace_code = 'unknown'

    union all

    select
        *,
        'all' as covered_marketplace_code
    from windows

)

select
    -- keys
    places.seller_id,
    members.marketplace_code,
    places.report_code,
    dates.date as covered_date,

    -- measures
    count(distinct places.report_file_key) as document_count,

    -- times
    max(places.known_until_date) as known_until_date

from places

inner join members
    on
        places.seller_id = members.seller_id
        and places.covered_marketplace_code = members.marketplace_code

inner join sellers
    on places.seller_id = sellers.seller_id

inner join dates
    on
        places.window_start_date <= dates.date
        and places.window_end_date >= dates.date
        and sellers.data_as_of_date >= dates.date

group by
    places.seller_id,
    members.marketplace_code,
    places.report_code,
    dates.date
