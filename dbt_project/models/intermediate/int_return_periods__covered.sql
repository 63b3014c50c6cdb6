{# The days the landed return reports of a seller and channel reach over. #}
with

files as (

    select * from {{ ref('stg_landing__files') }}

)

select
    seller_id,
    case lake_table_name when 'fba_returns' then 'fba' else 'mfn' end as channel,
    min(covered_from_date) as covered_from_date,
    max(covered_to_date) as covered_to_date
from files
where
    lake_table_name in ('fba_returns', 'mfn_returns')
    and file_status in ('landed', 'no_data')
    -- has some of the returns only
    and coalesce(report_type, '') != 'GET_CSV_MFN_PRIME_RETURNS_REPORT'
group by seller_id, lake_table_name
