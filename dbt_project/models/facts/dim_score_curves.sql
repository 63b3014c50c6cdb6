{# A marketplace with curves of its own for a part uses only those. The seller as a
   whole is the member `default`. #}
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

own_curves as (

    select
        part_code,
        marketplace_code
    from curves
    where marketplace_code != 'default'
    group by part_code, marketplace_code

),

resolved as (

    select
        -- keys
        curves.part_code,
        members.marketplace_code,

        -- measures
        curves.worst_share,
        curves.target_share,
        curves.best_share,
        curves.target_score,

        -- times
        curves.valid_from,
        curves.valid_to

    from members

    inner join curves
        on
            members.marketplace_code = curves.marketplace_code
            or curves.marketplace_code = 'default'

    left join own_curves
        on
            members.marketplace_code = own_curves.marketplace_code
            and curves.part_code = own_curves.part_code

    where
        members.marketplace_code = curves.marketplace_code
        or own_curves.part_code is null

)

select * from resolved
