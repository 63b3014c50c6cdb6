{# The days the landed return reports of a seller and channel reach over; the
   seller's own returns are in the flat file or in XML. #}
with

files as (

    select
        *,
        case lake_table_name when 'fba_returns' then 'fba' else 'mfn' end as channel
    from {{ ref('stg_landing__files') }}
    where
        lake_table_name in ('fba_returns', 'mfn_returns', 'xml_returns')
        and file_status in ('landed', 'no_data')

)

select
    seller_id,
    channel,
    min(covered_from_date) as covered_from_date,
    max(covered_to_date) as covered_to_date
from files
group by seller_id, channel
