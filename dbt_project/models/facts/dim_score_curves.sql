{# Each day has one curve for a part: a marketplace's own where it has one in force,
   else the default one. The seller as a whole is the member `default`. #}
with

curves as (

    select * from {{ ref('score_curves') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

members as (

    select marketplace_code from marketplaces

    union all

    select 'default' as marketplace_code

),

candidates as (

    select
        curves.part_code,
        members.marketplace_code,
        curves.worst_share,
        curves.target_share,
        curves.best_share,
        curves.target_score,
        curves.marketplace_code = 'default' as is_default,
        curves.valid_from,
        curves.valid_to

    from members

    inner join curves
        on
            members.marketplace_code = curves.marketplace_code
            or curves.marketplace_code = 'default'

)

select
    -- keys
    part_code,
    marketplace_code,

    -- measures
    worst_share,
    target_share,
    best_share,
    target_score,

    -- times
    in_force_from as valid_from,
    in_force_to as valid_to
from {{ own_before_default(
    'candidates', ['part_code', 'marketplace_code']
) }} as in_force
