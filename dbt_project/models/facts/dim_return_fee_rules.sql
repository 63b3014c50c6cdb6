with

rules as (

    select * from {{ ref('return_fee_rules') }}

)

select
    marketplace_code,
    channel,
    category_name,
    fee_category_name,
    threshold_share,
    is_every_unit_charged,
    exempt_below_quantity,
    unit_fee_amount,
    currency_code,
    valid_from,
    valid_to
from rules
