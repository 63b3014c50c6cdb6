{# Each day has one target for a stage and channel: a marketplace's own where it has one
   in force, else the default one. #}
with

targets as (

    select * from {{ ref('stage_targets') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

candidates as (

    select
        targets.stage_code,
        targets.channel,
        marketplaces.marketplace_code,
        targets.target_days,
        targets.is_scored,
        targets.marketplace_code = 'default' as is_default,
        targets.valid_from,
        targets.valid_to

    from marketplaces

    inner join targets
        on
            marketplaces.marketplace_code = targets.marketplace_code
            or targets.marketplace_code = 'default'

)

select
    -- keys
    stage_code,
    channel,
    marketplace_code,

    -- measures
    target_days,

    -- flags
    is_scored,

    -- times
    in_force_from as valid_from,
    in_force_to as valid_to
from {{ own_before_default(
    'candidates', ['stage_code', 'channel', 'marketplace_code']
) }} as in_force
