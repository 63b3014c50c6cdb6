{# Each day has one age: a marketplace's own where it has one in force, else the default
   one. #}
with

ages as (

    select * from {{ ref('maturity_days') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

candidates as (

    select
        marketplaces.marketplace_code,
        ages.maturity_days,
        ages.marketplace_code = 'default' as is_default,
        ages.valid_from,
        ages.valid_to

    from marketplaces

    inner join ages
        on
            marketplaces.marketplace_code = ages.marketplace_code
            or ages.marketplace_code = 'default'

)

select
    marketplace_code,
    maturity_days,
    in_force_from as valid_from,
    in_force_to as valid_to
from {{ own_before_default(
    'candidates', ['marketplace_code']
) }} as in_force
