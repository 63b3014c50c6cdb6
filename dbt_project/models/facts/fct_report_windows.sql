{# Which days a delivered document covers. One with a requested window covers that. One
   without covers the months it has rows of: most reports have rows on few days, and a
   first row on the 4th says nothing against the 1st. A single day at either end makes
   no month: instants are UTC, so a month's last local evening falls on the next.
   Orders by last update reach back to old purchases without covering them: only the
   month of the newest purchase counts (Amazon caps the report at 30 days). #}
with

files as (

    select * from {{ ref('fct_report_files') }}
    where is_covering

),

edged as (

    select
        *,
        {{ dbt.datediff(
            'found_from_date', 'found_to_date', 'day'
        ) }} as found_days
    from files

),

found as (

    select
        *,
        cast(
            case
                when found_days < 2 then found_from_date
                else {{ dbt.dateadd('day', 1, 'found_from_date') }}
            end as date
        ) as first_date,
        cast(
            case
                when found_days < 2 then found_to_date
                else {{ dbt.dateadd('day', -1, 'found_to_date') }}
            end as date
        ) as last_date
    from edged

)

select
    -- keys
    report_file_key,
    seller_id,
    marketplace_code,

    -- attributes
    lake_table_name as report_code,

    -- flags
    requested_from_date is not null as has_stated_window,

    -- times
    coalesce(
        requested_from_date,
        case
            when report_type like '%LAST_UPDATE%'
                then cast({{ dbt.date_trunc('month', 'last_date') }} as date)
            else cast({{ dbt.date_trunc('month', 'first_date') }} as date)
        end
    ) as window_start_date,
    coalesce(
        requested_to_date, cast({{ dbt.last_day('last_date', 'month') }} as date)
    ) as window_end_date,
    known_until_date
from found
where
    lake_table_name in ('mfn_returns', 'fba_returns', 'all_orders', 'seller_feedback')

union all

-- a settlement states its period itself and its marketplaces in its lines
select
    settlement_key as report_file_key,
    seller_id,
    marketplace_code,
    'settlements' as report_code,
    true as has_stated_window,
    cast(period_start_at as date) as window_start_date,
    cast(period_end_at as date) as window_end_date,
    cast(period_end_at as date) as known_until_date
from {{ ref('int_settlements__marketplaces') }}
where period_start_at is not null and period_end_at is not null
