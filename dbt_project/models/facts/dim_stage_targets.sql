{# A marketplace with targets of its own for a stage and channel uses only those. #}
with

targets as (

    select * from {{ ref('stage_targets') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

own_targets as (

    select
        stage_code,
        channel,
        marketplace_code
    from targets
    where marketplace_code != 'default'
    group by stage_code, channel, marketplace_code

),

resolved as (

    select
        -- keys
        targets.stage_code,
        targets.channel,
        marketplaces.marketplace_code,

        -- measures
        targets.target_days,

        -- flags
        targets.is_scored,

        -- times
        targets.valid_from,
        targets.valid_to

    from marketplaces

    inner join targets
        on
            marketplaces.marketplace_code = targets.marketplace_code
            or targets.marketplace_code = 'default'

    left join own_targets
        on
            marketplaces.marketplace_code = own_targets.marketplace_code
            and targets.stage_code = own_targets.stage_code
            and targets.channel = own_targets.channel

    where
        marketplaces.marketplace_code = targets.marketplace_code
        or own_targets.stage_code is null

)

select * from resolved
