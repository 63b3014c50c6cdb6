with

dispositions as (

    select * from {{ ref('dispositions') }}

)

select
    disposition_code,
    disposition_name,
    fault_party,
    is_sellable,
    valid_from,
    valid_to,
    source
from dispositions
