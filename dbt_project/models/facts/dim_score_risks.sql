with

risks as (

    select * from {{ ref('score_risks') }}

)

select
    risk_code,
    risk_order,
    risk_name,
    threshold_score,
    risk_text,
    valid_from,
    valid_to
from risks
