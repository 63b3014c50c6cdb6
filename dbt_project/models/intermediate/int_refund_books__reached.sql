{# The days each book of refunds reaches over. An answer of the Finances API is of the
   whole account where no marketplace was asked for. #}
{{ config(materialized='view') }}

select
    'settlements' as book_code,
    seller_id,
    marketplace_code,
    covered_start_date as start_date,
    covered_end_date as end_date
from {{ ref('int_settlement_periods__merged') }}

union all

select
    lake_table_name as book_code,
    seller_id,
    case marketplace_code when 'unknown' then 'all' else marketplace_code end
        as marketplace_code,
    coalesce(requested_from_date, found_from_date) as start_date,
    max(
        least(
            coalesce(requested_to_date, found_to_date),
            coalesce(known_until_date, requested_to_date, found_to_date)
        )
    ) as end_date
from {{ ref('stg_landing__files') }}
where
    lake_table_name in ('finances_events', 'finances_transactions')
    and file_status in ('landed', 'no_data')
    and coalesce(requested_from_date, found_from_date) is not null
group by
    lake_table_name,
    seller_id,
    marketplace_code,
    coalesce(requested_from_date, found_from_date)
