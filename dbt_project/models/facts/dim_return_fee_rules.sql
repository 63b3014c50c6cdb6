{# Each category of the sellers' product masters has one rule on a day: its own row of
   the seed where one is in force, else the row for any category. #}
with

rules as (

    select * from {{ ref('return_fee_rules') }}

),

categories as (

    select distinct lower(coalesce(category_name, 'unknown')) as category_name
    from {{ ref('dim_products') }}

),

candidates as (

    select
        rules.marketplace_code,
        rules.channel,
        categories.category_name,
        rules.fee_category_name,
        rules.threshold_share,
        rules.is_every_unit_charged,
        rules.exempt_below_quantity,
        rules.unit_fee_amount,
        rules.currency_code,
        rules.category_name = 'any' as is_default,
        rules.valid_from,
        rules.valid_to

    from rules

    inner join categories
        on
            rules.category_name = categories.category_name
            or rules.category_name = 'any'

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
    in_force_from as valid_from,
    in_force_to as valid_to
from {{ own_before_default(
    'candidates', ['marketplace_code', 'channel', 'category_name']
) }} as in_force
