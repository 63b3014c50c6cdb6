with

pitfalls as (

    select * from {{ ref('pitfalls') }}

)

select
    pitfall_code,
    stage_code,
    pitfall_order,
    pitfall_name,
    pitfall_name_zh,
    minimum_case_count,
    minimum_evidence_count,
    flag_share,
    valid_from,
    valid_to
from pitfalls
