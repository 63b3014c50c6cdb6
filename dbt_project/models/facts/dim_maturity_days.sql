{# A marketplace with ages of its own uses only those. #}
with

ages as (

    select * from {{ ref('maturity_days') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

own_ages as (

    select marketplace_code
    from ages
    where marketplace_code != 'default'
    group by marketplace_code

),

resolved as (

    select
        marketplaces.marketplace_code,
        ages.maturity_days,
        ages.valid_from,
        ages.valid_to

    from marketplaces

    inner join ages
        on
            marketplaces.marketplace_code = ages.marketplace_code
            or ages.marketplace_code = 'default'

    left join own_ages
        on marketplaces.marketplace_code = own_ages.marketplace_code

    where
        marketplaces.marketplace_code = ages.marketplace_code
        or own_ages.marketplace_code is null

)

select * from resolved
